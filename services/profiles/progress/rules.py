"""Pure decisions: when a note is due, and when it is time to say so."""

from __future__ import annotations

from datetime import date, timedelta

BEFORE_THE_END = 5  # school days of the half-term that are left when its notes are due
SEEN_COMING = timedelta(days=21)


def is_in_sight(due_on: date, today: date) -> bool:
    """Whether staff are told of it: three weeks are time enough, and before them it would only be noise."""
    return today >= due_on - SEEN_COMING
