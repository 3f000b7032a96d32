"""Many appointments at once, in a handful of statements: an evening that was planned, and times that are moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import events
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.queries import list_guests, read_diary
from services.scheduling.appointments.rules import Diary, Span, list_others
from services.scheduling.diaries.actions import Held, free_times, hold_times
from services.scheduling.diaries.queries import list_busy
from services.scheduling.people.queries import hold_staff
from services.scheduling.tables import table_of

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Coming:
    """One adult of a talk, and how they come."""

    guardian_id: str
    how: str
    call_on: str = ""


@dataclass(frozen=True, slots=True)
class SlotTime:
    """A slot and when it is."""

    id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A talk that is to stand in these slots, one after another; of `coming` the first booked it.

    `beside` is who sits there too.
    """

    id: str
    evening_id: str
    pupil_id: str
    staff_id: str
    slots: tuple[SlotTime, ...]
    place: str
    room: str
    link: str
    coming: tuple[Coming, ...]
    needs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def staff_ids(self) -> tuple[str, ...]:
        """All who sit there."""
        return (self.staff_id, *self.beside)

    @property
    def span(self) -> Span:
        return Span(self.slots[0].starts_at, self.slots[-1].ends_at)

    def held_by(self, holder_id: str) -> list[Held]:
        """Its times, as a diary holds them."""
        return [Held(slot.id, holder_id, self.staff_id, slot.starts_at, slot.ends_at, self.beside)
                for slot in self.slots]


@dataclass(frozen=True, slots=True)
class Stood:
    """What became of a talk: the appointment, and who comes to it."""

    appointment_id: str
    coming: tuple[Coming, ...]


class Crowd:
    """Where many adults and teachers are, found by who they are: a diary that grows with each talk."""

    def __init__(self, diary: Diary, busy: Mapping[str, Iterable[tuple[datetime, datetime]]]):
        self._adults: dict[str, list[Span]] = defaultdict(list)
        self._staff = {staff_id: [Span(*time) for time in times] for staff_id, times in busy.items()}
        self._apart = diary.apart
        for one in diary.engagements:
            self._adults[one.guardian_id].append(one.span)

    def can_come(self, guardian_id: str, span: Span) -> bool:
        """Whether this adult is nowhere else then, and nobody is near whom they must not meet."""
        return not any(one.overlaps(span) for one in self._adults[guardian_id]) and not any(
            one.is_near(span) for other in list_others(guardian_id, self._apart) for one in self._adults[other])

    def are_free(self, staff_ids: Iterable[str], span: Span) -> bool:
        return not any(one.overlaps(span) for staff_id in staff_ids for one in self._staff.get(staff_id, ()))

    def note(self, staff_ids: Iterable[str], guardian_ids: Iterable[str], span: Span) -> None:
        for staff_id in staff_ids:
            self._staff.setdefault(staff_id, []).append(span)
        for guardian_id in guardian_ids:
            self._adults[guardian_id].append(span)


def hold_teachers(uow: UnitOfWork, staff_ids: Collection[str]) -> None:
    """Nobody else takes times of these teachers until this unit of work has ended; always in one order."""
    for staff_id in sorted(staff_ids):
        hold_staff(uow, staff_id)


def book_many(uow: UnitOfWork, wanted: Sequence[Wanted], apart: Sequence[tuple[str, str]]) -> dict[str, Stood]:
    """Book what can stand now; what is missing in the answer could not. The caller has asked everybody's rights, and
    holds the adults and the pairs who must not meet.

    An adult who cannot be there is left out, and a talk to which nobody could come is not booked. Facts say
    `planned`: each adult is told of the whole evening, and not of each talk.
    """
    hold_teachers(uow, {staff_id for one in wanted for staff_id in one.staff_ids})
    crowd = _read_crowd(uow, wanted, apart)
    stood: dict[str, Stood] = {}
    for one in sorted(wanted, key=lambda one: (one.span.starts_at, one.id)):
        coming = tuple(adult for adult in one.coming if crowd.can_come(adult.guardian_id, one.span))
        if coming and crowd.are_free(one.staff_ids, one.span) and one.span.starts_at > uow.now:
            stood[one.id] = Stood(new_id(), coming)
            crowd.note(one.staff_ids, [adult.guardian_id for adult in coming], one.span)
    booked = [(one, stood[one.id]) for one in wanted if one.id in stood]
    facts = write_down(uow, booked)
    hold_times(uow, [held for one, its in booked for held in one.held_by(its.appointment_id)])
    uow.record(*(replace(fact, data={**(fact.data or {}), "planned": True}) for fact in facts))
    return stood


