"""One step of the search: a talk moves, whoever is in its way moves into what it left, and so on until nobody is.

Where all desks keep the same times this is a Kempe chain of an edge colouring, which always ends; elsewhere a chain
that finds no place is given up. Whoever holds what a talk needs at its new time is in its way too.
"""

from __future__ import annotations

from collections.abc import Callable

from services.scheduling.solver.board import IMPOSSIBLE, Board
from services.scheduling.solver.table import NOWHERE

LONGEST = 12


def find_chain(board: Board, moved: dict[int, int], pick: Callable[[int], int]) -> dict[int, int] | None:
    """All that must move when some wishes move: new places by wish; None when a chain cannot be made.

    `pick`: a place for a wish that a talk pushes away which was nowhere before, and so leaves no time for it.
    """
    table, lies, taken = board.table, board.lies, board.taken
    start, end, room = table.start, table.end, table.room
    queue = list(moved)
    while queue:
        here = queue.pop()
        new, old = moved[here], lies[here]
        if new == NOWHERE:
            continue
        for slot in table.slots[new]:
            other = taken[slot]
            if other != NOWHERE and other not in moved:
                if old not in table.may[other] or table.pinned[other] != NOWHERE:
                    return None
                moved[other] = old
                queue.append(other)
        held = _list_holders(board, here, new, moved) if table.needs[here] else ()
        begins, ends, ways = start[new], end[new], table.walk[room[new]]
        for other in (*held, *board.talks[table.house[here]]):
            if other in moved:
                continue
            at = lies[other]
            way = ways[room[at]]  # `clash`, said here: it is asked a million times
            if other in held or (begins < end[at] + way and start[at] < ends + way and table.shares(here, other)):
                there = table.at(other, table.start[old]) if old != NOWHERE else pick(other)
                if there not in table.may[other] or table.pinned[other] != NOWHERE:
                    return None
                moved[other] = there
                queue.append(other)
        if len(moved) > LONGEST:
            return None
    return moved


def _list_holders(board: Board, wish: int, place: int, moved: dict[int, int]) -> list[int]:
    """Whose talks must move for all that a wish needs to be free at a place."""
    found = (_holder(board, kind, place, moved) for kind in board.table.needs[wish])
    return [other for other in found if other != NOWHERE]


def _holder(board: Board, kind: str, place: int, moved: dict[int, int]) -> int:
    """Whose talk must move for a unit to be free at a place; NOWHERE when one is, or when more than one would have to.

    It may be that none is free all the same: `carry_out` has the last word.
    """
    table = board.table
    start, end, found = table.start[place], table.end[place], NOWHERE
    for number, unit in enumerate(table.units.get(kind, ())):
        if any(opens <= start and end <= closes for opens, closes in unit.times):
            users = [other for other in board.list_users(kind, number, place) if other not in moved]
            if not users:
                return NOWHERE
            if len(users) == 1 and (found == NOWHERE or len(moved) % 2):
                found = users[0]
    return found


def gain_of(board: Board, moved: dict[int, int]) -> tuple[int, dict[int, int]]:
    """What a chain saves (negative: costs), and the households' new costs."""
    house_of, costs = board.table.house, board.costs
    gain, new = 0, {}
    for wish in moved:
        house = house_of[wish]
        if house not in new:
            cost = board.cost_at(house, moved)
            new[house] = cost
            gain += costs[house] - cost
            if cost >= IMPOSSIBLE:
                return -IMPOSSIBLE, new
    return gain, new


def carry_out(board: Board, moved: dict[int, int], new: dict[int, int]) -> bool:
    """Make a chain's moves; False, and nothing changed, when units or somebody kept apart forbid them."""
    table = board.table
    before = {wish: board.lies[wish] for wish in moved}
    for wish, old in before.items():
        if old != NOWHERE:
            board.take(wish)
    for wish, place in moved.items():
        if place == NOWHERE:
            continue
        if not board.is_free(place) or (table.touchy[wish] and board.bound(wish, place)):
            put_back(board, before)
            return False
        board.put(wish, place)
    for house, cost in new.items():
        board.costs[house] = cost
    return True


def put_back(board: Board, before: dict[int, int]) -> None:
    """Lay wishes where they were; their households' costs are left as they are."""
    for wish in before:
        if board.lies[wish] != NOWHERE:
            board.take(wish)
    for wish, old in before.items():
        if old != NOWHERE:
            board.put(wish, old)
