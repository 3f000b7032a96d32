"""Pure decisions about the copy: when a pair's rights next end by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def next_end(windows: Mapping[str, Any], after: datetime) -> datetime | None:
    """The next instant at which a window of any purpose ends."""
    ends = (datetime.fromisoformat(end) for pairs in windows.values() for _, end in pairs if end is not None)
    return min((end for end in ends if end > after), default=None)
