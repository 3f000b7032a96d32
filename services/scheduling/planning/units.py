"""Who gets which interpreter, which step-free room: units of an evening's resources, shared out in order of time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.scheduling.resources.queries import Stock, read_stock

TRIES = 2000  # of giving one talk one resource: a way to share is near the first that is tried, or hardly there
MOST = 300  # talks that need the same: of more, who comes first comes first


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
    """The resources of each talk that gets all that it needs; the others are missing.

    All get theirs where a way to share is found by then (`TRIES`); else the first in time come first. What the
    appointments in `but` have is free.
    """
    stock, shared = read_stock(uow, evening_id, but), dict[str, list[str]]()
    in_time = sorted(needs, key=lambda one: (one.starts_at, one.ends_at, one.slot.block_id, one.talk_id))
    found = {key: _share(stock, key, [need for need in in_time if key in need.keys])
             for key in sorted({key for need in in_time for key in need.keys})}
    for need in in_time:
        mine = [found[key].get(need.talk_id) for key in need.keys]
        if None not in mine:
            shared[need.talk_id] = [one for one in mine if one is not None]
    return shared


def _share(stock: Stock, key: str, needs: Sequence[Need]) -> dict[str, str]:
    """Who gets which of the resources that go by this name."""
    given, left = dict[str, str](), TRIES

    def share_rest(at: int) -> bool:
        nonlocal left
        if at == len(needs):
            return True
        need = needs[at]
        for one in stock.list_free(key, need.starts_at, need.ends_at, need.slot):
            left -= 1
            if left < 0:
                return False
            stock.use(one.id, need.starts_at, need.ends_at, need.slot)
            given[need.talk_id] = one.id
            if share_rest(at + 1):
                return True
            stock.give_back(one.id, need.starts_at, need.ends_at, need.slot)
        return False

    if len(needs) > MOST or not share_rest(0):
        given.clear()
        for need in needs:
            first = next(stock.list_free(key, need.starts_at, need.ends_at, need.slot), None)
            if first is not None:
                stock.use(first.id, need.starts_at, need.ends_at, need.slot)
                given[need.talk_id] = first.id
    return given
