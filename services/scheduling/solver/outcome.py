"""A board as a plan: its talks, what is unmet, the whole cost, and whether nothing better exists."""

from __future__ import annotations

from services.scheduling.solver.board import Board
from services.scheduling.solver.plan import Cost, Plan, Talk
from services.scheduling.solver.problem import SECOND_TRIP_MINUTES, burden, first_talks_weight, rank_weight
from services.scheduling.solver.table import NOWHERE, Table


def make_talk(table: Table, wish: int, place: int) -> Talk:
    desk = table.problem.desks[table.desk[place]]
    return Talk(table.problem.wishes[wish].id, tuple(table.slot_ids[slot] for slot in table.slots[place]),
                table.start[place], table.end[place], desk.id)


def list_talks(board: Board) -> tuple[Talk, ...]:
    """All talks, in the order of the wishes."""
    return tuple(make_talk(board.table, wish, place) for wish, place in enumerate(board.lies) if place != NOWHERE)


def cost_of(board: Board) -> Cost:
    """What the timetable on a board costs."""
    table = board.table
    missing = [table.problem.wishes[wish] for wish, place in enumerate(board.lies) if place == NOWHERE]
    met, wished = _by_family(board)
    waits, ways = [0], []
    for number, house in enumerate(table.houses):
        at = {wish: board.lies[wish] for wish in board.talks[number]}
        waits += board.waits_of(house, at).values()
        ways += board.ways_of(house, at)
    return Cost(sum(wish.please_come for wish in missing), sum(rank_weight(wish) for wish in missing),
                sum(first_talks_weight(number) for home, count in wished.items()
                    for number in range(met.get(home, 0) + 1, count + 1)),
                sum(map(burden, waits)), sum(waits), max(waits),
                sum(away > SECOND_TRIP_MINUTES for away in ways), sum(ways))


def _by_family(board: Board) -> tuple[dict[str, int], dict[str, int]]:
    """How many talks each family has, and how many it wished."""
    met: dict[str, int] = {}
    wished: dict[str, int] = {}
    for wish, place in enumerate(board.lies):
        party = board.table.party[wish]
        home = party.home if party else ""
        wished[home] = wished.get(home, 0) + 1
        met[home] = met.get(home, 0) + (place != NOWHERE)
    return met, wished


def make_plan(board: Board, seed: int, rounds: int, seconds: float, is_best: bool) -> Plan:
    unmet = tuple(board.table.problem.wishes[wish].id for wish, place in enumerate(board.lies) if place == NOWHERE)
    return Plan(list_talks(board), unmet, cost_of(board), rounds, seconds, seed, is_best)
