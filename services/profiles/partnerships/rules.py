"""Pure decisions about a loop: its state, what is not possible in it and why, its dates, and which news counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Protocol

OPEN, AGREED, REVIEWING, CLOSED = "open", "agreed", "reviewing", "closed"
STATES = (OPEN, AGREED, REVIEWING, CLOSED)
CELEBRATION, NEW_STEP, LEFT = "celebration", "new-step", "left"
ROLES = ("senco", "head", "advocate", "interpreter", "other")
DOERS = ("home", "school", "child")
DAY = timedelta(days=1)
USUAL_WAIT, LONGEST_USUAL, LONGEST_WAIT = 28 * DAY, 42 * DAY, 365 * DAY
REMINDED_BEFORE = 3 * DAY
DAYS_OF_GRACE = 2  # school days
AROUND = 4 * DAY  # the review meeting may be so much before and after the day
IS_CLOSED = "This is closed, so {} any more. You can start a new one."
NOT_WHEN_CLOSED = {
    "answer": IS_CLOSED.format("nobody can answer"),
    "step": IS_CLOSED.format("no next step can be added"),
    "mark": IS_CLOSED.format("nothing can be said of a step"),
    "view": IS_CLOSED.format("no view can be added"),
    "note": IS_CLOSED.format("no note can be added"),
    "join": IS_CLOSED.format("nobody can be asked to join"),
    "include": IS_CLOSED.format("nobody can be added"),
    "close": "This is closed already.",
}
NOT_YET_CLOSED = "This is still open. Say thank you when it closes."
NOTHING_AGREED = "You can't close this yet: agree on a next step first."


class Calendar(Protocol):
    """What is asked of a school's year."""

    def next_school_day(self, day: date) -> date: ...


def state_of(is_closed: bool, has_steps: bool, is_time: bool) -> str:
    """`is_time`: the review date has come, or the meeting was held."""
    if is_closed:
        return CLOSED
    return REVIEWING if is_time else AGREED if has_steps else OPEN


def refusal(move: str, is_closed: bool, has_steps: bool) -> str | None:
    """Why this can't be done now, in words; None when it can. An unknown move is a fault of ours."""
    if move == "thank":
        return None if is_closed else NOT_YET_CLOSED
    words = NOT_WHEN_CLOSED[move]
    if is_closed:
        return words
    return NOTHING_AGREED if move == "close" and not has_steps else None


def said(day: date) -> str:
    """A day as a sentence says it."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def fault_of_review(day: date, today: date, year: Calendar) -> tuple[str, date | None]:
    """What is wrong with a review date and the day that would do instead; ('', None) when nothing is."""
    if day <= today:
        proposed = proposed_review(today, year)
        return f"Choose a day after today. {said(proposed)} would do.", proposed
    if day > today + LONGEST_WAIT:
        return "Choose a day within a year.", None
    opens = year.next_school_day(day)
    if opens != day:
        return f"School is closed on {said(day)}. The next school day is {said(opens)}.", opens
    return "", None


def proposed_review(today: date, year: Calendar) -> date:
    """In four weeks, or a little earlier where school is closed for long: between three and six if that can be."""
    usual = year.next_school_day(today + USUAL_WAIT)
    if usual <= today + LONGEST_USUAL:
        return usual
    earlier = (today + USUAL_WAIT - back * DAY for back in range(1, 8))
    return next((day for day in earlier if year.next_school_day(day) == day), usual)


def overdue_on(review_on: date, year: Calendar) -> date:
    """The day on which school must answer for a loop that is still open."""
    day = review_on
    for _ in range(DAYS_OF_GRACE):
        day = year.next_school_day(day + DAY)
    return day


def meeting_window(review_on: date, today: date, year: Calendar) -> tuple[date, date]:
    """From which to which day the review meeting may be: school days around the review, none gone by."""
    first = year.next_school_day(max(today + DAY, review_on - AROUND))
    return first, max(first, year.next_school_day(review_on + AROUND))


def may_close(voice: str, is_opener: bool) -> bool:
    return voice == "school" or is_opener


def may_mark(voice: str, doer: str, is_own: bool) -> bool:
    """Whoever does a step says how it went; school may note it for anybody, an adult at home for the child."""
    return voice == "school" or is_own or (voice == "home" and doer == "child")


Rank = tuple[int, datetime, str]
"""(version, time, id) of news about a meeting: the later counts, in whichever order they arrive."""


def is_newer(rank: Rank, known: Rank) -> bool:
    return rank > known


def told(ids: Collection[str], but: str) -> list[str]:
    """Who is to be told, without the one who did it."""
    return [one for one in dict.fromkeys(ids) if one != but]
