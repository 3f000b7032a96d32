"""What can be done with check-ins: plan a week, hold, move, offer and skip one, and take back what may not be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import list_talks
from services.scheduling.checkins import events, queries
from services.scheduling.checkins.models import Checkin, Spoken, SpokenWith
from services.scheduling.checkins.rules import (
    LENGTH,
    STATE_WORDS,
    Adult,
    Diaries,
    Due,
    Term,
    next_morning,
    plan,
    since,
    way_of,
)
from services.scheduling.checkins.wishes import hold_cadence
from services.scheduling.diaries.queries import list_busy
from services.scheduling.people import queries as people
from services.scheduling.people.actions import Losses
from services.scheduling.reviews.queries import list_past, make_hours, read_hours

MORNING, LATER = "checkins-morning", timedelta(minutes=1)
SCHOOL = "school"
MONDAY = 0
FURTHEST = timedelta(days=60)
FIRST_SWEEP = timedelta(days=180)
Talk = tuple[str, str, datetime]
"""(pupil, adult, when)."""


def start_mornings(uow: UnitOfWork) -> None:
    """Look at the school every morning from now on, by its own clock."""
    clear_timers(uow, MORNING, SCHOOL)
    set_timer(uow, MORNING, SCHOOL, next_morning(uow.now.astimezone(people.get_school(uow)[1])))


def on_morning(uow: UnitOfWork, _key: str) -> None:
    """Take in the meetings that took place; on a Monday propose the week. While rights may be old it waits a little."""
    if not people.PERMISSIONS.is_fresh(uow):
        set_timer(uow, MORNING, SCHOOL, uow.now + LATER)
        return
    set_timer(uow, MORNING, SCHOOL, next_morning(uow.now.astimezone(people.get_school(uow)[1])))
    sweep_meetings(uow)
    if people.today_here(uow).weekday() == MONDAY:
        plan_week(uow)


def sweep_meetings(uow: UnitOfWork) -> None:
    """Appointments, reviews and talks that have ended since the last look count as spoken."""
    row = hold_cadence(uow)
    after = row.swept_at or uow.now - FIRST_SWEEP
    note_spoken(uow, [*list_talks(uow, after), *list_past(uow, after, "talk")])
    note_spoken(uow, list_past(uow, after), is_review=True)
    row.swept_at = uow.now
    uow.flush()


def note_spoken(uow: UnitOfWork, talks: Collection[Talk], is_review: bool = False) -> None:
    """The last time of each child and of each of their adults, whichever order times come in."""
    if not talks:
        return
    pupils = {pupil_id for pupil_id, _, _ in talks}
    rows = {row.pupil_id: row for row in uow.all(sa.select(Spoken).where(Spoken.pupil_id.in_(pupils)))}
    adults = {(row.pupil_id, row.guardian_id): row for row in uow.all(
        sa.select(SpokenWith).where(SpokenWith.pupil_id.in_(pupils)))}
    for pupil_id, guardian_id, at in talks:
        row = rows.setdefault(pupil_id, Spoken(pupil_id=pupil_id, last_spoken_at=at, last_review_at=None))
        row.last_spoken_at = max(row.last_spoken_at, at)
        if is_review:
            row.last_review_at = max(row.last_review_at or at, at)
        one = adults.setdefault((pupil_id, guardian_id), SpokenWith(
            pupil_id=pupil_id, guardian_id=guardian_id, last_spoken_at=at))
        one.last_spoken_at = max(one.last_spoken_at, at)
    uow.add(*rows.values(), *adults.values())
    uow.flush()


def plan_week(uow: UnitOfWork) -> int:
    """Spread the talks that are due over what is left of the half-term, and propose those of this week."""
    today, cadence = people.today_here(uow), queries.get_cadence(uow)
    year = people.get_year(uow)
    half = year.half_term(today)
    _end_old(uow, {since(half, cadence[name], today) for name in ("usual", "closer")})
    due = {row.id: row for row in queries.list_due(uow)}
    term = Term(year.list_school_days(max(today, half[0]), half[1]), year.number(half[0]), cadence["most_a_day"])
    families = people.list_families(uow, due)
    found = plan(_list_due(uow, due, families), term, _read_diaries(uow, families), queries.list_placed(uow))
    last = today + timedelta(days=6 - today.weekday())
    apart = {one for pair in people.list_kept_apart(uow, [one.guardian_id for one in found]) for one in pair}
    week = [one for one in found if one.day <= last]
    for one in week:
        how = way_of(families[one.pupil_id][one.guardian_id].may_attend, one.guardian_id in apart)
        row = Checkin(id=new_id(), pupil_id=one.pupil_id, guardian_id=one.guardian_id, staff_id=one.staff_id,
                      since_on=_day(due[one.pupil_id].since_on), on_day=one.day, starts_at=one.starts_at, how=how,
                      state="proposed", note="", held_on=None, version=1, changed_at=uow.now)
        uow.add(row)
        uow.record(events.checkin_proposed(row, [], [row.staff_id]))
    uow.flush()
    return len(week)


def _end_old(uow: UnitOfWork, current: Collection[date]) -> None:
    """What was proposed for an earlier stretch, or to who teaches the child no longer, is not needed any more."""
    standing = queries.list_standing(uow)
    teachers = people.list_teachers(uow, {row.pupil_id for row in standing})
    _end(uow, [row for row in standing if row.since_on not in current or row.staff_id not in teachers[row.pupil_id]])


def _list_due(uow: UnitOfWork, due: Mapping[str, Any], families: Mapping[str, people.Family]) -> list[Due]:
    teachers, home_ids = people.list_teachers(uow, due), people.list_home_ids(uow, due)
    spoken = queries.list_spoken_with(uow, due)
    return [Due(pupil_id, teachers[pupil_id], [
        Adult(one, home_ids.get((pupil_id, one), one), spoken.get((pupil_id, one)))
        for one, rights in sorted(families[pupil_id].items()) if rights.may_book], row.last_spoken_at)
        for pupil_id, row in due.items()]


def _read_diaries(uow: UnitOfWork, families: Mapping[str, people.Family]) -> Diaries:
    """Everybody's good hours, and where teachers are."""
    staff_ids = sorted({one for taught in people.list_teachers(uow, families).values() for one in taught})
    zone, now = people.get_school(uow)[1], uow.now
    hours = read_hours(uow, staff_ids)
    said = {one: make_hours(windows, zone) for one, windows in queries.read_family_hours(
        uow, {adult for family in families.values() for adult in family}).items() if windows}
    return Diaries(
        lambda staff_id, day: [(start, end) for start, end in hours[staff_id].spans_on(day) if start > now],
        lambda guardian_id, day: said[guardian_id].spans_on(day) if guardian_id in said else None,
        list_busy(uow, staff_ids, now))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def hold_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str, note: str) -> None:
    """It has taken place, with an optional line. Saying so twice changes nothing."""
    row = _find(uow, caller, checkin_id)
    if row.state == "held":
        return
    _require(row, (*queries.OPEN, "skipped"), "marked as done")
    _hold(uow, row, note)


