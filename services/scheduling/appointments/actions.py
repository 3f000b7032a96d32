"""What can be done with appointments: book, move and cancel one, and take back what may stand no longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import bulk, events
from services.scheduling.appointments.asking import Asked, refuse, require_free, require_length
from services.scheduling.appointments.evening import HELD, MISSED, OPEN, note_outcome
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.places import relocate
from services.scheduling.appointments.queries import (
    find_guest,
    find_wanted_slots,
    list_guests,
    read_diary,
    walks_at,
)
from services.scheduling.appointments.releasing import (
    release,
    release_evening,
    release_losses,
    release_near,
    release_pupils,
)
from services.scheduling.appointments.rules import (
    STEP_FREE,
    WAY_WORDS,
    length_of,
    list_ways,
)
from services.scheduling.diaries.actions import free_times, hold_time, pass_on, time_of
from services.scheduling.diaries.queries import list_held
from services.scheduling.evenings.queries import are_offered
from services.scheduling.people import queries as people
from services.scheduling.resources.actions import Ask, free_units, use_resource
from services.scheduling.sharing.queries import list_companions
from services.scheduling.tables import table_of

__all__ = ["HELD", "MISSED", "OPEN", "BookSlot", "book_slot", "bulk", "cancel_appointment", "choose_way",
           "move_appointment", "note_outcome", "release", "release_evening", "release_losses", "release_near",
           "release_pupils", "relocate", "require_booking_open", "take_needs"]


@dataclass(frozen=True, slots=True)
class BookSlot:
    """One adult's wish: this slot, about this child, in person, by phone or video (None: the usual way).

    `call_on` is the number to ring, which who sits there sees alone. `needs` are keys of resources; who needs longer
    has the next slot too. `held_by` holds the time for this adult already, and becomes the appointment's id: that of
    an offer, or of a talk of a held itinerary. `by_office`: the office says it for them.
    """

    evening_id: str
    pupil_id: str
    slot_id: str
    guardian_id: str
    how: str | None = None
    call_on: str = ""
    needs: Sequence[str] = ()
    held_by: str = ""
    by_office: bool = False


def book_slot(uow: UnitOfWork, wish: BookSlot) -> str:
    """Book it, and return its id; or Conflict with the times that are free. The edge has asked the right.

    Locks on the family, and on pairs who must not meet, decide what a key cannot: see `people.queries`.
    """
    family = people.hold_family(uow, wish.pupil_id)
    people.require_booking(family, wish.guardian_id)
    slots = find_wanted_slots(uow, wish.evening_id, wish.pupil_id, wish.slot_id, length_of(wish.needs))
    if not slots:
        raise NotFound()
    require_booking_open(slots[0])
    how = choose_way(wish.how, list_ways(family[wish.guardian_id].may_attend, slots[0].ways))
    apart = people.list_kept_apart(uow, list(family), hold=True)
    along = set(list_companions(uow, wish.pupil_id, family, apart)) - {wish.guardian_id}
    asked = Asked(slots, wish.pupil_id, wish.guardian_id, read_diary(uow, {wish.guardian_id, *along}, apart),
                  walks_at(slots[0]), how, by_office=wish.by_office)
    require_free(uow, asked, {wish.guardian_id: how})
    require_length(uow, asked, length_of(wish.needs))
    slot, appointment_id = slots[0], wish.held_by or new_id()
    if not _take_slots(uow, asked, appointment_id, wish.held_by):
        refuse(uow, asked, "taken")
    _require_needs(uow, appointment_id, slots, wish.needs)
    ways = {one: list_ways(family[one].may_attend, slot.ways)[0] for one in along}
    coming = (bulk.Coming(wish.guardian_id, how, wish.call_on), *(
        bulk.Coming(one, ways[one]) for one in _list_free_companions(uow, asked, ways)))
    talk = bulk.Wanted(appointment_id, wish.evening_id, wish.pupil_id, slot.staff_id, tuple(slots), slot.place,
                       slot.room, slot.link, coming, tuple(wish.needs), tuple(slot.beside))
    uow.record(*bulk.write_down(uow, [(talk, bulk.Stood(appointment_id, coming))]))
    return appointment_id


def require_booking_open(slot: Any) -> None:
    """Where all times are made at once, nobody chooses one before that: being early brings nothing."""
    if slot.way == "plan" and slot.state != "planned":
        raise Conflict("Times are not chosen for this evening yet. Families say what they wish, and everybody's times "
                       "are made at once.")


def choose_way(wanted: str | None, ways: Sequence[str]) -> str:
    """How this adult comes; nothing is said of why one way is not open."""
    if wanted is not None and wanted not in ways:
        words = f"This appointment can be {' or '.join(WAY_WORDS[way] for way in ways)} only."
        raise Invalid(words, {"/how": words})
    return wanted or ways[0]


def _list_free_companions(uow: UnitOfWork, asked: Asked, ways: Mapping[str, str]) -> list[str]:
    """Who comes along: not who is elsewhere, is kept apart from somebody near, or sees this teacher already."""
    if not ways:
        return []
    have_one = set(uow.all(sa.select(Guest.guardian_id).join(Appointment, sa.and_(
        Appointment.school_id == Guest.school_id, Appointment.id == Guest.appointment_id)).where(
        Guest.guardian_id.in_(ways), Guest.state == "booked", Appointment.evening_id == asked.slot.evening_id,
        Appointment.staff_id == asked.slot.staff_id, Appointment.pupil_id == asked.pupil_id)))
    return [one for one in sorted(set(ways) - have_one) if not asked.why_not(one, ways[one])]


def _take_slots(uow: UnitOfWork, asked: Asked, appointment_id: str, held_by: str = "") -> bool:
    """Whether all the slots are ours now; what another id holds for us is passed on.

    Once the teacher is locked it is asked again whether they are there: an evening may have been called off meanwhile.
    """
    if held_by:
        people.hold_staff(uow, asked.slot.staff_id)
    ours = pass_on(uow, held_by, appointment_id) if held_by else all(
        hold_time(uow, time_of(slot, appointment_id)) for slot in asked.slots)
    return ours and are_offered(uow, [slot.id for slot in asked.slots])


def _require_needs(uow: UnitOfWork, holder_id: str, slots: Sequence[Any], needs: Collection[str]) -> None:
    """What is needed is this talk's for its time, in place of what its id had before; or Conflict."""
    if not needs:
        return
    free_units(uow, [holder_id])
    lacking = take_needs(uow, holder_id, slots, needs)
    if lacking:
        raise Conflict(f"What was asked for ({lacking}) is not free at that time. Choose another time.",
                       {"/needs": "This is not free at that time."})


