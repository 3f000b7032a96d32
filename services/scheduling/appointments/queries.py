"""What can be asked about appointments: what is free, what is ahead, and what was released."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.db import Utc
from chassis.errors import NotFound
from chassis.permissions import Answer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.evening import find_evening_of, list_parts
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.rules import Span, list_ways
from services.scheduling.appointments.times import (
    can_walk,
    find_clash,
    find_spot,
    find_taken,
    find_wanted_slots,
    find_ways,
    its_appointment,
    list_free_runs,
    list_of_adults,
    plan_visit,
    read_diary,
    sees_child,
    walks_at,
    walks_of,
)
from services.scheduling.evenings import queries as evenings
from services.scheduling.paging import Page
from services.scheduling.people import queries as people
from services.scheduling.resources import queries as resources
from services.scheduling.sharing import queries as sharing

__all__ = ["can_walk", "find_clash", "find_evening_of", "find_spot", "find_wanted_slots", "find_ways",
           "list_free_runs", "list_of_adults", "list_parts", "plan_visit", "read_diary", "sees_child", "walks_at",
           "walks_of"]
CANCELLED_SHOWN = timedelta(days=30)
BY_A_PERSON = ("guardian", "office", "evening_cancelled", "replanned")
BY_US = ("right_ended", "pupil_left", "office", "replanned")
PART = Guest.appointment_id + Guest.guardian_id


@dataclass(frozen=True, slots=True)
class Released:
    """Which of the released appointments are wanted: of one child, of one adult, or of all."""

    pupil_id: str | None = None
    guardian_id: str | None = None


def list_slots(uow: UnitOfWork, evening_id: str, pupil_id: str, guardian_id: str | None) -> dict[str, Any]:
    """The evening with the child's own teachers and their slots to come, as this adult may have them.

    Of a slot that others hold, or that would bring this adult near somebody, only 'taken' is said.
    """
    evening = evenings.get_evening(uow, evening_id, evenings.Reader(bookable=[pupil_id]))
    diary = read_diary(uow, [guardian_id] if guardian_id else [])
    me, staff = guardian_id or "", dict[str, dict[str, Any]]()
    may_attend = not me or people.PERMISSIONS.may(uow, me, "attend", pupil_id) is Answer.ALLOWED
    sitters = list_sitters(uow, evening_id)
    rows = _list_slot_rows(uow, evening_id, pupil_id)
    theirs = find_taken(uow, rows)
    for row in rows:
        ways = list_ways(may_attend, row.ways)
        one = staff.setdefault(row.staff_id, {
            "id": row.staff_id, "given_name": row.given_name, "family_name": row.family_name, "slots": [], "ways": [],
            "rooms": [], "sitters": {}})
        taken = row.id in theirs or diary.is_too_near(me, Span(row.starts_at, row.ends_at))
        state = "yours" if diary.is_mine(me, row.id) else "taken" if taken else "free"
        one["slots"].append({"id": row.id, "starts_at": row.starts_at, "ends_at": row.ends_at, "state": state,
                             "room": row.room, "ways": ways})
        for name, values in (("ways", ways), ("rooms", [row.room])):
            one[name] += [value for value in values if value and value not in one[name]]
        one["sitters"] |= {person["id"]: person for person in sitters.get(row.block_id, ())}
    for one in staff.values():
        one["sitters"] = list(one["sitters"].values())
    return {"evening": evening, "staff": list(staff.values()), "ways": list_ways(may_attend),
            "needs": resources.list_offered(uow, evening_id)}


def list_sitters(uow: UnitOfWork, evening_id: str) -> dict[str, list[dict[str, str]]]:
    """Who sits in each block of an evening, by name."""
    seated, teacher = evenings.list_sitters(uow, evening_id), people.staff_names()
    wanted = {staff_id for staff_ids in seated.values() for staff_id in staff_ids}
    names = {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(teacher.c.id, teacher.c.given_name, teacher.c.family_name).where(
            teacher.c.school_id == uow.school, teacher.c.id.in_(wanted)))}
    return {block_id: [names[one] for one in staff_ids if one in names] for block_id, staff_ids in seated.items()}


def _list_slot_rows(uow: UnitOfWork, evening_id: str, pupil_id: str) -> Sequence[Any]:
    teacher, slot = people.staff_names(), evenings.taught_slots(uow.school, pupil_id)
    return uow.rows(
        sa.select(slot.c.id, slot.c.block_id, slot.c.staff_id, slot.c.starts_at, slot.c.ends_at, slot.c.room,
                  slot.c.ways, slot.c.beside, teacher.c.given_name, teacher.c.family_name)
        .select_from(slot)
        .join(teacher, sa.and_(teacher.c.school_id == slot.c.school_id, teacher.c.id == slot.c.staff_id))
        .where(slot.c.evening_id == evening_id, slot.c.starts_at > uow.now)
        .order_by(teacher.c.family_name, teacher.c.given_name, slot.c.staff_id, slot.c.starts_at))


def find_guest(uow: UnitOfWork, appointment_id: str, guardian_id: str) -> Any:
    """This adult's part in an appointment, whatever became of it; None if they have none."""
    return next(iter(uow.rows(sa.select(*Guest.__table__.c).select_from(Guest).where(
        Guest.appointment_id == appointment_id, Guest.guardian_id == guardian_id))), None)


