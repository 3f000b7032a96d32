"""Until when the rest of a talk can be booked. Pure decisions on plain values."""

from __future__ import annotations

from datetime import datetime, timedelta

AFTERWARDS = timedelta(hours=24)


def may_go_on(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether "book the rest" can be said of a talk now: from its beginning to the same time of the next day."""
    return starts_at <= now <= ends_at + AFTERWARDS
