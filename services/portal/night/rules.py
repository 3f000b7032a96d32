"""When nothing more can be said of how an evening goes on. A pure decision on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

LATEST = timedelta(hours=12)
"""After an evening things can be put right for so long: as scheduling takes it."""


def can_tell(evening: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is the night or still to come: afterwards the page is read alone."""
    return now <= datetime.fromisoformat(evening["ends_at"]) + LATEST
