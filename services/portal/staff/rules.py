"""What staff see at a glance: talks by evening, and how far good news has got with the homes of a child.

A home has heard once one adult there has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

TOLD, ON_ITS_WAY, NOT_REACHED = "told", "on-its-way", "not-reached"
Item = TypeVar("Item", bound=Mapping[str, object])


@dataclass(frozen=True, slots=True)
class Reach:
    """Of how many homes that were to hear, how many have; nothing more is coming to the others."""

    homes: int
    told: int
    is_on_its_way: bool = False

    @property
    def to_ring(self) -> int:
        return 0 if self.is_on_its_way else self.homes - self.told


def reach_of(homes: Sequence[Sequence[str]], states: Mapping[str, str]) -> Reach | None:
    """`homes` are adults by home, `states` how far it has got with each adult; None when nobody was to hear.

    An adult whom no home names is a home of their own. A home where nobody was to hear is not counted.
    """
    named = {adult for home in homes for adult in home}
    wanted = [[states[adult] for adult in home if adult in states]
              for home in (*homes, *([adult] for adult in states if adult not in named))]
    found = [_of_home(home) for home in wanted if home]
    if not found:
        return None
    return Reach(len(found), found.count(TOLD), ON_ITS_WAY in found)


def _of_home(states: Sequence[str]) -> str:
    return next((state for state in (TOLD, ON_ITS_WAY) if state in states), NOT_REACHED)


def by_evening(talks: Sequence[Item]) -> list[list[Item]]:
    """The talks of each evening together, in the order in which they come."""
    found: dict[object, list[Item]] = {}
    for talk in talks:
        found.setdefault(talk["evening_id"], []).append(talk)
    return list(found.values())
