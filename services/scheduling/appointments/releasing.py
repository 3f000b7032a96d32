"""How appointments are given back: by who comes, by the office, and because they may stand no longer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import events
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.queries import list_guests, read_diary
from services.scheduling.appointments.rules import IN_PERSON, find_too_near
from services.scheduling.diaries.actions import free_times
from services.scheduling.people.actions import Losses
from services.scheduling.resources.actions import free_units
from services.scheduling.tables import table_of


def release_losses(uow: UnitOfWork, losses: Losses) -> None:
    """Take back what is ahead of adults who may book no longer, and what is in person of those who may not come."""
    lost, absent = set(losses.book), set(losses.attend)
    if lost or absent:
        ahead = list_guests(uow, Guest.pupil_id.in_({pupil_id for pupil_id, _ in lost | absent}),
                            Guest.starts_at > uow.now)
        release(uow, [row for row in ahead if (row.pupil_id, row.guardian_id) in lost or (
            row.how == IN_PERSON and (row.pupil_id, row.guardian_id) in absent)], "right_ended")


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Take back what is ahead for pupils who have left."""
    if pupil_ids:
        release(uow, list_guests(uow, Guest.pupil_id.in_(pupil_ids), Guest.starts_at > uow.now), "pupil_left")


def release_evening(uow: UnitOfWork, evening_id: str) -> None:
    """Take back all that is ahead of an evening that was called off."""
    in_it = sa.select(Appointment.id).where(Appointment.evening_id == evening_id)
    release(uow, list_guests(uow, Guest.appointment_id.in_(in_it), Guest.starts_at > uow.now), "evening_cancelled")


def release_near(uow: UnitOfWork, pairs: Sequence[tuple[str, str]]) -> set[str]:
    """Of two who must not meet from now on, and would, the one who booked later gives the time back.

    Return the ids of all meetings that this is true of: what is no appointment is for others to give back.
    """
    adults, near = {guardian_id for pair in pairs for guardian_id in pair}, set[tuple[str, str]]()
    if adults:
        ahead = [one for one in read_diary(uow, adults, pairs).engagements if one.span.starts_at > uow.now]
        near = {(one.appointment_id, one.guardian_id) for one in find_too_near(ahead, pairs)}
        guests = list_guests(uow, Guest.appointment_id.in_({appointment_id for appointment_id, _ in near}))
        release(uow, [row for row in guests if (row.appointment_id, row.guardian_id) in near], "office")
    return {meeting_id for meeting_id, _ in near}


def release(uow: UnitOfWork, guests: Sequence[Any], cause: str) -> None:
    """End these parts, and free the slots to which nobody comes any more.

    Of two that cancel at once, the one that ends the part records the fact; the lock lets the last one free the slot.
    """
    wanted = sorted({guest.appointment_id for guest in guests})
    if not wanted:
        return
    appointments = uow.rows(sa.select(*table_of(Appointment).c).select_from(Appointment).where(
        Appointment.id.in_(wanted)).order_by(Appointment.id).with_for_update())
    parts = table_of(Guest)
    ended = sorted(uow.connection.execute(
        sa.update(parts).where(
            parts.c.school_id == uow.school, parts.c.state == "booked",
            sa.tuple_(parts.c.appointment_id, parts.c.guardian_id).in_(
                [(guest.appointment_id, guest.guardian_id) for guest in guests]))
        .values(state="cancelled", cause=cause, sequence=parts.c.sequence + 1, changed_at=uow.now)
        .returning(*parts.c)), key=lambda guest: (guest.appointment_id, not guest.is_booker, guest.guardian_id))
    stand = set(uow.all(sa.select(Guest.appointment_id).where(
        Guest.appointment_id.in_(wanted), Guest.state == "booked")))
    told = {key: list(rows) for key, rows in groupby(ended, lambda guest: guest.appointment_id)}
    _end_appointments(uow, {key: len(rows) for key, rows in told.items()}, stand)
    uow.record(*(fact for row in appointments if row.id in told for fact in events.appointment_cancelled(
        row, told[row.id], cause, row.id in stand)))


def _end_appointments(uow: UnitOfWork, facts: dict[str, int], stand: Collection[str]) -> None:
    """Count what is told of each, and end those that stand no longer."""
    table = table_of(Appointment)
    for count in set(facts.values()):
        uow.connection.execute(
            sa.update(table).where(table.c.school_id == uow.school,
                                   table.c.id.in_([key for key, told in facts.items() if told == count]))
            .values(version=table.c.version + count))
    gone = [key for key in facts if key not in stand]
    if gone:
        free_times(uow, gone)
        free_units(uow, gone)
        uow.connection.execute(
            sa.update(table).where(table.c.school_id == uow.school, table.c.id.in_(gone))
            .values(state="cancelled", sequence=table.c.sequence + 1, changed_at=uow.now))