def list_guests(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Parts in appointments that stand: of one appointment who booked it comes first."""
    return uow.rows(sa.select(*Guest.__table__.c).select_from(Guest).where(Guest.state == "booked", *conditions)
                    .order_by(Guest.appointment_id, Guest.is_booker.desc(), Guest.guardian_id))


def get_item(uow: UnitOfWork, appointment_id: str, guardian_id: str | None) -> dict[str, Any]:
    """An appointment as this adult is shown it; as its teacher is, for None."""
    uow.flush()
    asked = {"school": uow.school, "appointment": appointment_id, "adult": guardian_id}
    if guardian_id is None:
        return _item(uow.connection.execute(_staff_item(), asked).one())
    return _own_item(uow.connection.execute(_guest_item(), asked).one())


@functools.cache
def _guest_item() -> sa.Select[Any]:
    """Made once, like the next: it follows every booking."""
    return _items([*_the_appointment(), Guest.guardian_id == sa.bindparam("adult")])


@functools.cache
def _staff_item() -> sa.Select[Any]:
    return _staff_items(_the_appointment())


def _the_appointment() -> list[sa.ColumnElement[bool]]:
    return [Appointment.school_id == sa.bindparam("school"), Appointment.id == sa.bindparam("appointment")]


def list_my_appointments(uow: UnitOfWork, guardian_id: str, page: Page,
                         bookable: Sequence[str] | None = None,
                         wished: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """What is ahead for an adult, about the children for whom they may book; one more than the page holds.

    Where all adults of a child let each other see their times, with those of the other home. `bookable`, and
    `wished` (the children whose times they wish to share), spare a read each where the caller has asked already.
    """
    if bookable is None:
        bookable = people.list_bookable(uow, guardian_id)
    ahead = [*_ahead(uow, Guest), *page.conditions(Appointment.starts_at, Appointment.slot_id)]
    mine = _list_items(uow, [Guest.guardian_id == guardian_id, Guest.pupil_id.in_(bookable), *ahead], page.limit + 1)
    shown = sharing.list_shown(uow, guardian_id, bookable, wished)
    if not shown:
        return mine
    with_me = sa.select(Guest.appointment_id).where(Guest.guardian_id == guardian_id, Guest.state == "booked")
    others = _list_staff_items(uow, [
        Appointment.pupil_id.in_(shown), Appointment.id.not_in(with_me), *_ahead(uow, Appointment),
        *page.conditions(Appointment.starts_at, Appointment.slot_id)], page.limit + 1)
    both = [*mine, *map(_other_home, others)]
    return sorted(both, key=lambda item: (item["starts_at"], item["slot_id"]))[:page.limit + 1]


def _other_home(item: Mapping[str, Any]) -> dict[str, Any]:
    """What one home sees of another's appointment: when, where, with whom, about which child; and nothing else."""
    return {"whose": "other-home", **{name: item[name] for name in (
        "starts_at", "ends_at", "place", "pupil", "staff", "slot_id")}}


def list_staff_appointments(uow: UnitOfWork, staff_id: str, page: Page) -> list[dict[str, Any]]:
    """What is ahead for a member of staff; one more than the page holds."""
    return _list_staff_items(uow, [Appointment.staff_id == staff_id, *_ahead(uow, Appointment),
                                   *page.conditions(Appointment.starts_at, Appointment.slot_id)], page.limit + 1)


def list_run_sheet(uow: UnitOfWork, evening_id: str, staff_id: str) -> list[dict[str, Any]]:
    """One teacher's whole evening in order, with what each family was given; NotFound if they have no slots in it."""
    if not evenings.has_slots(uow, evening_id, staff_id):
        raise NotFound()
    needs = resources.list_needs(uow, evening_id)
    items = _list_staff_items(uow, [Appointment.evening_id == evening_id, Appointment.staff_id == staff_id,
                                    Appointment.state == "booked"])
    return [{**item, "needs": needs.get(item["id"], [])} for item in items]


def list_calendar(uow: UnitOfWork, guardian_id: str, bookable: Sequence[str]) -> list[dict[str, Any]]:
    """An adult's appointments for a calendar: the last month and all ahead, with what was cancelled by a person.

    The times are those of the adult's own part: an appointment may go on without them, at another time.
    """
    items = _list_items(uow, [
        Guest.guardian_id == guardian_id, Guest.pupil_id.in_(bookable), Guest.starts_at > uow.now - CANCELLED_SHOWN,
        sa.or_(Guest.cause.is_(None), Guest.cause.in_(BY_A_PERSON))])
    return [{**item, "starts_at": item["own"][0], "ends_at": item["own"][1]} for item in items]


def list_released(uow: UnitOfWork, wanted: Released, page: Page) -> list[dict[str, Any]]:
    """What was taken back from adults, with cause and time, for the office to book again; one more than the page."""
    conditions = [Guest.state == "cancelled", Guest.cause.in_(BY_US), *page.conditions(Appointment.starts_at, PART)]
    if wanted.pupil_id is not None:
        conditions.append(Guest.pupil_id == wanted.pupil_id)
    if wanted.guardian_id is not None:
        conditions.append(Guest.guardian_id == wanted.guardian_id)
    return _list_items(uow, conditions, page.limit + 1, PART)


def _ahead(uow: UnitOfWork, model: type[Guest] | type[Appointment]) -> list[sa.ColumnElement[bool]]:
    return [model.state == "booked", model.ends_at > uow.now]


def _list_items(uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]], limit: int | None = None,
                then_by: sa.ColumnElement[str] | None = None) -> list[dict[str, Any]]:
    """Appointments as one who comes to them is shown them, in one read."""
    return [_own_item(row) for row in uow.rows(_items(conditions, limit, then_by))]


