"""What can be done with appointments: book, move and cancel one, and take back what may stand no longer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NoReturn

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import events
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.queries import find_guest, find_wanted_slot, list_free, list_guests, read_diary
from services.scheduling.appointments.rules import (
    IN_PERSON,
    Diary,
    Span,
    clock_words,
    find_too_near,
    list_ways,
    taken_words,
)
from services.scheduling.diaries.actions import Held, free_times, hold_time
from services.scheduling.people import queries as people
from services.scheduling.people.actions import Losses
from services.scheduling.sharing.queries import list_companions
from services.scheduling.tables import table_of


@dataclass(frozen=True, slots=True)
class BookSlot:
    """One adult's wish: this slot, about this child, in person or by phone (None: the usual way)."""

    evening_id: str
    pupil_id: str
    slot_id: str
    guardian_id: str
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A slot that somebody asks for, by whom and about whom, and where everybody concerned is."""

    slot: Any
    pupil_id: str
    guardian_id: str
    diary: Diary

    @property
    def span(self) -> Span:
        return Span(self.slot.starts_at, self.slot.ends_at)


def book_slot(uow: UnitOfWork, wish: BookSlot) -> str:
    """Book it, and return its id; or Conflict with the times that are free. The edge has asked the right.

    Locks on the family, and on pairs who must not meet, decide what a key cannot: see `people.queries`.
    """
    family = people.hold_family(uow, wish.pupil_id)
    people.require_booking(family, wish.guardian_id)
    slot = find_wanted_slot(uow, wish.evening_id, wish.pupil_id, wish.slot_id)
    if slot is None:
        raise NotFound()
    how = _choose_way(wish.how, family[wish.guardian_id].may_attend)
    apart = people.list_kept_apart(uow, list(family), hold=True)
    along = set(list_companions(uow, wish.pupil_id, family, apart)) - {wish.guardian_id}
    asked = Asked(slot, wish.pupil_id, wish.guardian_id, read_diary(uow, {wish.guardian_id, *along}, apart))
    _require_free(uow, asked, [wish.guardian_id])
    appointment = Appointment(
        id=new_id(), evening_id=wish.evening_id, slot_id=slot.id, pupil_id=wish.pupil_id, staff_id=slot.staff_id,
        starts_at=slot.starts_at, ends_at=slot.ends_at, place=slot.place, sequence=0, version=0, state="booked",
        changed_at=uow.now)
    if not _hold_slot(uow, slot, appointment.id):
        _refuse(uow, asked, "taken")
    coming = [(wish.guardian_id, how), *((one, list_ways(family[one].may_attend)[0])
                                         for one in _list_free_companions(uow, asked, along))]
    guests = [Guest(appointment_id=appointment.id, guardian_id=guardian_id, pupil_id=wish.pupil_id,
                    starts_at=slot.starts_at, ends_at=slot.ends_at, is_booker=guardian_id == wish.guardian_id,
                    how=way, sequence=0, state="booked", cause=None, booked_at=uow.now, changed_at=uow.now)
              for guardian_id, way in coming]
    uow.add(appointment, *guests)
    _record(uow, appointment, events.appointment_told(events.BOOKED, appointment, guests))
    return appointment.id


def _choose_way(wanted: str | None, may_attend: bool) -> str:
    """How this adult comes; nothing is said of why one way is not open."""
    ways = list_ways(may_attend)
    if wanted is not None and wanted not in ways:
        words = "This appointment can be by phone only."
        raise Invalid(words, {"/how": words})
    return wanted or ways[0]


def _require_free(uow: UnitOfWork, asked: Asked, coming: Sequence[str], but: str = "") -> None:
    """Conflict unless the time is ahead and all who come can be there; of others no more is said than 'taken'."""
    if asked.slot.starts_at <= uow.now:
        _refuse(uow, asked, "past")
    if asked.diary.is_busy(asked.guardian_id, asked.span, but):
        _refuse(uow, asked, "yours")
    for one in coming:
        if asked.diary.is_busy(one, asked.span, but) or asked.diary.is_too_near(one, asked.span, but):
            _refuse(uow, asked, "taken")


def _refuse(uow: UnitOfWork, asked: Asked, reason: str) -> NoReturn:
    _, zone = people.get_school(uow)
    free = [span for span in list_free(uow, asked.slot, asked.pupil_id)
            if not asked.diary.is_busy(asked.guardian_id, span)
            and not asked.diary.is_too_near(asked.guardian_id, span)]
    raise Conflict(taken_words(clock_words(asked.slot.starts_at, zone), reason,
                               [clock_words(span.starts_at, zone) for span in free]))


def _list_free_companions(uow: UnitOfWork, asked: Asked, along: Collection[str]) -> list[str]:
    """Who comes along: not who is elsewhere, is kept apart from somebody near, or sees this teacher already."""
    if not along:
        return []
    have_one = set(uow.all(sa.select(Guest.guardian_id).join(Appointment, sa.and_(
        Appointment.school_id == Guest.school_id, Appointment.id == Guest.appointment_id)).where(
        Guest.guardian_id.in_(along), Guest.state == "booked", Appointment.evening_id == asked.slot.evening_id,
        Appointment.staff_id == asked.slot.staff_id, Appointment.pupil_id == asked.pupil_id)))
    return [one for one in sorted(set(along) - have_one)
            if not asked.diary.is_busy(one, asked.span) and not asked.diary.is_too_near(one, asked.span)]


def _hold_slot(uow: UnitOfWork, slot: Any, appointment_id: str) -> bool:
    """Whether the slot is ours now."""
    return hold_time(uow, Held(slot.id, appointment_id, slot.staff_id, slot.starts_at, slot.ends_at))


def _record(uow: UnitOfWork, appointment: Any, facts: Sequence[Any]) -> None:
    uow.record(*facts)
    appointment.version += len(facts)


def move_appointment(uow: UnitOfWork, appointment_id: str, slot_id: str, guardian_id: str | None) -> None:
    """Have another time with the same teacher, by one who comes or by the office (None); or Conflict, and all stays.

    Everyone who comes moves along. A time at which one of them is elsewhere is taken, like any other.
    """
    pupil_id = _get_for(uow, appointment_id, guardian_id).pupil_id
    if guardian_id is not None:
        people.PERMISSIONS.require(uow, guardian_id, "book", pupil_id)
    family = people.hold_family(uow, pupil_id)
    appointment = uow.all(sa.select(Appointment).where(Appointment.id == appointment_id).with_for_update())[0]
    guests = uow.all(sa.select(Guest).where(Guest.appointment_id == appointment_id, Guest.state == "booked")
                     .order_by(Guest.is_booker.desc(), Guest.guardian_id))
    coming = [guest.guardian_id for guest in guests]
    asking = coming if guardian_id is None else [one for one in coming if one == guardian_id]
    slot = find_wanted_slot(uow, appointment.evening_id, appointment.pupil_id, slot_id)
    if not asking or slot is None or slot.staff_id != appointment.staff_id:
        raise NotFound()
    for one in asking:
        people.require_booking(family, one)
    _require_ahead(uow, appointment, "moved")
    if slot_id == appointment.slot_id:
        return
    apart = people.list_kept_apart(uow, coming, hold=True)
    asked = Asked(slot, appointment.pupil_id, asking[0], read_diary(uow, coming, apart))
    _require_free(uow, asked, coming, but=appointment_id)
    free_times(uow, [appointment_id])
    if not _hold_slot(uow, slot, appointment_id):
        _refuse(uow, asked, "taken")
    for row in (appointment, *guests):
        row.starts_at, row.ends_at, row.changed_at = slot.starts_at, slot.ends_at, uow.now
        row.sequence += 1
    appointment.slot_id = slot_id
    for guest in guests:
        guest.booked_at = uow.now
    _record(uow, appointment, events.appointment_told(events.MOVED, appointment, guests))


def cancel_appointment(uow: UnitOfWork, appointment_id: str, guardian_id: str | None, by: str) -> None:
    """Take one adult out of it, or all (None), by that adult ('guardian') or by the 'office'.

    The slot is free again when nobody is left. Cancelling what is cancelled changes nothing.
    """
    appointment = _get_for(uow, appointment_id, guardian_id)
    if by == "guardian" and guardian_id is not None:
        people.PERMISSIONS.require(uow, guardian_id, "book", appointment.pupil_id)
    guests = [guest for guest in list_guests(uow, Guest.appointment_id == appointment_id)
              if guardian_id in (None, guest.guardian_id)]
    if guests:
        _require_ahead(uow, appointment, "cancelled")
        _release(uow, guests, by)


def _get_for(uow: UnitOfWork, appointment_id: str, guardian_id: str | None) -> Any:
    """The row of an appointment; NotFound if there is none, or if this adult has no part in it."""
    found = uow.rows(sa.select(*table_of(Appointment).c).select_from(Appointment)
                     .where(Appointment.id == appointment_id))
    if not found or (guardian_id is not None and find_guest(uow, appointment_id, guardian_id) is None):
        raise NotFound()
    return found[0]


def _require_ahead(uow: UnitOfWork, appointment: Any, done: str) -> None:
    if appointment.starts_at <= uow.now:
        raise Conflict(f"This appointment has begun, so it cannot be {done}.")


def release_losses(uow: UnitOfWork, losses: Losses) -> None:
    """Take back what is ahead of adults who may book no longer, and what is in person of those who may not come."""
    lost, absent = set(losses.book), set(losses.attend)
    if lost or absent:
        ahead = list_guests(uow, Guest.pupil_id.in_({pupil_id for pupil_id, _ in lost | absent}),
                            Guest.starts_at > uow.now)
        _release(uow, [row for row in ahead if (row.pupil_id, row.guardian_id) in lost or (
            row.how == IN_PERSON and (row.pupil_id, row.guardian_id) in absent)], "right_ended")


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Take back what is ahead for pupils who have left."""
    if pupil_ids:
        _release(uow, list_guests(uow, Guest.pupil_id.in_(pupil_ids), Guest.starts_at > uow.now), "pupil_left")


def release_near(uow: UnitOfWork, pairs: Sequence[tuple[str, str]]) -> set[str]:
    """Of two who must not meet from now on, and would, the one who booked later gives the time back.

    Return the ids of all meetings that this is true of: what is no appointment is for others to give back.
    """
    adults, near = {guardian_id for pair in pairs for guardian_id in pair}, set[tuple[str, str]]()
    if adults:
        ahead = [one for one in read_diary(uow, adults, pairs).engagements if one.span.starts_at > uow.now]
        near = {(one.appointment_id, one.guardian_id) for one in find_too_near(ahead, pairs)}
        guests = list_guests(uow, Guest.appointment_id.in_({appointment_id for appointment_id, _ in near}))
        _release(uow, [row for row in guests if (row.appointment_id, row.guardian_id) in near], "office")
    return {meeting_id for meeting_id, _ in near}


def _release(uow: UnitOfWork, guests: Sequence[Any], cause: str) -> None:
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
        uow.connection.execute(
            sa.update(table).where(table.c.school_id == uow.school, table.c.id.in_(gone))
            .values(state="cancelled", sequence=table.c.sequence + 1, changed_at=uow.now))
