"""What can be asked about evenings, slots and appointments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.models import Appointment, Booking, Evening, EveningClass, Slot
from services.scheduling.paging import Page
from services.scheduling.people import queries as people

CANCELLED_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom evenings are read: an adult with the pupils for whom they may book, a member of staff, or the office."""

    bookable: Sequence[str] | None = None
    staff_id: str | None = None


def read_as_guardian(uow: UnitOfWork, guardian_id: str) -> Reader:
    return Reader(bookable=people.list_bookable(uow, guardian_id))


def list_evenings(uow: UnitOfWork, reader: Reader, page: Page, evening_id: str | None = None) -> list[dict[str, Any]]:
    """Evenings that concern the reader, one more than the page holds; an adult sees those to come, and for whom."""
    conditions = [*page.conditions(Evening.starts_at, Evening.id)]
    if evening_id is not None:
        conditions.append(Evening.id == evening_id)
    in_class = people.class_pupils()
    invited = sa.and_(in_class.c.school_id == EveningClass.school_id, in_class.c.class_id == EveningClass.class_id,
                      in_class.c.pupil_id.in_(reader.bookable or ()))
    if reader.bookable is not None:
        conditions += [Evening.ends_at > uow.now,
                       Evening.id.in_(sa.select(EveningClass.evening_id).join(in_class, invited))]
    elif reader.staff_id is not None:
        conditions.append(Evening.id.in_(sa.select(Slot.evening_id).where(Slot.staff_id == reader.staff_id)))
    wanted = sa.select(Evening.id).where(*conditions).order_by(Evening.starts_at, Evening.id).limit(page.limit + 1)
    pupil = people.pupil_names()
    rows = uow.rows(
        sa.select(Evening, EveningClass.class_id, pupil.c.id, pupil.c.given_name)
        .join(EveningClass, sa.and_(EveningClass.school_id == Evening.school_id,
                                    EveningClass.evening_id == Evening.id))
        .join(in_class, invited, isouter=reader.bookable is None)
        .join(pupil, sa.and_(pupil.c.school_id == in_class.c.school_id, pupil.c.id == in_class.c.pupil_id),
              isouter=reader.bookable is None)
        .where(Evening.id.in_(wanted.scalar_subquery()))
        .order_by(Evening.starts_at, Evening.id, EveningClass.class_id, pupil.c.given_name))
    return _gather(rows)


