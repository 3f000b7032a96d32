"""What the night of an evening reads and notes of its appointments, a part of the queries and actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.people import queries as people
from services.scheduling.tables import table_of

HELD, MISSED, OPEN = "held", "missed", ""


def list_parts(uow: UnitOfWork, evening_id: str, *more: sa.ColumnElement[bool]) -> Sequence[Any]:
    """A row for each adult's part in each appointment of an evening that stands, in order of time: who booked first.

    id, slot_id, staff_id, pupil_id, pupil_name, pupil_family_name, starts_at, ends_at, place, room, link, outcome;
    guardian_id, how, call_on and is_booker of the part.
    """
    its, pupil = Appointment, people.pupil_names()
    return uow.rows(
        sa.select(its.id, its.slot_id, its.staff_id, its.pupil_id, its.starts_at, its.ends_at, its.place, its.room,
                  its.link, its.outcome, Guest.guardian_id, Guest.how, Guest.call_on, Guest.is_booker,
                  pupil.c.given_name.label("pupil_name"), pupil.c.family_name.label("pupil_family_name"))
        .join(Guest, sa.and_(Guest.school_id == its.school_id, Guest.appointment_id == its.id))
        .join(pupil, sa.and_(pupil.c.school_id == its.school_id, pupil.c.id == its.pupil_id))
        .where(its.evening_id == evening_id, its.state == "booked", Guest.state == "booked", *more)
        .order_by(its.starts_at, its.id, Guest.is_booker.desc(), Guest.guardian_id))


def find_evening_of(uow: UnitOfWork, appointment_id: str) -> Any:
    """id, evening_id, slot_id, staff_id, pupil_id, starts_at, ends_at and outcome of one that stands, or None."""
    its = Appointment
    return next(iter(uow.rows(
        sa.select(its.id, its.evening_id, its.slot_id, its.staff_id, its.pupil_id, its.starts_at, its.ends_at,
                  its.outcome).where(its.id == appointment_id, its.state == "booked"))), None)


def note_outcome(uow: UnitOfWork, appointment_ids: Sequence[str], outcome: str) -> None:
    """Whether families and teacher met: 'held', 'missed', or '' while nobody has said."""
    table = table_of(Appointment)
    uow.connection.execute(sa.update(table).where(
        table.c.school_id == uow.school, table.c.id.in_(appointment_ids)).values(outcome=outcome))
