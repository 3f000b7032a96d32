"""Since when a family should have heard from school, and which classes are too small to count: pure decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

Half = tuple[date, date]
"""First and last day of a half-term."""

USUAL_WEEKS, LEAST_WEEKS, MOST_WEEKS = 4, 2, 12
DAYS_IN_A_WEEK = 5
FARTHEST = 400  # days that are looked back through
FEWEST = 5  # pupils of a class whose contacts are counted: fewer, and a count would say something of one child


def heard_by(today: date, weeks: int, is_school_day: Callable[[date], bool]) -> date:
    """The first day of the last so many weeks of school, holidays left out: who heard nothing since then is unheard."""
    left = weeks * DAYS_IN_A_WEEK
    for back in range(1, FARTHEST):
        day = today - timedelta(days=back)
        left -= is_school_day(day)
        if left == 0:
            return day
    return today - timedelta(days=FARTHEST)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_of(half: Half, halves: Sequence[Half]) -> tuple[date, date]:
    """The first week of a half-term, and the first that is counted to it no more: holidays go with what was before."""
    after = [begins for begins, _ends in halves if begins > half[0]]
    return monday_of(half[0]), monday_of(min(after)) if after else date.max


def may_be_counted(pupils: int) -> bool:
    return pupils >= FEWEST