def hold_at_once(uow: UnitOfWork, caller: Principal, pupil_id: str, guardian_id: str, note: str) -> str:
    """A talk that nobody had proposed; return its id. What was proposed for this child meanwhile is not needed."""
    rights = people.list_families(uow, [pupil_id])[pupil_id].get(guardian_id)
    if rights is None or not rights.may_book:
        raise NotFound()
    _end(uow, uow.all(sa.select(Checkin).where(Checkin.pupil_id == pupil_id, Checkin.state.in_(queries.OPEN))))
    today = people.today_here(uow)
    row = Checkin(id=new_id(), pupil_id=pupil_id, guardian_id=guardian_id, staff_id=caller.person_id, since_on=today,
                  on_day=today, starts_at=uow.now, how="phone", state="proposed", note="", held_on=None, version=0,
                  changed_at=uow.now)
    uow.add(row)
    _hold(uow, row, note)
    return row.id


def _hold(uow: UnitOfWork, row: Checkin, note: str) -> None:
    row.note, row.held_on = note, people.today_here(uow)
    _change(uow, row, "held")
    note_spoken(uow, [(row.pupil_id, row.guardian_id, uow.now)])
    uow.record(events.checkin_held(row))


def skip_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str) -> None:
    """Not this time: nothing more is proposed for this child until the next stretch begins."""
    row = _find(uow, caller, checkin_id)
    if row.state != "skipped":
        _require(row, queries.OPEN, "skipped")
        _change(uow, row, "skipped")