def _items(conditions: Sequence[sa.ColumnElement[bool]], limit: int | None = None,
           then_by: sa.ColumnElement[str] | None = None) -> sa.Select[Any]:
    return _with_names(sa.select(
        Guest.guardian_id, Guest.state, Guest.cause, Guest.sequence, Guest.how, Guest.changed_at,
        Guest.starts_at.label("own_start"), Guest.ends_at.label("own_end"))
        .join(Appointment, its_appointment()).where(*conditions), limit, then_by)


def _own_item(row: Any) -> dict[str, Any]:
    return {**_item(row), "guardian_id": row.guardian_id, "cause": row.cause,
            "part_id": row.id + row.guardian_id, "own": (row.own_start, row.own_end)}


def _list_staff_items(uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]],
                      limit: int | None = None) -> list[dict[str, Any]]:
    """Appointments as their teacher is shown them: in person if anyone who comes does so."""
    return [_item(row) for row in uow.rows(_staff_items(conditions, limit))]


def _staff_items(conditions: Sequence[sa.ColumnElement[bool]], limit: int | None = None) -> sa.Select[Any]:
    how = (sa.select(sa.func.min(Guest.how)).where(Guest.school_id == Appointment.school_id,
                                                   Guest.appointment_id == Appointment.id,
                                                   Guest.state == Appointment.state).scalar_subquery())
    return _with_names(sa.select(
        Appointment.state, Appointment.sequence, how.label("how"), Appointment.changed_at).where(*conditions), limit)


def _with_names(wanted: sa.Select[Any], limit: int | None,
                then_by: sa.ColumnElement[str] | None = None) -> sa.Select[Any]:
    pupil, teacher, its = people.pupil_names(), people.staff_names(), Appointment
    return (
        wanted.add_columns(its.id, its.evening_id, its.slot_id, its.pupil_id, its.staff_id, its.starts_at, its.ends_at,
                           its.place, its.room, its.link, pupil.c.given_name.label("pupil_name"),
                           pupil.c.family_name.label("pupil_family_name"), teacher.c.given_name,
                           teacher.c.family_name)
        .join(pupil, sa.and_(pupil.c.school_id == its.school_id, pupil.c.id == its.pupil_id))
        .join(teacher, sa.and_(teacher.c.school_id == its.school_id, teacher.c.id == its.staff_id))
        .order_by(its.starts_at, its.slot_id if then_by is None else then_by).limit(limit))


def _item(row: Any) -> dict[str, Any]:
    return {
        "id": row.id, "evening_id": row.evening_id, "slot_id": row.slot_id, "starts_at": row.starts_at,
        "ends_at": row.ends_at, "place": row.place, "room": row.room, "link": row.link, "how": row.how,
        "whose": "mine", "state": row.state, "sequence": row.sequence, "changed_at": row.changed_at,
        "pupil": {"id": row.pupil_id, "given_name": row.pupil_name, "family_name": row.pupil_family_name},
        "staff": {"id": row.staff_id, "given_name": row.given_name, "family_name": row.family_name},
    }


def list_talks(uow: UnitOfWork, after: datetime) -> Sequence[tuple[str, str, datetime]]:
    """(pupil, adult, when) of each who sat with a teacher in an appointment that has ended since `after`."""
    return [(row.pupil_id, row.guardian_id, row.last) for row in uow.rows(
        sa.select(Appointment.pupil_id, Guest.guardian_id, sa.func.max(Appointment.ends_at, type_=Utc()).label("last"))
        .join(Guest, sa.and_(Guest.school_id == Appointment.school_id, Guest.appointment_id == Appointment.id))
        .where(Appointment.state == "booked", Appointment.outcome != "missed", Appointment.ends_at > after,
               Appointment.ends_at <= uow.now, Guest.state == "booked")
        .group_by(Appointment.pupil_id, Guest.guardian_id))]
