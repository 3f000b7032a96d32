"""The best evening of one party over what is free now: all its talks if they fit, as close together as can be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.scheduling.solver.board import IMPOSSIBLE, Board
from services.scheduling.solver.problem import rank_weight
from services.scheduling.solver.table import are_apart

WIDTH = 6  # how many places of a wish are tried after each talk: the next ones


@dataclass(slots=True)
class _Looking:
    """A search by depth: every step is the next talk in time; `steps` left before the best so far must do."""

    board: Board
    house: int
    places: dict[int, list[int]]  # the free places of each wish, in order
    worth: dict[int, int]
    enemies: list[tuple[int, int]]  # visits to keep away from
    steps: int
    best: tuple[int, int] = (0, 0)  # (what is not met, what it costs)
    found: dict[int, int] = field(default_factory=dict)
    done: bool = False


def find_itinerary(board: Board, wishes: Sequence[int], steps: int = 4_000) -> dict[int, int]:
    """Places for wishes of ONE party that lie nowhere: those of most worth, then the least waiting.

    Exact unless `steps` run out. What its household has already stays where it is and is counted in.
    """
    table = board.table
    party = table.party[wishes[0]] if wishes else None
    if party is None:
        return {}
    house = table.house[wishes[0]]
    places = {wish: free_places(board, wish) for wish in wishes}
    worth = {wish: rank_weight(table.problem.wishes[wish]) + 10_000 * table.problem.wishes[wish].please_come
             for wish in wishes if places[wish]}
    visits = [board.visit(other) for adult in party.adults for other in sorted(table.enemies.get(adult, ()))]
    looking = _Looking(board, house, {wish: places[wish] for wish in worth}, worth,
                       [visit for visit in visits if visit], steps)
    looking.best = (sum(worth.values()), board.costs[house])
    for first in _anchors(looking):
        _look(looking, [first], sum(worth.values()) - worth[first[0]], 0)
        if looking.done or looking.steps <= 0:
            break
    return looking.found


def free_places(board: Board, wish: int) -> list[int]:
    """Where a wish may lie now."""
    table, taken = board.table, board.taken
    house = table.house[wish]
    if table.touchy[wish] or board.talks[house]:
        return [place for place in table.choices[wish] if board.can(wish, place)]
    if table.staff[wish][1] == 1:
        return [place for place in table.choices[wish] if taken[table.slots[place][0]] < 0]
    return [place for place in table.choices[wish] if board.is_free(place)]


def _anchors(looking: _Looking) -> list[tuple[int, int]]:
    """Where the first talk may be, the scarcest wish's neighbourhood first, then by time."""
    if not looking.places:
        return []
    table = looking.board.table
    scarce = min(looking.places, key=lambda wish: (len(looking.places[wish]), wish))
    near = [table.start[place] for place in looking.places[scarce][:WIDTH]]
    found = [(place, wish) for wish, places in looking.places.items() for place in places]
    found.sort()
    if len(looking.places[scarce]) <= WIDTH:
        found.sort(key=lambda one: min((abs(table.start[one[0]] - start) for start in near), default=0))
    return [(wish, place) for place, wish in found]


def _look(looking: _Looking, so_far: list[tuple[int, int]], missing: int, idle: int) -> None:
    """Go on from a beginning; every beginning is an evening by itself."""
    looking.steps -= 1
    board, plain = looking.board, looking.board.table.houses[looking.house].plain
    plain = plain and not board.talks[looking.house]
    if not _is_allowed(looking, so_far):
        return
    if missing < looking.best[0] or (missing == looking.best[0] and plain and idle < looking.best[1]) or not plain:
        cost = board.cost_at(looking.house, dict(so_far))
        if cost < IMPOSSIBLE and (missing, cost) < looking.best:
            looking.best, looking.found = (missing, cost), dict(so_far)
            looking.done = missing == 0 and cost == 0
    table, last = board.table, so_far[-1][1]
    left = [wish for wish in looking.places if all(wish != one for one, _place in so_far)]
    nexts = []
    for wish in left:
        places = looking.places[wish]
        for place in places[bisect_left(places, last):][:WIDTH]:
            gap = table.start[place] - table.end[last] - table.walked(last, place)
            if gap >= 0:
                nexts.append((gap, place, wish))
    for gap, place, wish in sorted(nexts):
        if looking.done or looking.steps <= 0:
            return
        now = idle + gap * board.wait_weight
        if plain and looking.best[0] == 0 and now >= looking.best[1]:
            return
        _look(looking, [*so_far, (wish, place)], missing - looking.worth[wish], now)


def _is_allowed(looking: _Looking, so_far: list[tuple[int, int]]) -> bool:
    """Whether the visit keeps away from everybody it must."""
    if not looking.enemies:
        return True
    start, end = looking.board.table.start, looking.board.table.end
    visit = (min(start[place] for _wish, place in so_far), max(end[place] for _wish, place in so_far))
    return all(are_apart(visit, other) for other in looking.enemies)


def lay(board: Board, places: dict[int, int]) -> list[int]:
    """Put an itinerary on the board; the wishes that found a place after all."""
    found = []
    for wish, place in sorted(places.items(), key=lambda item: item[1]):
        if board.can(wish, place):
            board.put(wish, place)
            found.append(wish)
    if found:
        board.settle(board.table.house[found[0]])
    return found