def decline_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str, words: str) -> None:
    """The adult says: not this time, and perhaps when they can talk. The teacher may offer another time."""
    row = _find(uow, caller, checkin_id)
    if row.state == "declined":
        return
    _require(row, ("offered",), "put off")
    row.note = words
    _change(uow, row, "declined")
    uow.record(events.checkin_declined(row))


def move_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str, at: datetime) -> None:
    """Another time; an adult to whom the old one was offered is told of it. After a no it is proposed anew."""
    row = _find(uow, caller, checkin_id)
    _require(row, queries.OPEN, "moved")
    if not uow.now < at < uow.now + FURTHEST:
        raise Invalid(errors={"/starts_at": "Choose a time in the next two months."})
    if any(start < at + LENGTH and end > at for start, end in list_busy(uow, [row.staff_id], uow.now)[row.staff_id]):
        raise Invalid(errors={"/starts_at": "You are somewhere else at that time."})
    if row.starts_at == at:
        return
    row.starts_at, row.on_day = at, at.astimezone(people.get_school(uow)[1]).date()
    _change(uow, row, "proposed" if row.state == "declined" else row.state)
    if row.state == "offered":
        uow.record(events.checkin_proposed(row, [row.guardian_id], []))


def offer_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str) -> None:
    """Let the adult know of the time. Offering it again changes nothing."""
    row = _find(uow, caller, checkin_id)
    if row.state == "offered":
        return
    _require(row, ("proposed",), "offered")
    if row.starts_at <= uow.now:
        raise Conflict("This time has gone by. Choose another first.")
    people.require_booking(people.list_families(uow, [row.pupil_id])[row.pupil_id], row.guardian_id)
    _change(uow, row, "offered")
    uow.record(events.checkin_proposed(row, [row.guardian_id], []))


def _find(uow: UnitOfWork, caller: Principal, checkin_id: str) -> Checkin:
    row = queries.find_checkin(uow, caller, checkin_id)
    uow.session.refresh(row, with_for_update=True)
    return row


def _require(row: Checkin, states: Collection[str], done: str) -> None:
    if row.state not in states:
        raise Conflict(f"This check-in {STATE_WORDS[row.state]}, so it cannot be {done}.")


def _change(uow: UnitOfWork, row: Checkin, state: str) -> None:
    row.state, row.changed_at = state, uow.now
    row.version += 1


def _end(uow: UnitOfWork, rows: Sequence[Checkin]) -> None:
    for row in rows:
        _change(uow, row, "ended")
    if rows:
        uow.flush()


def release_losses(uow: UnitOfWork, losses: Losses) -> None:
    """No talk stands with who may not have one any more; who may not come to school is rung."""
    lost, absent = set(losses.book), set(losses.attend)
    if lost or absent:
        rows = uow.all(sa.select(Checkin).where(Checkin.state.in_(queries.OPEN), Checkin.pupil_id.in_(
            {pupil_id for pupil_id, _ in lost | absent})))
        _end(uow, [row for row in rows if (row.pupil_id, row.guardian_id) in lost])
        _ring(uow, [row for row in rows if (row.pupil_id, row.guardian_id) in absent])


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Nothing is proposed about children who have left."""
    if pupil_ids:
        _end(uow, uow.all(sa.select(Checkin).where(Checkin.state.in_(queries.OPEN), Checkin.pupil_id.in_(pupil_ids))))


def keep_apart(uow: UnitOfWork, pairs: Sequence[tuple[str, str]]) -> None:
    """Who has somebody to avoid at school is rung."""
    adults = {guardian_id for pair in pairs for guardian_id in pair}
    if adults:
        _ring(uow, uow.all(sa.select(Checkin).where(
            Checkin.state.in_(queries.OPEN), Checkin.guardian_id.in_(adults))))


def _ring(uow: UnitOfWork, rows: Sequence[Checkin]) -> None:
    for row in rows:
        row.how = "phone"
    uow.flush()
