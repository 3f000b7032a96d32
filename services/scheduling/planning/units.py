"""Who gets which interpreter, which step-free room: units of an evening's resources, shared out in order of time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.scheduling.resources.queries import read_stock


@dataclass(frozen=True, slots=True)
class Need:
    """What a talk needs for its time, by keys of resources; `slot` is the first that it has."""

    talk_id: str
    starts_at: datetime
    ends_at: datetime
    keys: tuple[str, ...]
    slot: Any


def share_units(uow: UnitOfWork, evening_id: str, needs: Iterable[Need],
                but: Collection[str] = ()) -> Mapping[str, list[str]]:
    """The resources of each talk that gets all that it needs, the first in time first; the others are missing.

    What the appointments in `but` have is free.
    """
    stock, shared = read_stock(uow, evening_id, but), dict[str, list[str]]()
    for need in sorted(needs, key=lambda one: (one.starts_at, one.ends_at, one.slot.block_id, one.talk_id)):
        found = [stock.find(key, need.starts_at, need.ends_at, need.slot) for key in need.keys]
        if None not in found:
            shared[need.talk_id] = [one.id for one in found if one is not None]
            for resource_id in shared[need.talk_id]:
                stock.use(resource_id, need.starts_at, need.ends_at, need.slot)
    return shared
