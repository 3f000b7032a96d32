"""What can be done with diaries: hold a time, and give it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.db import Utc
from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.models import Booking, Engagement
from services.scheduling.people.queries import hold_staff
from services.scheduling.tables import table_of

# What is noted in a unit of work that frees times of teachers: who waits for them is seen to before it commits. And the
# deadline, at once, at which that is done where it could not be done there.
TIME_FREED = "time-freed"
KEPT = "waiting-list"  # holds times until it is seen who waits for them
# As text: SQLAlchemy keeps the SQL of no statement that says what to do on a conflict, and making it each time took
# longer than running it.
TAKE_IF_FREE = sa.text(
    "INSERT INTO bookings (school_id, slot_id, appointment_id, staff_id, starts_at, ends_at) "
    "SELECT :school, :slot, :holder, :staff, :start, :end WHERE NOT EXISTS (SELECT 1 FROM bookings WHERE "
    "school_id = :school AND staff_id = :staff AND starts_at < :end AND ends_at > :start) "
    "ON CONFLICT DO NOTHING RETURNING slot_id").bindparams(
    *(sa.bindparam(name, type_=sa.String()) for name in ("school", "slot", "holder", "staff")),
    *(sa.bindparam(name, type_=Utc()) for name in ("start", "end")))


@dataclass(frozen=True, slots=True)
class Held:
    """A teacher's time, and the meeting that wants it. `beside`: who else sits there, and has it in their diary too."""

    slot_id: str
    holder_id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime
    beside: tuple[str, ...] = ()

    @property
    def each(self) -> list[Held]:
        """The time in the diary of each who sits there, in one order."""
        return [replace(self, staff_id=one, beside=()) for one in sorted({self.staff_id, *self.beside})]


def time_of(slot: Any, holder_id: str) -> Held:
    """A slot's time, for that meeting."""
    return Held(slot.id, holder_id, slot.staff_id, slot.starts_at, slot.ends_at, tuple(slot.beside))


def hold_time(uow: UnitOfWork, wanted: Held) -> bool:
    """Whether the time is that meeting's now. Of two that come at once, keys and the teachers' rows let one in.

    It is nobody's where one of several who sit there is elsewhere.
    """
    each = wanted.each if wanted.beside else (wanted,)
    for one in each:
        hold_staff(uow, one.staff_id)
    for number, one in enumerate(each):
        if uow.connection.scalar(TAKE_IF_FREE, _as_values(uow, one)) is None:
            _give_up(uow, each[:number])
            return False
    return True


def _give_up(uow: UnitOfWork, held: Sequence[Held]) -> None:
    """What was held a moment ago for some of those who sit there was never held."""
    bookings = table_of(Booking)
    for one in held:
        uow.connection.execute(sa.delete(bookings).where(
            bookings.c.school_id == uow.school, bookings.c.slot_id == one.slot_id,
            bookings.c.staff_id == one.staff_id, bookings.c.appointment_id == one.holder_id))


def sit_beside(uow: UnitOfWork, slot_ids: Collection[str], staff_ids: Sequence[str]) -> bool:
    """Whether these slots, which are held, are now in the diaries of these and of nobody else; the owner comes first.

    False, and the caller gives up, where one of them is elsewhere.
    """
    owner, its = staff_ids[0], table_of(Booking).c
    if not slot_ids:
        return True
    uow.connection.execute(sa.delete(table_of(Booking)).where(
        its.school_id == uow.school, its.slot_id.in_(slot_ids), its.staff_id.not_in(staff_ids)))
    rows = uow.connection.execute(sa.select(*its).where(its.school_id == uow.school, its.slot_id.in_(slot_ids))).all()
    there = {(row.slot_id, row.staff_id) for row in rows}
    for staff_id in sorted(set(staff_ids) - {owner}):
        hold_staff(uow, staff_id)
        for row in rows:
            wanted = Held(row.slot_id, row.appointment_id, staff_id, row.starts_at, row.ends_at)
            if row.staff_id == owner and (row.slot_id, staff_id) not in there and uow.connection.scalar(
                    TAKE_IF_FREE, _as_values(uow, wanted)) is None:
                return False
    return True


def _as_values(uow: UnitOfWork, wanted: Held) -> dict[str, Any]:
    return {"school": uow.school, "slot": wanted.slot_id, "holder": wanted.holder_id, "staff": wanted.staff_id,
            "start": wanted.starts_at, "end": wanted.ends_at}


def hold_times(uow: UnitOfWork, wanted: Sequence[Held]) -> None:
    """Hold many times at once. The caller holds those teachers (`hold_staff`) and has seen that the times are free."""
    uow.insert(Booking, [{"slot_id": one.slot_id, "appointment_id": one.holder_id, "staff_id": one.staff_id,
                          "starts_at": one.starts_at, "ends_at": one.ends_at} for held in wanted for one in held.each])


def free_times(uow: UnitOfWork, holder_ids: Collection[str]) -> None:
    """What these meetings hold is free again, for those who wait for it first."""
    _free(uow, table_of(Booking).c.appointment_id.in_(holder_ids))


def free_kept(uow: UnitOfWork, staff_id: str) -> None:
    """What was kept of this teacher's times for those who wait is free."""
    bookings = table_of(Booking)
    _free(uow, sa.and_(bookings.c.appointment_id == KEPT, bookings.c.staff_id == staff_id))


def _free(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> None:
    its = table_of(Booking).c
    freed = uow.connection.execute(sa.delete(table_of(Booking)).where(its.school_id == uow.school, which).returning(
        its.slot_id, its.staff_id, its.starts_at, its.ends_at))
    uow.notes.setdefault(TIME_FREED, []).extend(
        Held(row.slot_id, KEPT, row.staff_id, row.starts_at, row.ends_at) for row in freed)


def add_times(uow: UnitOfWork, added: Sequence[Held]) -> None:
    """These times are new, and free: they are for those who wait for them first, as if they had been given back."""
    uow.notes.setdefault(TIME_FREED, []).extend(added)


def keep_times(uow: UnitOfWork, freed: Sequence[Held]) -> None:
    """What this unit of work has freed, and is free still, is kept for those who wait."""
    for one in freed:
        uow.connection.execute(TAKE_IF_FREE, _as_values(uow, one))


def pass_on(uow: UnitOfWork, holder_id: str, to_id: str) -> bool:
    """Whether what one holds is the other's now: never free in between."""
    bookings = table_of(Booking)
    return bool(uow.connection.execute(
        sa.update(bookings).where(bookings.c.school_id == uow.school, bookings.c.appointment_id == holder_id)
        .values(appointment_id=to_id)).rowcount)


def engage(uow: UnitOfWork, wanted: Held, guardian_id: str, room: str = "", site: str = "") -> None:
    """The adult is there then; `room` is where one walks to."""
    uow.insert(Engagement, [{"meeting_id": wanted.holder_id, "guardian_id": guardian_id, "starts_at": wanted.starts_at,
                             "ends_at": wanted.ends_at, "booked_at": uow.now, "room": room, "site": site}])


def disengage(uow: UnitOfWork, meeting_ids: Collection[str]) -> None:
    """These meetings hold nobody's time any more."""
    free_times(uow, meeting_ids)
    leave_places(uow, meeting_ids)


def leave_places(uow: UnitOfWork, meeting_ids: Collection[str]) -> None:
    """The adults of these meetings are not there any more; what teachers' times they hold they still hold."""
    table = table_of(Engagement)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.meeting_id.in_(meeting_ids)))
