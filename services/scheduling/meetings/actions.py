"""What can be done: ask for a talk, and carry on another day with what an evening had no time for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.checkins.queries import read_family_hours
from services.scheduling.meetings.events import meeting_asked
from services.scheduling.meetings.models import Meeting
from services.scheduling.meetings.queries import find_meeting_of, find_talk
from services.scheduling.meetings.rules import may_go_on
from services.scheduling.people import queries as people
from services.scheduling.reviews import queries as reviews
from services.scheduling.reviews.actions import TalkWish, offer_talk


@dataclass(frozen=True, slots=True)
class Wish:
    """A talk that is asked for: with which member of staff, for which adult if not for the caller, and about what."""

    staff_id: str | None
    guardian_id: str | None
    about: str
    how: str | None
    can: Sequence[Mapping[str, Any]]


def ask_meeting(uow: UnitOfWork, caller: Principal, pupil_id: str, wish: Wish) -> str:
    """Offer the adult times with this member of staff; return the talk's id. Conflict while one is open already."""
    guardian_id, staff_id = _two_of(uow, caller, pupil_id, wish)
    people.require_booking(people.hold_family(uow, pupil_id), guardian_id)
    if reviews.list_talks(uow, *reviews.of_talks(pupil_id, guardian_id, staff_id)):
        raise Conflict("A talk of these two is open already. Choose its time, or say when you can come.")
    meeting = _open(uow, caller, (pupil_id, staff_id), None)
    hours = read_family_hours(uow, [guardian_id]).get(guardian_id, ())
    talk_id, _times = offer_talk(uow, TalkWish(
        meeting.id, pupil_id, guardian_id, staff_id, wish.about, wish.how, wish.can, hours),
        tells=caller.hat != "guardian")
    return talk_id


def _two_of(uow: UnitOfWork, caller: Principal, pupil_id: str, wish: Wish) -> tuple[str, str]:
    """(adult, member of staff): a family asks whom it likes of the child's teachers, a teacher asks for themself."""
    guardian_id = wish.guardian_id or (caller.person_id if caller.hat == "guardian" else None)
    if guardian_id is None:
        raise Invalid(errors={"/guardian_id": "Say with which parent or carer."})
    if caller.hat == "guardian" and guardian_id != caller.person_id:
        raise NotFound()
    staff_id = wish.staff_id or (caller.person_id if caller.hat == "staff" else None)
    is_free = caller.hat == "guardian" or caller.is_any("office") or staff_id == caller.person_id
    if staff_id is None or not is_free or staff_id not in people.list_teachers(uow, [pupil_id])[pupil_id]:
        raise Invalid(errors={"/staff_id": "Choose one of the child's teachers."})
    return guardian_id, staff_id


def _open(uow: UnitOfWork, caller: Principal, about: tuple[str, str], appointment_id: str | None) -> Meeting:
    """`about`: the child and the member of staff."""
    asked_by = "guardian" if caller.hat == "guardian" else "staff" if caller.person_id == about[1] else "office"
    meeting = Meeting(id=new_id(), pupil_id=about[0], staff_id=about[1], asked_by=asked_by,
                      appointment_id=appointment_id, asked_at=uow.now)
    uow.add(meeting)
    uow.record(meeting_asked(meeting, [] if asked_by == "staff" else [about[1]]))
    return meeting


def book_rest(uow: UnitOfWork, caller: Principal, appointment_id: str) -> None:
    """The same teacher, child and adults meet again; asked a second time it is the same meeting.

    Each adult has times of their own: who came together may choose apart.
    """
    found, adults = find_talk(uow, caller, appointment_id)
    family = people.hold_family(uow, found.pupil_id)
    if find_meeting_of(uow, appointment_id) is not None:
        return
    if not may_go_on(found.starts_at, found.ends_at, uow.now):
        raise Conflict("The rest of a talk can be booked from its beginning until the next day. You can ask for a "
                       "talk at any time on the child's page.")
    wanted = [one for one in adults if one in family and (family[one].may_book or family[one].is_held)]
    if not wanted:
        raise Conflict("None of those who came can be asked about this child now. The school office can help.")
    meeting, hours, taken = (_open(uow, caller, (found.pupil_id, found.staff_id), appointment_id),
                             read_family_hours(uow, wanted), list[datetime]())
    for guardian_id in wanted:
        _id, times = offer_talk(uow, TalkWish(
            meeting.id, found.pupil_id, guardian_id, found.staff_id, hours=hours.get(guardian_id, ()), but=taken),
            tells=guardian_id != caller.person_id)
        taken += times
