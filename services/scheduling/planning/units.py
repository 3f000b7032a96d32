"""Who gets which interpreter, which step-free room: units of an evening's resources, shared out in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.scheduling.resources.queries import key_of, list_resources, list_uses


@dataclass(frozen=True, slots=True)
class Need:
    """What a talk needs for its time: keys of resources."""

    talk_id: str
    starts_at: datetime
    ends_at: datetime
    keys: tuple[str, ...]


def share_units(uow: UnitOfWork, evening_id: str, needs: Iterable[Need],
                but: Collection[str] = ()) -> Mapping[str, list[str]]:
    """The resources of each talk that gets all that it needs, the first in time first; the others are missing.

    What the appointments in `but` have is free.
    """
    resources = list_resources(uow, evening_id)
    used: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for use in list_uses(uow, evening_id):
        if use.appointment_id not in but:
            used[use.resource_id].append((use.starts_at, use.ends_at))
    shared: dict[str, list[str]] = {}
    for need in sorted(needs, key=lambda one: (one.starts_at, one.talk_id)):
        found = [next((one for one in resources if key_of(one) == key and _has_unit(one, need, used[one.id])), None)
                 for key in need.keys]
        if None in found:
            continue
        shared[need.talk_id] = [one.id for one in found if one is not None]
        for resource_id in shared[need.talk_id]:
            used[resource_id].append((need.starts_at, need.ends_at))
    return shared


def _has_unit(resource: Any, need: Need, used: Iterable[tuple[datetime, datetime]]) -> bool:
    at_once = sum(start < need.ends_at and need.starts_at < end for start, end in used)
    return resource.starts_at <= need.starts_at and need.ends_at <= resource.ends_at and at_once < resource.units
