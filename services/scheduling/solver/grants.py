"""Who gets a talk where more wish than there are places: by the school's aims, fair between equals."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.scheduling.solver.problem import GRANTS, Wish, first_talks_weight, in_order, rank_weight
from services.scheduling.solver.table import NOWHERE, Table


@dataclass(slots=True)
class _Counts:
    """Slots left by staff, talks granted by family."""

    left: dict[str, int]
    met: dict[str, int] = field(default_factory=dict)


def choose(table: Table) -> set[int]:
    """The wishes to be planned: as many of each staff as it has places, the best by the aims in their order."""
    counts = _Counts(places_of(table))
    granted: set[int] = set()
    waiting: list[tuple[tuple[int, ...], int]] = []
    for number, wish in enumerate(table.problem.wishes):
        if table.pinned[number] != NOWHERE:
            _grant(table, counts, granted, number)
        elif table.choices[number]:
            waiting.append((_worth(table, counts, wish), number))
    heapq.heapify(waiting)
    while waiting:
        worth, number = heapq.heappop(waiting)
        wish = table.problem.wishes[number]
        now = _worth(table, counts, wish)
        if now > worth:  # its family has got another talk since
            heapq.heappush(waiting, (now, number))
        elif counts.left[wish.staff] >= wish.slots:
            _grant(table, counts, granted, number)
    _exchange(table, counts, granted)
    return granted


def places_of(table: Table) -> dict[str, int]:
    """How many slots each staff has."""
    found: dict[str, int] = {}
    for desk in table.problem.desks:
        found[desk.of] = found.get(desk.of, 0) + len(desk.slots)
    return found


def family_of(table: Table, number: int) -> str:
    party = table.party[number]
    return party.home if party else ""


def _grant(table: Table, counts: _Counts, granted: set[int], number: int) -> None:
    wish, home = table.problem.wishes[number], family_of(table, number)
    counts.left[wish.staff] -= wish.slots
    counts.met[home] = counts.met.get(home, 0) + 1
    granted.add(number)


def _worth(table: Table, counts: _Counts, wish: Wish) -> tuple[int, ...]:
    """What granting a wish is worth now, the best smallest."""
    number = counts.met.get(table.homes[wish.party], 0) if wish.party in table.homes else 0
    return _by_aims(table, wish, first_talks_weight(number + 1))


def _by_aims(table: Table, wish: Wish, fairness: int) -> tuple[int, ...]:
    worth = {"please-come": -int(wish.please_come), "rank": -rank_weight(wish) // wish.slots, "fair": -fairness}
    return tuple(worth[aim] for aim in in_order(table.problem.order) if aim in GRANTS)


def _exchange(table: Table, counts: _Counts, granted: set[int]) -> None:
    """Hand places from families with more talks to families with fewer, where the aims before fairness are indifferent.

    An exchange may go by way of others, who lose one talk and get another. When there is none left, nothing is fairer.
    """
    before = GRANTS[:0]
    for aim in in_order(table.problem.order):
        if aim == "fair":
            break
        before = (*before, aim)
    groups: dict[tuple[object, ...], tuple[list[int], list[int]]] = {}
    for number, wish in enumerate(table.problem.wishes):
        if table.pinned[number] == NOWHERE and table.choices[number]:
            worth = {"please-come": wish.please_come, "rank": rank_weight(wish)}
            key = (wish.staff, wish.slots, *(worth[aim] for aim in before))
            groups.setdefault(key, ([], []))[number in granted].append(number)
    mixed = [group for group in groups.values() if group[0] and group[1]]
    wanting = {family_of(table, number) for without, _with in mixed for number in without}
    for home in sorted(wanting, key=lambda name: (counts.met.get(name, 0), name)):
        while path := _find_path(table, counts, mixed, home):
            for group, gets, loses in path:
                group[0].remove(gets)
                group[1].remove(loses)
                group[0].append(loses)
                group[1].append(gets)
                granted.add(gets)
                granted.discard(loses)
            counts.met[home] = counts.met.get(home, 0) + 1
            counts.met[family_of(table, path[-1][2])] -= 1


Step = tuple[tuple[list[int], list[int]], int, int]


def _find_path(table: Table, counts: _Counts, groups: Sequence[tuple[list[int], list[int]]], home: str) -> list[Step]:
    """Steps (group, the wish that gets, the wish that loses) from a family to one that has two talks more."""
    asking: dict[str, list[tuple[tuple[list[int], list[int]], int]]] = {}
    for group in groups:
        for number in group[0]:
            asking.setdefault(family_of(table, number), []).append((group, number))
    least = counts.met.get(home, 0) + 2
    came: dict[str, tuple[str, Step]] = {}
    queue = deque([home])
    while queue:
        here = queue.popleft()
        for group, gets in asking.get(here, ()):
            for loses in group[1]:
                there = family_of(table, loses)
                if there in came or there == home:
                    continue
                came[there] = (here, (group, gets, loses))
                if counts.met.get(there, 0) >= least:
                    return _walk_back(came, home, there)
                queue.append(there)
    return []


def _walk_back(came: dict[str, tuple[str, Step]], home: str, there: str) -> list[Step]:
    path: list[Step] = []
    while there != home:
        there, step = came[there]
        path.append(step)
    return path[::-1]
