"""What is done on the night: somebody is here, a talk begins and ends, a teacher is late; and who is told after it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import HELD, OPEN, note_outcome
from services.scheduling.appointments.actions import MISSED as WAS_MISSED
from services.scheduling.appointments.queries import find_evening_of, list_parts
from services.scheduling.evenings import queries as evenings
from services.scheduling.nights import events
from services.scheduling.nights.models import Arrival, NightDesk, NightTalk
from services.scheduling.nights.rules import (
    EARLIEST,
    ENDED,
    LATEST,
    MISSED,
    MOST_LATE,
    ON,
    STATE_WORDS,
    WAITING,
    Talk,
)
from services.scheduling.people import queries as people
from services.scheduling.tables import table_of


def note_arrival(uow: UnitOfWork, evening_id: str, guardian_id: str, by: str, is_here: bool = True) -> None:
    """They are here, or it was said by mistake. NotFound for who does not come to this evening."""
    _require_tonight(uow, evening_id)
    parts = [part for part in list_parts(uow, evening_id) if part.guardian_id == guardian_id]
    families = people.list_families(uow, {part.pupil_id for part in parts})
    rights = [families[part.pupil_id].get(guardian_id) for part in parts]
    if not any(one is not None and one.may_attend and not one.is_held for one in rights):
        raise NotFound()
    row = uow.get(Arrival, evening_id, guardian_id)
    if is_here and row is None:
        uow.add(Arrival(evening_id=evening_id, guardian_id=guardian_id, arrived_at=uow.now, noted_by=by))
    elif not is_here and row is not None:
        uow.session.delete(row)
    uow.flush()


def say_late(uow: UnitOfWork, evening_id: str, staff_id: str, minutes: int) -> None:
    """This teacher is so many minutes late from now on; 0 takes it back."""
    _require_tonight(uow, evening_id)
    if not evenings.has_slots(uow, evening_id, staff_id):
        raise NotFound()
    if not 0 <= minutes <= MOST_LATE:
        words = f"Say between 0 and {MOST_LATE} minutes."
        raise Invalid(words, {"/minutes": words})
    row = uow.get(NightDesk, evening_id, staff_id)
    if row is None:
        row = NightDesk(evening_id=evening_id, staff_id=staff_id)
        uow.add(row)
    row.minutes_late, row.said_at = minutes, uow.now
    uow.flush()


def begin_talk(uow: UnitOfWork, appointment_id: str, staff_id: str | None) -> str:
    """They have begun; what was on at this desk has ended. Return the evening's id.

    `staff_id` is who says so: one who sits there, or None for the office.
    """
    found, talk = _open_talk(uow, appointment_id, staff_id, (WAITING, MISSED), "begin")
    for other in uow.all(sa.select(NightTalk).where(
            NightTalk.evening_id == found.evening_id, NightTalk.staff_id == found.staff_id,
            NightTalk.began_at.is_not(None), NightTalk.ended_at.is_(None),
            NightTalk.appointment_id != appointment_id)):
        other.ended_at = other.changed_at = uow.now
        note_outcome(uow, [other.appointment_id], HELD)
    talk.began_at, talk.ended_at, talk.changed_at = uow.now, None, uow.now
    note_outcome(uow, [appointment_id], OPEN)
    uow.flush()
    return str(found.evening_id)


def end_talk(uow: UnitOfWork, appointment_id: str, staff_id: str | None) -> str:
    """They have finished. Return the evening's id."""
    found, talk = _open_talk(uow, appointment_id, staff_id, (ON,), "end")
    talk.ended_at = talk.changed_at = uow.now
    note_outcome(uow, [appointment_id], HELD)
    uow.flush()
    return str(found.evening_id)


