"""Where adults are, and what is free: a part of the queries."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.db import Utc
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.rules import (
    APART,
    IN_PERSON,
    Diary,
    Engagement,
    Span,
    Spot,
    Visit,
    Walks,
    find_runs,
    is_taken,
    list_others,
    list_ways,
    spot_of,
)
from services.scheduling.diaries.queries import engagements, list_busy
from services.scheduling.evenings import queries as evenings
from services.scheduling.people import queries as people


def find_taken(uow: UnitOfWork, rows: Sequence[Any]) -> set[str]:
    """In which of these slots (id, staff_id, beside, starts_at and ends_at) one of those who sit there has something
    else."""
    sitters = {staff_id for row in rows for staff_id in (row.staff_id, *row.beside)}
    busy = list_busy(uow, sitters, min(row.starts_at for row in rows)) if rows else {}
    return {row.id for row in rows if any(
        is_taken(busy[one], Span(row.starts_at, row.ends_at)) for one in (row.staff_id, *row.beside))}


def read_diary(uow: UnitOfWork, guardian_ids: Collection[str],
               apart: Sequence[tuple[str, str]] | None = None) -> Diary:
    """Where these adults are, and those who must not meet them. `apart` spares a read of who that is."""
    if apart is None:
        apart = people.list_kept_apart(uow, guardian_ids)
    everyone = {*guardian_ids, *(other for one in guardian_ids for other in list_others(one, apart))}
    rows = uow.connection.execute(_whereabouts(), {
        "school": uow.school, "adults": list(everyone), "after": uow.now - 2 * APART}) if everyone else ()
    return Diary([Engagement(row.meeting_id, row.guardian_id, Span(row.starts_at, row.ends_at), row.slot_id,
                             row.booked_at, row.is_booker, Spot(row.room, row.site)) for row in rows], apart)


@functools.cache
def _whereabouts() -> sa.CompoundSelect[Any]:
    """Where adults are at appointments and elsewhere, in one read that is made once."""
    other, nothing = engagements(), sa.literal("", sa.String())
    who, after = sa.bindparam("adults", type_=sa.String(), expanding=True), sa.bindparam("after", type_=Utc())
    booked = sa.select(Guest.appointment_id.label("meeting_id"), Guest.guardian_id, Guest.starts_at, Guest.ends_at,
                       Guest.booked_at, Guest.is_booker, Appointment.slot_id, sa.case(
                           (Guest.how != IN_PERSON, nothing), (Appointment.room != "", Appointment.room),
                           else_=Appointment.place).label("room"), _site().label("site")
                       ).join(Appointment, its_appointment()).where(
        Guest.school_id == sa.bindparam("school"), Guest.guardian_id.in_(who), Guest.state == "booked",
        Guest.ends_at > after)
    return booked.union_all(
        sa.select(other.c.meeting_id, other.c.guardian_id, other.c.starts_at, other.c.ends_at, other.c.booked_at,
                  sa.true(), nothing, other.c.room, other.c.site).where(
            other.c.school_id == sa.bindparam("school"), other.c.guardian_id.in_(who), other.c.ends_at > after))


def _site() -> sa.Function[str]:
    """At which site an appointment is, looked up for each that is found; '' where its slot is gone.

    Joined, PostgreSQL walks all slots of a school whose tables are new for every appointment (measured in a rush:
    3.7 s for one adult's diary, and not 2 ms).
    """
    seat, nothing = evenings.seats(), sa.literal("", sa.String())
    return sa.func.coalesce(sa.select(seat.c.site).where(
        seat.c.school_id == Appointment.school_id, seat.c.id == Appointment.slot_id).scalar_subquery(), nothing)


def find_clash(diary: Diary, guardian_id: str, time: tuple[datetime, datetime], but: str = "") -> str:
    """Why this adult cannot be there then: 'yours' (elsewhere), 'taken' (no more is said); '' if they can."""
    span = Span(*time)
    if diary.is_busy(guardian_id, span, but):
        return "yours"
    return "taken" if diary.is_too_near(guardian_id, span, but) else ""


def walks_of(uow: UnitOfWork, evening_id: str) -> Walks:
    """How long the ways are at an evening."""
    return walks_at(evenings.find_evening(uow, evening_id))


def walks_at(slot: Any) -> Walks:
    """The same, of an evening or one of its slots, where that has been read already."""
    return Walks(slot.walk_room_minutes, slot.walk_site_minutes)


def plan_visit(run: Sequence[Any], how: str, walks: Walks) -> Visit:
    """What it would be to have these slots, for an adult who comes in this way."""
    return Visit(Span(run[0].starts_at, run[-1].ends_at), spot_of(run[0], how), walks)


def find_spot(slot: Any, how: str) -> Spot:
    """Where who comes in this way sits: of a slot, or of an appointment with its site."""
    return spot_of(slot, how)


def can_walk(diary: Diary, guardian_id: str, visit: Visit, but: str = "") -> bool:
    """Whether there is time to walk there from what this adult has before it, and on to what they have after it."""
    return not diary.is_rushed(guardian_id, visit, but)


def find_ways(may_attend: bool, offered: Sequence[str]) -> list[str]:
    """How an adult may come of what is offered, the usual way first."""
    return list_ways(may_attend, offered)


def list_of_adults(uow: UnitOfWork, evening_id: str, guardian_ids: Collection[str]) -> Sequence[Any]:
    """What these adults have at an evening, by time: guardian_id, id, pupil_id, staff_id, starts_at, ends_at, room,
    place, site, needs and how."""
    return uow.rows(
        sa.select(Guest.guardian_id, Guest.how, Appointment.id, Appointment.pupil_id, Appointment.staff_id,
                  Appointment.starts_at, Appointment.ends_at, Appointment.room, Appointment.place, Appointment.needs,
                  _site().label("site"))
        .join(Appointment, its_appointment())
        .where(Guest.guardian_id.in_(guardian_ids), Guest.state == "booked", Appointment.evening_id == evening_id)
        .order_by(Appointment.starts_at, Appointment.id))


def its_appointment() -> sa.ColumnElement[bool]:
    """Joins an adult's part to its appointment."""
    return sa.and_(Appointment.school_id == Guest.school_id, Appointment.id == Guest.appointment_id)


def find_wanted_slots(uow: UnitOfWork, evening_id: str, pupil_id: str, slot_id: str, length: int = 1) -> Sequence[Any]:
    """The slot and those that follow it, as many as are wanted; it alone where no more follow.

    Nothing if the child is not in this evening, or if this teacher sees other children.
    """
    asked = {"school": uow.school, "pupil": pupil_id, "slot": slot_id, "evening": evening_id}
    found = uow.connection.execute(_one_slot(), asked).all()
    if length == 1 or not found:
        return found
    block = uow.connection.execute(_slots_of_block(), {**asked, "block": found[0].block_id}).all()
    return next((run for run in find_runs(block, length) if run[0].id == slot_id), found)


def list_free_runs(uow: UnitOfWork, evening_id: str, pupil_id: str, staff_ids: Collection[str],
                   length: int = 1) -> list[tuple[Any, ...]]:
    """What is free now of these teachers for this child, by time: so many slots one after the other."""
    rows = uow.connection.execute(_slots_of_staff(), {
        "school": uow.school, "pupil": pupil_id, "evening": evening_id, "staff": list(staff_ids)}).all()
    blocks, taken = dict[str, list[Any]](), find_taken(uow, rows)
    for row in rows:
        blocks.setdefault(row.block_id, []).append(row)
    runs = [run for rows in blocks.values() for run in find_runs(rows, length)
            if run[0].starts_at > uow.now and not any(row.id in taken for row in run)]
    return sorted(runs, key=lambda run: (run[0].starts_at, run[0].id))


def _open_slots() -> sa.Subquery:
    """The slots of one child in one school. What asks of them is made once: making it took longer than answering it."""
    return evenings.taught_slots(sa.bindparam("school", type_=sa.String()), sa.bindparam("pupil", type_=sa.String()))


@functools.cache
def _one_slot() -> sa.Select[Any]:
    slot = _open_slots()
    return sa.select(*slot.c).where(slot.c.id == sa.bindparam("slot"), slot.c.evening_id == sa.bindparam("evening"))


@functools.cache
def _slots_of_block() -> sa.Select[Any]:
    slot = _open_slots()
    return sa.select(*slot.c).where(slot.c.block_id == sa.bindparam("block")).order_by(slot.c.starts_at)


@functools.cache
def _slots_of_staff() -> sa.Select[Any]:
    slot = _open_slots()
    return sa.select(*slot.c).where(
        slot.c.evening_id == sa.bindparam("evening"),
        slot.c.staff_id.in_(sa.bindparam("staff", expanding=True))).order_by(slot.c.starts_at, slot.c.id)


def sees_child(uow: UnitOfWork, evening_id: str, pupil_id: str, staff_id: str) -> bool:
    """Whether this member of staff has times for this child at this evening."""
    slot = evenings.taught_slots(uow.school, pupil_id)
    return bool(uow.rows(sa.select(slot.c.id).where(
        slot.c.evening_id == evening_id, slot.c.staff_id == staff_id).limit(1)))
