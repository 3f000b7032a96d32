"""Pure decisions about the school's calendar: is it a school day, which is the next, which half-term is it.

Until a school says its own dates, the usual ones of England stand for it: they are a start, and shown as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)
FRIDAY = 4
FARTHEST = 400  # days that are looked through for the next school day


@dataclass(frozen=True, slots=True)
class Term:
    """From the first to the last day, with the week or two in the middle when school is closed."""

    starts_on: date
    half_starts_on: date
    half_ends_on: date
    ends_on: date

    def halves(self) -> tuple[tuple[date, date], tuple[date, date]]:
        return (self.starts_on, self.half_starts_on - DAY), (self.half_ends_on + DAY, self.ends_on)


@dataclass(frozen=True, slots=True)
class Year:
    """The terms that are known, in order, and the days within them that are closed."""

    terms: tuple[Term, ...] = ()
    closed: frozenset[date] = field(default_factory=frozenset)

    def is_school_day(self, day: date) -> bool:
        """Beyond what is known every weekday is one."""
        if day.weekday() > FRIDAY or day in self.closed:
            return False
        if not self.terms or not self.terms[0].starts_on <= day <= self.terms[-1].ends_on:
            return True
        return any(start <= day <= end for term in self.terms for start, end in term.halves())

    def next_school_day(self, day: date) -> date:
        """The day itself if school is open, else the first day after it that is."""
        for ahead in range(FARTHEST):
            if self.is_school_day(day + ahead * DAY):
                return day + ahead * DAY
        return day

    def school_day_number(self, day: date, number: int) -> date:
        """The school day of that number, counted from `day` on: 1 is the first one."""
        found = self.next_school_day(day)
        for _ in range(number - 1):
            found = self.next_school_day(found + DAY)
        return found

    def school_days_before(self, day: date, number: int) -> date:
        """The school day that has `number` more school days after it, up to and with `day`; not farther than needed."""
        left = number
        for back in range(FARTHEST):
            found = day - back * DAY
            if self.is_school_day(found):
                if left == 0:
                    return found
                left -= 1
        return day

    def half_term(self, day: date) -> tuple[date, date]:
        """First and last day of the half-term that `day` is in, or that began last before it.

        Beyond what is known: the six weeks up to it.
        """
        known = [half for term in self.terms for half in term.halves() if half[0] <= day]
        if not known or day > self.terms[-1].ends_on + 60 * DAY:
            return day - 42 * DAY, day
        return known[-1]


def default_terms(year: int) -> list[Term]:
    """The usual terms of the school year that begins in September of `year`."""
    autumn = Term(_on_or_after(date(year, 9, 2), 1), _last(year, 10, 0), _last(year, 10, 0) + 4 * DAY,
                  _on_or_before(date(year, 12, 20), FRIDAY))
    spring = Term(_on_or_after(date(year + 1, 1, 4), 0), _on_or_after(date(year + 1, 2, 14), 0),
                  _on_or_after(date(year + 1, 2, 14), 0) + 4 * DAY, _on_or_before(date(year + 1, 3, 31), FRIDAY))
    summer = Term(_on_or_after(date(year + 1, 4, 12), 0), _last(year + 1, 5, 0), _last(year + 1, 5, 0) + 4 * DAY,
                  _on_or_before(date(year + 1, 7, 22), FRIDAY))
    return [autumn, spring, summer]


def default_year(today: date) -> Year:
    """The usual terms of this school year and the two after it."""
    first = today.year if today.month >= 8 else today.year - 1
    return Year(tuple(term for year in range(first, first + 3) for term in default_terms(year)))


def is_usual(year: Year) -> bool:
    """Whether nobody has said the school's own dates: all of them are the usual ones of England."""
    return not year.closed and all(
        term in default_terms(term.starts_on.year - (term.starts_on.month < 8)) for term in year.terms)


def _on_or_after(day: date, weekday: int) -> date:
    return day + ((weekday - day.weekday()) % 7) * DAY


def _on_or_before(day: date, weekday: int) -> date:
    return day - ((day.weekday() - weekday) % 7) * DAY


def _last(year: int, month: int, weekday: int) -> date:
    return _on_or_before(date(year + month // 12, month % 12 + 1, 1) - DAY, weekday)


def read_year(written: dict[str, Any]) -> Year:
    """A year as it is kept and sent: {'terms': [[first, half first, half last, last], ...], 'closed': [day, ...]}."""
    return Year(tuple(Term(*map(date.fromisoformat, term)) for term in written.get("terms", ())),
                frozenset(map(date.fromisoformat, written.get("closed", ()))))


def write_year(year: Year) -> dict[str, Any]:
    return {"terms": [[day.isoformat() for day in (term.starts_on, term.half_starts_on, term.half_ends_on,
                                                   term.ends_on)] for term in year.terms],
            "closed": sorted(day.isoformat() for day in year.closed)}


def faults_of(terms: Sequence[Term]) -> dict[int, str]:
    """What is wrong with terms that somebody has written, by the place of the term."""
    found: dict[int, str] = {}
    for place, term in enumerate(terms):
        if not term.starts_on < term.half_starts_on <= term.half_ends_on < term.ends_on:
            found[place] = "The days of a term must follow each other: first day, half-term, last day."
        elif place and terms[place - 1].ends_on >= term.starts_on:
            found[place] = "A term must begin after the one before it has ended."
    return found