def take_needs(uow: UnitOfWork, holder_id: str, slots: Sequence[Any], needs: Collection[str]) -> str:
    """Have a unit of each for that time; the first of which there is none, or ''. A step-free room needs no other."""
    for need in sorted(needs):
        if need == STEP_FREE and slots[0].is_step_free:
            continue
        if not use_resource(uow, Ask(slots[0].evening_id, need, holder_id, slots[0].starts_at, slots[-1].ends_at,
                                     slots[0])):
            return need
    return ""


def _record(uow: UnitOfWork, appointment: Any, facts: Sequence[Any]) -> None:
    uow.record(*facts)
    appointment.version += len(facts)


def move_appointment(uow: UnitOfWork, appointment_id: str, slot_id: str, guardian_id: str | None,
                     held_by: str = "") -> None:
    """Have another time with the same teacher, by one who comes or by the office (None); or Conflict, and all stays.

    Everyone who comes moves along. A time at which one of them is elsewhere is taken, like any other. `held_by` is
    the offer that holds the time.
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
    length = len(list_held(uow, appointment_id)) or 1
    slots = find_wanted_slots(uow, appointment.evening_id, appointment.pupil_id, slot_id, length)
    if not asking or not slots or slots[0].staff_id != appointment.staff_id:
        raise NotFound()
    for one in asking:
        people.require_booking(family, one)
    _require_ahead(uow, appointment, "moved")
    if slot_id == appointment.slot_id:
        return
    apart = people.list_kept_apart(uow, coming, hold=True)
    ways = {guest.guardian_id: guest.how for guest in guests}
    asked = Asked(slots, appointment.pupil_id, asking[0], read_diary(uow, coming, apart),
                  walks_at(slots[0]), ways[asking[0]], appointment_id, guardian_id is None)
    require_free(uow, asked, ways)
    require_length(uow, asked, length)
    free_times(uow, [appointment_id])
    if not _take_slots(uow, asked, appointment_id, held_by):
        refuse(uow, asked, "taken")
    free_units(uow, [held_by])
    _require_needs(uow, appointment_id, slots, appointment.needs)
    _note_move(uow, appointment, guests, asked)
    _record(uow, appointment, events.appointment_told(events.MOVED, appointment, guests))


def _note_move(uow: UnitOfWork, appointment: Any, guests: Sequence[Any], asked: Asked) -> None:
    """All parts are at the new time, as calendars want it."""
    for row in (appointment, *guests):
        row.starts_at, row.ends_at, row.changed_at = asked.span.starts_at, asked.span.ends_at, uow.now
        row.sequence += 1
    appointment.slot_id, appointment.room, appointment.link = asked.slot.id, asked.slot.room, asked.slot.link
    for guest in guests:
        guest.booked_at = uow.now


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
        release(uow, guests, by)


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
