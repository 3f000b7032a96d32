"""What can be done with evenings: open one, book a slot, cancel, and release what a right no longer covers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.events import appointment_booked, appointment_cancelled, evening_opened
from services.scheduling.evenings.models import Appointment, Booking, Evening, EveningClass, Slot
from services.scheduling.evenings.queries import find_wanted_slot, get_appointment, list_free_starts
from services.scheduling.evenings.rules import EveningTimes, clock_words, find_faults, slot_instants, taken_words
from services.scheduling.people import queries as people
from services.scheduling.tables import table_of


@dataclass(frozen=True, slots=True)
class OpenEvening:
    """What the office says about a new evening."""

    title: str
    place: str
    class_ids: Sequence[str]
    times: EveningTimes


@dataclass(frozen=True, slots=True)
class BookSlot:
    """One adult's wish: this slot, about this child."""

    evening_id: str
    pupil_id: str
    slot_id: str
    guardian_id: str


def open_evening(uow: UnitOfWork, wanted: OpenEvening) -> Evening:
    """A new evening with a slot for each teacher of its classes at each time; Invalid says what stands in the way."""
    _, zone = people.get_school(uow)
    times, class_ids = wanted.times, list(dict.fromkeys(wanted.class_ids))
    faults = find_faults(times, zone, uow.now)
    teachers = people.list_members(uow, class_ids, "teacher")
    faults |= _find_class_faults(uow, class_ids, {class_id for class_id, _ in teachers})
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    evening = Evening(
        id=new_id(), title=wanted.title, held_on=times.on, from_time=f"{times.start:%H:%M}",
        to_time=f"{times.end:%H:%M}", slot_minutes=times.slot_minutes, respond_by_on=times.respond_by,
        place=wanted.place, starts_at=times.starts_at(zone), ends_at=times.ends_at(zone))
    uow.add(evening)
    uow.insert(EveningClass, [{"evening_id": evening.id, "class_id": class_id} for class_id in class_ids])
    uow.insert(Slot, [
        {"id": new_id(), "evening_id": evening.id, "staff_id": staff_id, "starts_at": start, "ends_at": end}
        for staff_id in sorted({staff_id for _, staff_id in teachers}) for start, end in slot_instants(times, zone)])
    pupils = sorted({pupil_id for _, pupil_id in people.list_members(uow, class_ids, "pupil")})
    uow.record(evening_opened(evening, pupils))
    return evening


def _find_class_faults(uow: UnitOfWork, class_ids: Sequence[str], taught: set[str]) -> dict[str, str]:
    if not class_ids:
        return {"/class_ids": "Choose at least one class (class_ids)."}
    if set(class_ids) - people.list_class_ids(uow, class_ids):
        return {"/class_ids": "One of the classes (class_ids) is not a class of this school today."}
    untaught = people.list_class_titles(uow, [class_id for class_id in class_ids if class_id not in taught])
    if untaught:
        return {"/class_ids": f"These classes (class_ids) have no teacher yet: {', '.join(untaught)}."}
    return {}


def book_slot(uow: UnitOfWork, wish: BookSlot) -> Appointment:
    """Book it, or Conflict with the times that are free. The edge has asked the right; keys decide a race."""
    people.hold_right(uow, wish.guardian_id, wish.pupil_id)
    found = find_wanted_slot(uow, wish.evening_id, wish.pupil_id, wish.slot_id)
    if found is None:
        raise NotFound()
    if found.starts_at <= uow.now:
        raise _not_free(uow, wish, found, "past")
    appointment = Appointment(
        id=new_id(), evening_id=wish.evening_id, slot_id=wish.slot_id, pupil_id=wish.pupil_id,
        guardian_id=wish.guardian_id, staff_id=found.staff_id, starts_at=found.starts_at, ends_at=found.ends_at,
        place=found.place, sequence=0, state="booked", cause=None, changed_at=uow.now)
    if not _hold_slot(uow, appointment):
        raise _not_free(uow, wish, found, "yours" if _is_busy(uow, wish.guardian_id, found) else "taken")
    if _is_busy(uow, wish.guardian_id, found, but=appointment.id):
        raise _not_free(uow, wish, found, "yours")
    uow.add(appointment)
    uow.record(appointment_booked(appointment))
    return appointment


