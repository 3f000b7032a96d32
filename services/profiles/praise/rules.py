"""The strengths that good news can name, and the school year that is kept on one page: pure, on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

TRUST_STRENGTHS = {
    "kindness": "Kindness", "perseverance": "Keeping going", "curiosity": "Curiosity", "teamwork": "Working together",
    "creativity": "Creativity", "courage": "Courage", "helpfulness": "Helping others", "honesty": "Honesty",
    "focus": "Concentration", "progress": "Getting better at something",
}
MOST_STRENGTHS = 30  # on one screen, in twenty seconds
MOST_LETTERS = 60
AUGUST = 8


@dataclass(frozen=True, slots=True)
class Named:
    """A strength as it may be named: `is_own` when the words are the school's own and not the trust's."""

    key: str
    label: str
    is_own: bool
    is_retired: bool


def merge(rows: Iterable[tuple[str, str | None, bool]]) -> list[Named]:
    """The trust's list with what a school has made of it: rows of (key, own label, whether it is retired), in order."""
    own = {key: (label, is_retired) for key, label, is_retired in rows}
    keys = [*TRUST_STRENGTHS, *(key for key in own if key not in TRUST_STRENGTHS)]
    found = []
    for key in keys:
        label, is_retired = own.get(key, (None, False))
        found.append(Named(key, label or TRUST_STRENGTHS.get(key, key), label is not None, is_retired))
    return found


def same_words(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def year_of(day: date) -> int:
    """The year in which a school year began: what happens in August belongs to the new one."""
    return day.year if day.month >= AUGUST else day.year - 1


def days_of(year: int) -> tuple[date, date]:
    """The first day of a school year, and the first that is no longer in it."""
    return date(year, AUGUST, 1), date(year + 1, AUGUST, 1)
