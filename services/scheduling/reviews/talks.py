"""Talks outside evenings, a part of the actions: one adult's, at times from both sides' good hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from chassis.clock import new_id
from chassis.errors import Invalid
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.queries import list_busy
from services.scheduling.people import queries as people
from services.scheduling.reviews import events
from services.scheduling.reviews.models import Review
from services.scheduling.reviews.queries import make_hours, read_case, read_hours
from services.scheduling.reviews.rules import (
    MOST_OFFERED,
    Hours,
    Span,
    find_window_faults,
    list_starts,
    overlap,
    spread,
)

LOOKS_AHEAD, FURTHEST = timedelta(days=28), timedelta(days=60)
DAY = timedelta(days=1)
TALK_OVER = "talk-over"


@dataclass(frozen=True, slots=True)
class TalkWish:
    """A talk of a meeting, as it is wished. `can` are days with start and end on the school's clock; `hours` the
    adult's good hours of the week, for when nothing is said; `but` what others of the meeting were offered.
    """

    meeting_id: str
    pupil_id: str
    guardian_id: str
    staff_id: str
    about: str = ""
    how: str | None = None
    can: Sequence[Mapping[str, Any]] = ()
    hours: Sequence[Any] = ()
    but: Collection[datetime] = ()


def offer_talk(uow: UnitOfWork, wish: TalkWish, tells: bool) -> tuple[str, list[datetime]]:
    """Offer times from tomorrow on, and return the talk's id and the times; `tells`: whether the adult is written to.

    Where there are none and the adult has said when they can, the teacher sees that and offers others.
    """
    words = find_window_faults([(0, one["start"], one["end"]) for one in wish.can])
    if words:
        raise Invalid(words, {"/can": words})
    today = people.today_here(uow)
    first, last = today + DAY, max([today + LOOKS_AHEAD, *(one["on"] for one in wish.can)])
    if any(not first <= one["on"] <= today + FURTHEST for one in wish.can):
        raise Invalid(errors={"/can": "Choose days from tomorrow on, in the next two months."})
    row = Review(id=new_id(), kind=events.TALK, partnership_id=wish.meeting_id, pupil_id=wish.pupil_id,
                 guardian_id=wish.guardian_id, staff_id=wish.staff_id, from_on=first, by_on=last, about=wish.about,
                 prefers=wish.how, times=[], can=[], state="offered", cause=None, how=None, starts_at=None,
                 ends_at=None, was_starts_at=None, was_ends_at=None, sequence=0, version=1, changed_at=uow.now)
    times = _find_times(uow, wish, row)
    row.times = [at.isoformat() for at in times]
    if wish.can and not times:
        row.state, row.can = "unsuited", [[one["on"].isoformat(), one["start"], one["end"]] for one in wish.can]
    uow.add(row)
    uow.record(events.review_offered(row, [row.guardian_id] if tells else [], []))
    uow.flush()
    return row.id, times


def _find_times(uow: UnitOfWork, wish: TalkWish, row: Review) -> list[datetime]:
    hours, year = read_hours(uow, [row.staff_id])[row.staff_id], people.get_year(uow)
    busy = list_busy(uow, [row.staff_id], uow.now)[row.staff_id]
    days = year.list_school_days(row.from_on, row.by_on)
    spans = [span for day in days for span in overlap(hours.spans_on(day), _free_on(wish, hours, day))]
    case = read_case(uow, row)
    free = [at for at in list_starts(spans, busy) if not case.why_not(at)]
    others = [at for at in free if at not in wish.but]
    return spread(others if len(others) >= MOST_OFFERED else free)


def _free_on(wish: TalkWish, hours: Hours, day: date) -> list[Span]:
    """When the adult is free that day: as they said for this talk, else as they usually are, else always."""
    if wish.can:
        said = [(day.weekday(), one["start"], one["end"]) for one in wish.can if one["on"] == day]
        return make_hours(said, hours.zone).spans_on(day)
    if wish.hours:
        return make_hours(wish.hours, hours.zone).spans_on(day)
    midnight = datetime.combine(day, time(), hours.zone)
    return [(midnight, midnight + DAY)]


def await_end(uow: UnitOfWork, row: Review) -> None:
    """When the time that this talk has now is over, it has taken place."""
    if row.ends_at is not None:
        clear_timers(uow, TALK_OVER, row.id)
        set_timer(uow, TALK_OVER, row.id, row.ends_at)


def on_talk_over(uow: UnitOfWork, review_id: str) -> None:
    """The time of a talk has gone by: it has taken place, if nobody gave it back or moved it meanwhile."""
    row: Review | None = uow.get(Review, review_id)
    if row is not None and row.state == "booked" and row.ends_at is not None and row.ends_at <= uow.now:
        uow.record(events.talk_held(row))