def _gather(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """One item per evening from a row per evening, class and child."""
    items: dict[str, dict[str, Any]] = {}
    for evening, class_id, pupil_id, given_name in rows:
        item = items.setdefault(evening.id, evening_item(evening))
        if class_id not in item["class_ids"]:
            item["class_ids"].append(class_id)
        child = {"id": pupil_id, "given_name": given_name}
        if pupil_id is not None and child not in item["pupils"]:
            item["pupils"].append(child)
    return list(items.values())


def get_evening(uow: UnitOfWork, evening_id: str, reader: Reader) -> dict[str, Any]:
    """One evening, if it concerns the reader."""
    found = list_evenings(uow, reader, Page(1), evening_id)
    if not found:
        raise NotFound()
    return found[0]


def evening_item(evening: Evening, class_ids: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "id": evening.id, "title": evening.title, "on": evening.held_on, "from": evening.from_time,
        "to": evening.to_time, "slot_minutes": evening.slot_minutes, "respond_by": evening.respond_by_on,
        "place": evening.place, "starts_at": evening.starts_at, "ends_at": evening.ends_at,
        "class_ids": list(class_ids), "pupils": [],
    }


def list_slots(uow: UnitOfWork, evening_id: str, pupil_id: str, guardian_id: str | None) -> dict[str, Any]:
    """The evening with the child's own teachers and their slots to come. Of others' bookings only 'taken' is said."""
    evening = get_evening(uow, evening_id, Reader(bookable=[pupil_id]))
    teacher, taught = people.staff_names(), people.teaching_pairs()
    rows = uow.rows(
        sa.select(Slot.id, Slot.staff_id, Slot.starts_at, Slot.ends_at, teacher.c.given_name, teacher.c.family_name,
                  Booking.guardian_id)
        .join(taught, sa.and_(taught.c.school_id == Slot.school_id, taught.c.staff_id == Slot.staff_id,
                              taught.c.pupil_id == pupil_id))
        .join(teacher, sa.and_(teacher.c.school_id == Slot.school_id, teacher.c.id == Slot.staff_id))
        .join(Booking, sa.and_(Booking.school_id == Slot.school_id, Booking.staff_id == Slot.staff_id,
                               Booking.starts_at == Slot.starts_at), isouter=True)
        .where(Slot.evening_id == evening_id, Slot.starts_at > uow.now)
        .order_by(teacher.c.family_name, teacher.c.given_name, Slot.staff_id, Slot.starts_at))
    staff: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = staff.setdefault(row.staff_id, {"id": row.staff_id, "given_name": row.given_name,
                                              "family_name": row.family_name, "slots": []})
        state = "free" if row.guardian_id is None else "yours" if row.guardian_id == guardian_id else "taken"
        one["slots"].append({"id": row.id, "starts_at": row.starts_at, "ends_at": row.ends_at, "state": state})
    return {"evening": evening, "staff": list(staff.values())}


def find_wanted_slot(uow: UnitOfWork, evening_id: str, pupil_id: str, slot_id: str) -> Any:
    """The slot (staff_id, starts_at, ends_at, place), if the child is in this evening and that teacher teaches them."""
    taught, in_class = people.teaching_pairs(), people.class_pupils()
    return next(iter(uow.rows(
        sa.select(Slot.staff_id, Slot.starts_at, Slot.ends_at, Evening.place)
        .join(Evening, sa.and_(Evening.school_id == Slot.school_id, Evening.id == Slot.evening_id))
        .join(EveningClass, sa.and_(EveningClass.school_id == Slot.school_id,
                                    EveningClass.evening_id == Slot.evening_id))
        .join(in_class, sa.and_(in_class.c.school_id == EveningClass.school_id,
                                in_class.c.class_id == EveningClass.class_id, in_class.c.pupil_id == pupil_id))
        .join(taught, sa.and_(taught.c.school_id == Slot.school_id, taught.c.staff_id == Slot.staff_id,
                              taught.c.pupil_id == pupil_id))
        .where(Slot.id == slot_id, Slot.evening_id == evening_id).limit(1))), None)


def list_free_starts(uow: UnitOfWork, evening_id: str, staff_id: str, guardian_id: str) -> list[datetime]:
    """When that teacher is still free this evening, and this adult too."""
    clash = sa.exists().where(
        Booking.school_id == Slot.school_id, Booking.starts_at < Slot.ends_at, Booking.ends_at > Slot.starts_at,
        sa.or_(Booking.staff_id == staff_id, Booking.guardian_id == guardian_id))
    return list(uow.all(sa.select(Slot.starts_at).where(
        Slot.evening_id == evening_id, Slot.staff_id == staff_id, Slot.starts_at > uow.now, ~clash)
        .order_by(Slot.starts_at)))


def get_appointment(uow: UnitOfWork, appointment_id: str) -> Any:
    """The row of an appointment, whatever its state; NotFound if there is none."""
    found = uow.rows(sa.select(*Appointment.__table__.c).select_from(Appointment)
                     .where(Appointment.id == appointment_id))
    if not found:
        raise NotFound()
    return found[0]


def get_appointment_item(uow: UnitOfWork, appointment_id: str) -> dict[str, Any]:
    """An appointment as it is shown."""
    uow.flush()
    return _list_items(uow, [Appointment.id == appointment_id])[0]


def list_my_appointments(uow: UnitOfWork, guardian_id: str, page: Page,
                         bookable: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """What is ahead for an adult, about the children for whom they may book; one more than the page holds.

    `bookable` spares a read where the caller has asked already.
    """
    if bookable is None:
        bookable = people.list_bookable(uow, guardian_id)
    return _list_items(uow, [Appointment.guardian_id == guardian_id, Appointment.pupil_id.in_(bookable),
                             *_ahead(uow), *page.conditions(Appointment.starts_at, Appointment.id)], page.limit + 1)


def list_staff_appointments(uow: UnitOfWork, staff_id: str, page: Page) -> list[dict[str, Any]]:
    """What is ahead for a member of staff; one more than the page holds."""
    return _list_items(uow, [Appointment.staff_id == staff_id, *_ahead(uow),
                             *page.conditions(Appointment.starts_at, Appointment.id)], page.limit + 1)


def list_run_sheet(uow: UnitOfWork, evening_id: str, staff_id: str) -> list[dict[str, Any]]:
    """One teacher's whole evening in order; NotFound if they have no slots in it."""
    has_slots = uow.rows(sa.select(Slot.id).where(Slot.evening_id == evening_id, Slot.staff_id == staff_id).limit(1))
    if not has_slots:
        raise NotFound()
    return _list_items(uow, [Appointment.evening_id == evening_id, Appointment.staff_id == staff_id,
                             Appointment.state == "booked"])


def list_calendar(uow: UnitOfWork, guardian_id: str, bookable: Sequence[str]) -> list[dict[str, Any]]:
    """An adult's appointments for a calendar: the last month and all ahead, with what was cancelled by a person."""
    return _list_items(uow, [
        Appointment.guardian_id == guardian_id, Appointment.pupil_id.in_(bookable),
        Appointment.starts_at > uow.now - CANCELLED_SHOWN,
        sa.or_(Appointment.cause.is_(None), Appointment.cause.in_(("guardian", "office")))])


def _ahead(uow: UnitOfWork) -> list[sa.ColumnElement[bool]]:
    return [Appointment.state == "booked", Appointment.ends_at > uow.now]


def _list_items(uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]],
                limit: int | None = None) -> list[dict[str, Any]]:
    """Appointments with the names that they are shown with, in one read."""
    pupil, teacher = people.pupil_names(), people.staff_names()
    rows = uow.rows(
        sa.select(*Appointment.__table__.c, pupil.c.given_name.label("pupil_name"),
                  pupil.c.family_name.label("pupil_family_name"), teacher.c.given_name, teacher.c.family_name)
        .select_from(Appointment)
        .join(pupil, sa.and_(pupil.c.school_id == Appointment.school_id, pupil.c.id == Appointment.pupil_id))
        .join(teacher, sa.and_(teacher.c.school_id == Appointment.school_id, teacher.c.id == Appointment.staff_id))
        .where(*conditions).order_by(Appointment.starts_at, Appointment.id).limit(limit))
    return [{
        "id": row.id, "evening_id": row.evening_id, "starts_at": row.starts_at, "ends_at": row.ends_at,
        "place": row.place, "state": row.state, "sequence": row.sequence, "changed_at": row.changed_at,
        "pupil": {"id": row.pupil_id, "given_name": row.pupil_name, "family_name": row.pupil_family_name},
        "staff": {"id": row.staff_id, "given_name": row.given_name, "family_name": row.family_name},
    } for row in rows]
