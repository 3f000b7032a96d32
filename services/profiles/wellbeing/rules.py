"""Until when an update stands, and by when school reads it: pure decisions, in the school's own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

USUAL_HOURS, FEWEST_HOURS, MOST_HOURS = 24, 1, 120
OPENS, CLOSES = time(8), time(16)
ENDS = time(18)
HOURS_A_DAY = 24
MOST_CHASES = 4  # at the promise, and on three school days after it
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NextDay = Callable[[date], date]
Halves = Callable[[date], tuple[date, date]]


def promised_at(now: datetime, hours: int, next_school_day: NextDay) -> datetime:
    """By when it is read. `now` and the answer are in the school's zone.

    Each 24 hours are one school day, to the end of it: what comes today is read by the end of the next school day.
    Fewer hours run while school is open, and what does not fit into a day is read by the end of the next.
    """
    if hours < HOURS_A_DAY:
        return _within_a_day(now, hours, next_school_day)
    day = now.date()
    for _ in range(-(-hours // HOURS_A_DAY)):
        day = next_school_day(day + DAY)
    return _at(day, CLOSES, now)


def _within_a_day(now: datetime, hours: int, next_school_day: NextDay) -> datetime:
    is_open = next_school_day(now.date()) == now.date() and now.time() < CLOSES
    first = now.date() if is_open else next_school_day(now.date() + DAY)
    begins = max(now, _at(first, OPENS, now)) if is_open else _at(first, OPENS, now)
    due = begins + timedelta(hours=hours)
    if due <= _at(first, CLOSES, now):
        return due
    return _at(next_school_day(first + DAY) if is_open else first, CLOSES, now)


def next_chase(promised: datetime, today: date, next_school_day: NextDay) -> datetime:
    """When school is reminded again: at the hour of the promise, on the next school day."""
    return _at(next_school_day(today + DAY), promised.time(), promised)


def lasts_until(now: datetime, until: str, next_school_day: NextDay, half_term: Halves) -> datetime | None:
    """When an update ends by itself; None when its author says so. In holidays 'until half-term' is the next one."""
    if until == "week":
        return now + WEEK
    if until != "half-term":
        return None
    last = half_term(next_school_day(now.date()))[1]
    if _at(last, ENDS, now) <= now:
        last = half_term(next_school_day(last + DAY))[1]
    return _at(last, ENDS, now)


def _at(day: date, clock: time, like: datetime) -> datetime:
    return datetime.combine(day, clock, like.tzinfo)


def join_replies(*replies: str | None) -> str:
    """What somebody answered before and now: nothing that home has read goes away."""
    return "\n".join(reply for reply in replies if reply)
