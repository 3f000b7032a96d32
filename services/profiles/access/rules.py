"""The clock of a request, whom to ask first, and whose reads are never shown: pure decisions on plain values."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from datetime import date, timedelta

NEVER_SHOWN = frozenset({"dsl"})
SHOWN_ROLES = ("dsl", "head", "office", "senco", "teacher")
AGAIN = timedelta(minutes=15)  # the same person at the same thing is still at it
WARNED_BEFORE = timedelta(days=7)
TIME_TO_ANSWER, LONGEST = 1, 3  # months
OLD_ENOUGH = 8  # the school year from which a child is asked: twelve turning thirteen
TOO_YOUNG = "not asked: too young"
EARLY_YEARS = frozenset({"nursery", "pre-school", "preschool", "reception", "foundation", "early years", "n1", "n2"})
SHOWN_AS = ("page", "about-me", "support", "praise", "progress", "updates", "update", "together",
            "strategies", "agreement")


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day. Weekends count like any other day."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_on(asked_on: date) -> date:
    return months_after(asked_on, TIME_TO_ANSWER)


def may_extend(asked_on: date, until: date) -> bool:
    """By at most two further months, and never to a day before the one that was promised."""
    return due_on(asked_on) < until <= months_after(asked_on, LONGEST)


def is_old_enough(year_group: str) -> bool:
    """Whether the child's own wishes are asked first. A year that we cannot read is asked about: it costs little."""
    words = year_group.strip().lower()
    number = re.search(r"\d+", words)
    if words in EARLY_YEARS or words.startswith(("nursery", "reception")):
        return False
    return number is None or int(number.group()) >= OLD_ENOUGH


def is_never_shown(roles: Collection[str]) -> bool:
    return bool(NEVER_SHOWN.intersection(roles))


def role_shown(roles: Collection[str]) -> str:
    """The one role that a read is kept with."""
    return next((role for role in SHOWN_ROLES if role in roles), min(roles, default="staff"))


def shown_as(what: str, own_updates: Collection[str]) -> str | None:
    """How a read is named to an adult; None for a read of what another adult has told, which is not there.

    What has no name here is simply 'record': nobody learns from it that somebody looked at rights.
    """
    name, _, update_id = what.partition(":")
    if name == "update":
        return "update" if update_id in own_updates else None
    return name if name in SHOWN_AS else "record"