def _read_crowd(uow: UnitOfWork, wanted: Sequence[Wanted], apart: Sequence[tuple[str, str]]) -> Crowd:
    adults = {adult.guardian_id for one in wanted for adult in one.coming}
    return Crowd(read_diary(uow, adults, apart), list_busy(
        uow, {staff_id for one in wanted for staff_id in one.staff_ids}, uow.now))


def write_down(uow: UnitOfWork, booked: Sequence[tuple[Wanted, Stood]]) -> list[Fact]:
    """These appointments stand, and who comes comes; what there is to announce of it. The caller holds the times."""
    rows, parts, facts = [], list[dict[str, Any]](), list[Fact]()
    for one, stood in booked:
        times = {"starts_at": one.span.starts_at, "ends_at": one.span.ends_at, "changed_at": uow.now}
        row = {"id": stood.appointment_id, "evening_id": one.evening_id, "slot_id": one.slots[0].id,
               "pupil_id": one.pupil_id, "staff_id": one.staff_id, **times, "place": one.place, "room": one.room,
               "link": one.link, "needs": list(one.needs), "sequence": 0, "version": len(stood.coming),
               "state": "booked"}
        guests: list[dict[str, Any]] = [
            {"appointment_id": stood.appointment_id, "guardian_id": adult.guardian_id, "pupil_id": one.pupil_id,
             **times, "is_booker": not number, "how": adult.how, "call_on": adult.call_on, "sequence": 0,
             "state": "booked", "cause": None, "booked_at": uow.now} for number, adult in enumerate(stood.coming)]
        rows.append(row)
        parts += guests
        facts += events.appointment_told(events.BOOKED, SimpleNamespace(**{**row, "version": 0}),
                                         [SimpleNamespace(**guest) for guest in guests])
    uow.insert(Appointment, rows)
    uow.insert(Guest, parts)
    return facts


def move_many(uow: UnitOfWork, moves: Mapping[str, Wanted]) -> None:
    """Give these appointments other times; who comes moves along. The caller knows that the times are free and that
    everybody can be there, and holds the adults and teachers."""
    if not moves:
        return
    rows = uow.all(sa.select(Appointment).where(Appointment.id.in_(moves)).order_by(Appointment.id).with_for_update())
    guests = _guests_of(uow, list(moves))
    free_times(uow, list(moves))
    _change_parts(uow, Guest.appointment_id.in_(moves), state="moving")  # of two that swap, neither is in the way
    for row in rows:
        to, span = moves[row.id], moves[row.id].span
        _change_parts(uow, sa.and_(Guest.appointment_id == row.id, Guest.state == "moving"), state="booked",
                      starts_at=span.starts_at, ends_at=span.ends_at, changed_at=uow.now, booked_at=uow.now,
                      sequence=Guest.sequence + 1)
        row.slot_id, row.place, row.room, row.link = to.slots[0].id, to.place, to.room, to.link
        row.starts_at, row.ends_at, row.changed_at = span.starts_at, span.ends_at, uow.now
        row.sequence += 1
        facts = events.appointment_told(events.MOVED, row, [
            SimpleNamespace(**{**guest._mapping, "sequence": guest.sequence + 1}) for guest in guests[row.id]])
        uow.record(*facts)
        row.version += len(facts)
    uow.flush()
    hold_times(uow, [held for key, one in moves.items() for held in one.held_by(key)])


def _change_parts(uow: UnitOfWork, which: sa.ColumnElement[bool], **values: Any) -> None:
    uow.connection.execute(sa.update(table_of(Guest)).where(
        Guest.school_id == uow.school, Guest.state.in_(("booked", "moving")), which).values(**values))


def _guests_of(uow: UnitOfWork, appointment_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Who comes to each, who booked it first."""
    found: dict[str, list[Any]] = defaultdict(list)
    for first in range(0, len(appointment_ids), AT_A_TIME):
        for guest in list_guests(uow, Guest.appointment_id.in_(appointment_ids[first:first + AT_A_TIME])):
            found[guest.appointment_id].append(guest)
    return found


def list_standing(uow: UnitOfWork, evening_id: str) -> list[tuple[Any, list[Any]]]:
    """The appointments of an evening that stand and have not begun, each with its guests, who booked it first."""
    rows = uow.rows(sa.select(*table_of(Appointment).c).select_from(Appointment).where(
        Appointment.evening_id == evening_id, Appointment.state == "booked", Appointment.starts_at > uow.now)
        .order_by(Appointment.starts_at, Appointment.id))
    guests = _guests_of(uow, [row.id for row in rows])
    return [(row, guests[row.id]) for row in rows]
