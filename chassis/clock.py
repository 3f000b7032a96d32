"""Time and identity: the two things that tests must be able to hold still."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from uuid_utils import uuid7


class Clock(Protocol):
    """Says what time it is, as an aware UTC instant."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def new_id() -> str:
    """A UUIDv7 as text: opaque to readers, in time order for indexes."""
    return str(uuid7())