def _hold_slot(uow: UnitOfWork, appointment: Appointment) -> bool:
    """Whether the slot is ours now: of two that come at once, the unique keys let one in."""
    insert = postgresql.insert if uow.connection.dialect.name == "postgresql" else sqlite.insert
    return uow.connection.scalar(insert(table_of(Booking)).values(
        school_id=uow.school, slot_id=appointment.slot_id, appointment_id=appointment.id,
        guardian_id=appointment.guardian_id, pupil_id=appointment.pupil_id, staff_id=appointment.staff_id,
        starts_at=appointment.starts_at, ends_at=appointment.ends_at).on_conflict_do_nothing()
        .returning(table_of(Booking).c.slot_id)) is not None


def _is_busy(uow: UnitOfWork, guardian_id: str, slot: Any, but: str = "") -> bool:
    """Whether this adult is elsewhere for any part of that time: slots of two evenings may overlap."""
    return bool(uow.rows(sa.select(Booking.slot_id).where(
        Booking.guardian_id == guardian_id, Booking.starts_at < slot.ends_at, Booking.ends_at > slot.starts_at,
        Booking.appointment_id != but).limit(1)))


def _not_free(uow: UnitOfWork, wish: BookSlot, slot: Any, reason: str) -> Conflict:
    zone: ZoneInfo = people.get_school(uow)[1]
    free = list_free_starts(uow, wish.evening_id, slot.staff_id, wish.guardian_id)
    return Conflict(taken_words(clock_words(slot.starts_at, zone), reason, [clock_words(at, zone) for at in free]))


def cancel_appointment(uow: UnitOfWork, appointment_id: str, guardian_id: str | None) -> None:
    """Give the slot back; by its guardian, or by the office (None). Cancelling what is cancelled changes nothing."""
    appointment = get_appointment(uow, appointment_id)
    if guardian_id is not None:
        if appointment.guardian_id != guardian_id:
            raise NotFound()
        people.PERMISSIONS.require(uow, guardian_id, "book", appointment.pupil_id)
    if appointment.state != "booked":
        return
    if appointment.starts_at <= uow.now:
        raise Conflict("This appointment has begun, so it cannot be cancelled.")
    _release(uow, [appointment], "office" if guardian_id is None else "guardian")


def release_pairs(uow: UnitOfWork, pairs: Collection[tuple[str, str]]) -> None:
    """Cancel what is ahead for these (pupil, guardian) pairs, who may book no longer."""
    if pairs:
        ahead = _list_ahead(uow, {pupil_id for pupil_id, _ in pairs})
        wanted = set(pairs)
        _release(uow, [row for row in ahead if (row.pupil_id, row.guardian_id) in wanted], "right_ended")


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Cancel what is ahead for pupils who have left."""
    if pupil_ids:
        _release(uow, _list_ahead(uow, pupil_ids), "pupil_left")


def _list_ahead(uow: UnitOfWork, pupil_ids: Collection[str]) -> Sequence[Any]:
    return uow.rows(
        sa.select(*table_of(Appointment).c)
        .select_from(Appointment)
        .join(Booking, sa.and_(Booking.school_id == Appointment.school_id, Booking.appointment_id == Appointment.id))
        .where(Booking.pupil_id.in_(pupil_ids), Booking.starts_at > uow.now).order_by(Appointment.id))


def _release(uow: UnitOfWork, rows: Sequence[Any], cause: str) -> None:
    """Free the slots. Of two that cancel at once, the one that takes the booking away records the fact."""
    bookings, appointments = table_of(Booking), table_of(Appointment)
    if not rows:
        return
    freed = set(uow.connection.scalars(
        sa.delete(bookings).where(bookings.c.school_id == uow.school,
                                  bookings.c.slot_id.in_([row.slot_id for row in rows]),
                                  bookings.c.appointment_id.in_([row.id for row in rows]))
        .returning(bookings.c.appointment_id)))
    if freed:
        uow.connection.execute(
            sa.update(appointments).where(appointments.c.school_id == uow.school, appointments.c.id.in_(freed))
            .values(state="cancelled", cause=cause, sequence=appointments.c.sequence + 1, changed_at=uow.now))
    uow.record(*(appointment_cancelled(row, cause) for row in rows if row.id in freed))