def miss_talk(uow: UnitOfWork, appointment_id: str, staff_id: str | None) -> str:
    """Nobody came, so far: it can be begun still. Return the evening's id."""
    found, talk = _open_talk(uow, appointment_id, staff_id, (WAITING,), "be marked as missed")
    if found.starts_at > uow.now:
        raise Conflict("This talk has not begun yet, so nobody has missed it.")
    talk.changed_at = uow.now
    note_outcome(uow, [appointment_id], WAS_MISSED)
    uow.flush()
    return str(found.evening_id)


def undo_talk(uow: UnitOfWork, appointment_id: str, staff_id: str | None) -> str:
    """Take back the last that was said of it: a slip of the finger. Return the evening's id."""
    found, talk = _open_talk(uow, appointment_id, staff_id, (ON, ENDED, MISSED), "be taken back")
    if talk.ended_at is not None:
        talk.ended_at = None
    else:
        talk.began_at = None
    talk.changed_at = uow.now
    note_outcome(uow, [appointment_id], OPEN)
    uow.flush()
    return str(found.evening_id)


def _open_talk(uow: UnitOfWork, appointment_id: str, staff_id: str | None, allowed: tuple[str, ...],
               deed: str) -> tuple[Any, NightTalk]:
    """The appointment and what was noted of it, if this may be done now; NotFound for who does not sit there."""
    found = find_evening_of(uow, appointment_id)
    if found is None or (staff_id is not None
                         and found.slot_id not in evenings.list_slots_of(uow, found.evening_id, staff_id)):
        raise NotFound()
    _require_tonight(uow, found.evening_id)
    people.hold_staff(uow, found.staff_id)
    row = uow.get(NightTalk, appointment_id)
    if row is None:
        row = NightTalk(appointment_id=appointment_id, evening_id=found.evening_id, staff_id=found.staff_id,
                        began_at=None, ended_at=None, changed_at=uow.now)
        uow.add(row)
    outcome = find_evening_of(uow, appointment_id).outcome
    state = Talk(found.id, found.starts_at, found.ends_at, row.began_at, row.ended_at, outcome).state
    if state not in allowed:
        raise Conflict(f"This talk {STATE_WORDS[state]}, so it cannot {deed}.")
    return found, row


def _require_tonight(uow: UnitOfWork, evening_id: str) -> None:
    evening = evenings.find_evening(uow, evening_id)
    if evening.state not in evenings.SHOWN:
        raise NotFound()
    if not evening.starts_at - EARLIEST <= uow.now <= evening.ends_at + LATEST:
        raise Conflict("This can be said on the day of the evening only.")


def on_evening_over(uow: UnitOfWork, evening_id: str) -> None:
    """On the morning after: who came is thanked, and who was missed is offered another time. Said once."""
    evening = evenings.find_evening(uow, evening_id)
    if evening.state not in evenings.SHOWN or evening.ends_at > uow.now:
        return
    _end_open_talks(uow, evening_id)
    came, talks = dict[str, set[str]](), dict[str, list[Any]]()
    for part in list_parts(uow, evening_id):
        talks.setdefault(part.id, []).append(part)
        if part.outcome != WAS_MISSED:
            came.setdefault(part.guardian_id, set()).add(part.pupil_id)
    uow.record(*(events.talk_told(events.MISSED if parts[0].outcome == WAS_MISSED else events.HELD, parts, evening_id)
                 for parts in talks.values()))
    uow.record(*(events.evening_thanked(evening_id, guardian_id, sorted(pupil_ids))
                 for guardian_id, pupil_ids in sorted(came.items())))


def _end_open_talks(uow: UnitOfWork, evening_id: str) -> None:
    """What was begun and never ended has ended all the same."""
    table = table_of(NightTalk)
    ended = uow.connection.execute(
        sa.update(table).where(table.c.school_id == uow.school, table.c.evening_id == evening_id,
                               table.c.began_at.is_not(None), table.c.ended_at.is_(None))
        .values(ended_at=uow.now, changed_at=uow.now).returning(table.c.appointment_id)).scalars().all()
    if ended:
        note_outcome(uow, list(ended), HELD)
