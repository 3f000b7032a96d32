"""Small evenings: every timetable there is, but for those that cannot be better than the best one known.

Wishes are decided one after another, household by household. What is left out so far and what finished households
wait can only grow, so a beginning that is no better than the best known whole is not gone on with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.scheduling.solver.board import Board
from services.scheduling.solver.build import pinned_board
from services.scheduling.solver.plan import Cost
from services.scheduling.solver.problem import (
    SECOND_TRIP_MINUTES,
    burden,
    first_talks_weight,
    rank_weight,
)
from services.scheduling.solver.table import NOWHERE, Table

MOST_WISHES = 12
MOST_NODES = 60_000

Key = tuple[int, ...]


@dataclass(slots=True)
class _Trying:
    board: Board
    wishes: list[int]  # to be decided, in this order
    last_of: dict[int, int]  # the household that is finished with a wish
    best: Key
    late: Callable[[], bool]
    found: list[int] | None = None
    nodes: int = 0
    counts: dict[str, list[int]] = field(default_factory=dict)  # of each family: wishes, and those left out

    @property
    def is_over(self) -> bool:
        return self.nodes >= MOST_NODES or (not self.nodes % 256 and self.late())


def try_all(table: Table, best: Key, late: Callable[[], bool]) -> tuple[list[int] | None, bool]:
    """(A timetable better than `best` if there is one: the place of each wish; whether all were looked at)."""
    free = [wish for wish, choices in enumerate(table.choices) if choices and table.pinned[wish] == NOWHERE]
    if len(free) > MOST_WISHES:
        return None, False
    free.sort(key=lambda wish: (min(len(table.choices[one]) for one in table.houses[table.house[wish]].wishes),
                                table.house[wish], len(table.choices[wish])))
    trying = _Trying(pinned_board(table), free, {table.house[wish]: wish for wish in free}, best, late)
    out: list[int] = []
    for wish, choices in enumerate(table.choices):
        count = trying.counts.setdefault(_home(table, wish), [0, 0])
        count[0] += 1
        if not choices or (table.pinned[wish] != NOWHERE and trying.board.lies[wish] == NOWHERE):
            out.append(wish)
    start = Cost()
    for wish in out:
        start = _without(trying, start, wish)
    for house in set(range(len(table.houses))) - set(trying.last_of):
        start = _finished(trying.board, start, house)
    _decide(trying, 0, start)
    return trying.found, not trying.is_over


def _decide(trying: _Trying, at: int, cost: Cost) -> None:
    trying.nodes += 1
    board, table = trying.board, trying.board.table
    key = cost.in_order(table.problem.order)
    if key >= trying.best or trying.is_over:
        return
    if at == len(trying.wishes):
        trying.best, trying.found = key, list(board.lies)
        return
    wish = trying.wishes[at]
    house, is_last = table.house[wish], trying.last_of[table.house[wish]] == wish
    for place in table.choices[wish]:
        if board.can(wish, place):
            board.put(wish, place)
            _decide(trying, at + 1, _finished(board, cost, house) if is_last else cost)
            board.take(wish)
    left = _without(trying, cost, wish)
    _decide(trying, at + 1, _finished(board, left, house) if is_last else left)
    trying.counts[_home(table, wish)][1] -= 1


def _without(trying: _Trying, cost: Cost, wish: int) -> Cost:
    """The cost with one wish more left out; its family's count is raised."""
    problem, count = trying.board.table.problem, trying.counts[_home(trying.board.table, wish)]
    fairness = first_talks_weight(count[0] - count[1])
    count[1] += 1
    return Cost(cost.unmet_please_come + problem.wishes[wish].please_come,
                cost.unmet + rank_weight(problem.wishes[wish]), cost.unfairness + fairness,
                cost.burden, cost.idle, cost.worst_wait, cost.trips, cost.away)


def _finished(board: Board, cost: Cost, house: int) -> Cost:
    """The cost with what a household waits, of which everything is decided."""
    at = {wish: board.lies[wish] for wish in board.talks[house]}
    waits = board.waits_of(board.table.houses[house], at).values()
    ways = board.ways_of(board.table.houses[house], at)
    return Cost(cost.unmet_please_come, cost.unmet, cost.unfairness, cost.burden + sum(map(burden, waits)),
                cost.idle + sum(waits), max(cost.worst_wait, *waits, 0),
                cost.trips + sum(away > SECOND_TRIP_MINUTES for away in ways), cost.away + sum(ways))


def _home(table: Table, wish: int) -> str:
    party = table.party[wish]
    return party.home if party else ""
