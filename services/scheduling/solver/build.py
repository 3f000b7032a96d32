"""A first timetable: whoever has least room goes first, each with its best evening over what is left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from services.scheduling.solver.board import IMPOSSIBLE, Board
from services.scheduling.solver.grants import choose
from services.scheduling.solver.itinerary import find_itinerary, free_places, lay
from services.scheduling.solver.table import NOWHERE, Table

STEPS = 20  # of looking for each party's evening; the search betters it later


def pinned_board(table: Table) -> Board:
    """A board on which only what is pinned lies."""
    board = Board(table)
    for wish, place in enumerate(table.pinned):
        if place != NOWHERE and board.is_free(place):
            board.put(wish, place)
    for house in range(len(table.houses)):
        board.settle(house)
    return board


def board_of(table: Table, lies: Sequence[int]) -> Board:
    """A board on which wishes lie as given, in the order that puts units to use best: by time."""
    board = Board(table)
    for wish, place in sorted(enumerate(lies), key=lambda item: (item[1], item[0])):
        if place != NOWHERE:
            board.put(wish, place)
    for house in range(len(table.houses)):
        board.settle(house)
    return board


def first_timetable(table: Table) -> Board:
    """A board with as many of the chosen wishes as find a place at once."""
    board = pinned_board(table)
    for party in by_need(table, choose(table)):
        lay(board, _shortest(board, party) or find_itinerary(board, party, STEPS))
    return board


def _shortest(board: Board, wishes: list[int]) -> dict[int, int]:
    """All talks of a party: from each time on, the scarcest first and each as early as it goes; the shortest of these.

    {} when they cannot all be laid so.
    """
    table = board.table
    house = table.house[wishes[0]]
    free = sorted(((free_places(board, wish), wish) for wish in wishes), key=lambda item: len(item[0]))
    best, least = {}, IMPOSSIBLE
    for first in sorted({place for places, _wish in free for place in places}):
        found = _from(table, free, first)
        cost = board.cost_at(house, found) if len(found) == len(wishes) else IMPOSSIBLE
        if cost < least:
            best, least = found, cost
        if not least:
            break
    return best


def _from(table: Table, free: list[tuple[list[int], int]], first: int) -> dict[int, int]:
    """Each wish at its earliest place from `first` on; what finds none ends it."""
    found: dict[int, int] = {}
    for places, wish in free:
        for place in places[bisect_left(places, first):]:
            if not any(table.clash(place, other) for other in found.values()):
                found[wish] = place
                break
        else:
            break
    return found


def by_need(table: Table, wishes: Iterable[int]) -> list[list[int]]:
    """The wishes by party: parties with many talks and little time first."""
    parties: dict[str, list[int]] = {}
    for wish in sorted(wishes):
        if table.pinned[wish] == NOWHERE:
            parties.setdefault(table.problem.wishes[wish].party, []).append(wish)
    return sorted(parties.values(), key=lambda some: (
        not any(table.touchy[wish] for wish in some), -_need(table, some), some[0]))


def _need(table: Table, wishes: list[int]) -> float:
    """How full a party's time is: slots wished for each place that it has."""
    slots = sum(table.staff[wish][1] for wish in wishes)
    return slots * slots / max(1, min(len(table.choices[wish]) for wish in wishes))
