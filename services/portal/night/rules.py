"""When it is the night, and when nothing more can be said of how it went. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeVar

Item = TypeVar("Item", bound=Mapping[str, object])

LATEST = timedelta(hours=12)
"""After an evening things can be put right for so long: as scheduling takes it."""


def can_tell(evening: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is the night or still to come: afterwards the page is read alone."""
    return now <= datetime.fromisoformat(evening["ends_at"]) + LATEST


def find_today(appointments: Iterable[Item], now: datetime, zone: tzinfo) -> list[Item]:
    """The first appointment of each evening that is today by the clock of `zone`, in the order of time."""
    first: dict[object, Item] = {}
    for starts_at, item in sorted(((datetime.fromisoformat(str(one["starts_at"])), one) for one in appointments),
                                  key=lambda pair: pair[0]):
        if starts_at.astimezone(zone).date() == now.astimezone(zone).date():
            first.setdefault(item["evening_id"], item)
    return list(first.values())
