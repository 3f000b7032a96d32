"""Pure decisions about the school's calendar, as profiles describes it: is it a school day, which half-term is it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)
FRIDAY = 4
CLOSER = "closer"  # how often to speak about a child who has support for special needs
UNKNOWN_HALF = 42  # days that stand for a half-term of which nothing is known


@dataclass(frozen=True, slots=True)
class Year:
    """The half-terms that are known, in order, and the days within them that are closed."""

    halves: tuple[tuple[date, date], ...] = ()
    closed: frozenset[date] = field(default_factory=frozenset)

    def is_school_day(self, day: date) -> bool:
        """Beyond what is known every weekday is one."""
        if day.weekday() > FRIDAY or day in self.closed:
            return False
        if not self.halves or not self.halves[0][0] <= day <= self.halves[-1][1]:
            return True
        return any(start <= day <= end for start, end in self.halves)

    def list_school_days(self, start: date, end: date) -> list[date]:
        """The school days from one day to another, both among them."""
        return [day for ahead in range((end - start).days + 1) if self.is_school_day(day := start + ahead * DAY)]

    def half_term(self, day: date) -> tuple[date, date]:
        """The half-term that the day is in; in holidays the next one. Beyond what is known, six weeks from a Monday."""
        for start, end in self.halves:
            if day <= end and (start <= day or start != self.halves[0][0]):
                return start, end
        first = date.fromordinal(1 + (day.toordinal() - 1) // UNKNOWN_HALF * UNKNOWN_HALF)
        return first, first + (UNKNOWN_HALF - 1) * DAY

    def number(self, start: date) -> int:
        """Which half-term one that begins then is: it rises by one from one to the next."""
        firsts = [first for first, _ in self.halves]
        return firsts.index(start) if start in firsts else start.toordinal() // UNKNOWN_HALF


def read_year(written: Mapping[str, Any]) -> Year:
    """A year as it is sent: {'terms': [[first, half first, half last, last], ...], 'closed': [day, ...]}."""
    halves: list[tuple[date, date]] = []
    for term in written.get("terms", ()):
        first, half_first, half_last, last = map(date.fromisoformat, term)
        halves += [(first, half_first - DAY), (half_last + DAY, last)]
    return Year(tuple(halves), frozenset(map(date.fromisoformat, written.get("closed", ()))))
