"""Where every talk is followed by a way: the search begins with most families in step.

With slots of five minutes and as long a way, a family that never waits is with a teacher in every second slot. Once it
is in the slots between, single talks that move cannot mend that, for whoever makes room falls out of step. So it is
settled before anything is laid in which phase each family is, such that every teacher has as many slots in each phase
as are asked for. Families of whom two teachers share a room change phase there, wherever that is: they stay free, and
without them nothing would move. The last part of the search looks at all places again. Where a teacher has room to
spare, phases are more of a hindrance than a help.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations

from services.scheduling.solver.grants import choose, family_of
from services.scheduling.solver.problem import Problem
from services.scheduling.solver.table import NOWHERE, Table

TRIES = 100  # for each family, to be in other phases
FULL = 7 / 8  # the part of the slots above which phases help
WIDEN = 0.75  # the part of the budget after which all places are looked at

Cell = tuple[str, int]  # staff and phase


@dataclass(slots=True)
class _Split:
    """`left`: the slots of each staff in each phase that nobody asks for; below zero where too many do."""

    table: Table
    beat: int  # minutes of every slot
    phases: int
    left: dict[Cell, int] = field(default_factory=dict)

    def _way(self, one: int, other: int) -> int:
        """The slots that pass on the way from one wish's room to another's."""
        return -(-self.table.walked(self.table.choices[one][0], self.table.choices[other][0]) // self.beat)

    def is_strict(self, wishes: list[int]) -> bool:
        """Whether a family that does not wait is in one phase all evening."""
        return (all(self.table.staff[wish][1] == 1 for wish in wishes)
                and all(self._way(*pair) + 1 == self.phases for pair in combinations(wishes, 2)))

    def in_step(self, wishes: list[int], chance: random.Random) -> dict[Cell, int]:
        """What a family asks for, by wish, when its talks follow one another without waits in any order."""
        found, at, last = dict[Cell, int](), chance.randrange(self.phases), NOWHERE
        for wish in chance.sample(wishes, len(wishes)):
            at += self._way(last, wish) if last != NOWHERE else 0
            staff, length = self.table.staff[wish]
            for more in range(length):
                found[staff, (at + more) % self.phases] = wish
            at, last = at + length, wish
        return found

    def take(self, cells: Iterable[Cell], count: int) -> None:
        for cell in cells:
            self.left[cell] = self.left.get(cell, 0) - count

    def excess(self, cells: Iterable[Cell]) -> int:
        """By how much too many ask for these, the uneven worse."""
        return sum(self.left[cell] ** 2 for cell in cells if self.left[cell] < 0)


def narrowed(table: Table, chance: random.Random) -> Table:
    """The table with the places of each wish that are in its phase; the same where there is none, or room to spare."""
    beat, phases = _find_beat(table)
    if phases < 2 or _load(table.problem) < FULL:
        return table
    first, split = min(table.start), _Split(table, beat, phases)
    phase_at = [(start - first) // beat % phases for start in table.start]
    for (staff, length), places in table.offered.items():
        if length == 1:
            split.take([(staff, phase_at[place]) for place in places], -1)
    families = _list_families(table)
    choices, phase = list(table.choices), [NOWHERE] * len(table.choices)
    for wishes, asked in zip(families, _settle(split, families, chance), strict=True):
        for (_staff, mine), wish in asked.items() if split.is_strict(wishes) else ():
            places = [place for place in table.choices[wish] if phase_at[place] == mine]
            if places:
                choices[wish], phase[wish] = places, mine
    return replace(table, choices=choices, may=[frozenset(places) for places in choices], near={}, phases=phases,
                   phase_at=phase_at, phase=phase)


def _list_families(table: Table) -> list[list[int]]:
    """The wishes to be planned of each family that has none pinned."""
    families: dict[str, list[int]] = {}
    for wish in sorted(choose(table)):
        families.setdefault(family_of(table, wish), []).append(wish)
    return [wishes for wishes in families.values() if all(table.pinned[wish] == NOWHERE for wish in wishes)]


def _load(problem: Problem) -> float:
    """The part of the slots that is wished for."""
    return sum(wish.slots for wish in problem.wishes) / max(1, sum(len(desk.slots) for desk in problem.desks))


def _find_beat(table: Table) -> tuple[int, int]:
    """(The minutes of every slot, how many slots a talk and its way take: one where slots are of several kinds)."""
    slots = [slot for desk in table.problem.desks for slot in desk.slots]
    beats = {slot.end - slot.start for slot in slots}
    beat = max(beats, default=0)
    rooms = sum(site is not None for site in table.sites)
    if len(beats) != 1 or beat <= 0 or rooms < 2 or len({slot.start % beat for slot in slots}) > 1:
        return beat, 1
    return beat, 1 - (-table.problem.walk_room // beat)


def _settle(split: _Split, families: list[list[int]], chance: random.Random) -> list[dict[Cell, int]]:
    """What each family asks for: those that ask where too many do try others, until nobody does or all had turns."""
    found = [split.in_step(wishes, chance) for wishes in families]
    for asked in found:
        split.take(asked, 1)
    excess = split.excess(split.left)
    for _try in range(TRIES * len(families)):
        if not excess:
            break
        number = int(chance.random() * len(families))
        mine = found[number]
        if all(split.left[cell] >= 0 for cell in mine):
            continue
        other = split.in_step(families[number], chance)
        touched = dict.fromkeys([*mine, *other])
        split.take([cell for cell in other if cell not in split.left], 0)
        before = split.excess(touched)
        split.take(mine, -1)
        split.take(other, 1)
        gain = before - split.excess(touched)
        if gain >= 0:
            found[number], excess = other, excess - gain
        else:
            split.take(other, -1)
            split.take(mine, 1)
    return found
