"""Getting one more wish in: whoever is in its way looks for another place, or goes out if that is the lesser loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.scheduling.solver.board import IMPOSSIBLE, Board
from services.scheduling.solver.chains import put_back
from services.scheduling.solver.ledger import Ledger
from services.scheduling.solver.table import NOWHERE, Table, are_apart


@dataclass(slots=True)
class Admission:
    """What was done on the board: who came in, who went out, the households touched, and what their waits gain."""

    comes: int
    goes: list[int] = field(default_factory=list)
    houses: set[int] = field(default_factory=set)
    gain: int = 0
    change: tuple[int, ...] = ()


def list_hoping(board: Board, ledger: Ledger) -> list[int]:
    """Wishes not met which might be: their staff has room, or has given it to somebody who would lose less."""
    table = board.table
    missing = [wish for wish, place in enumerate(board.lies) if place == NOWHERE and table.choices[wish]]
    if not missing:
        return []
    room = {staff: any(board.is_free(place) for place in places) for staff, places in table.offered.items()}
    least: dict[str, tuple[int, ...]] = {}
    for wish, place in enumerate(board.lies):
        if place != NOWHERE and table.pinned[wish] == NOWHERE:
            staff, change = table.staff[wish][0], ledger.change((), (wish,))
            least[staff] = min(least.get(staff, change), change)
    none = (0,) * len(ledger.aims)
    return [wish for wish in missing if room[table.staff[wish]] or table.touchy[wish]
            or tuple(-part for part in ledger.change((wish,), ())) > least.get(table.staff[wish][0], none)]


def admit(board: Board, ledger: Ledger, wish: int, place: int, also: Sequence[int] = ()) -> Admission | None:
    """Lay a wish at a place and everybody in its way elsewhere; None, and nothing changed, if that is no better.

    Better is who is met, and if that is as before, less waiting or as much. `also`: talks to be laid anew although they
    are not in the way: a family's lesser talk may have to go for its evening to have room.
    """
    others = _in_the_way(board, wish, place).union(also)
    if any(board.table.pinned[other] != NOWHERE for other in others):
        return None
    house_of = board.table.house
    houses = {house_of[wish], *(house_of[other] for other in others)}
    before = {one: board.lies[one] for one in (wish, *others)}
    costs = {house: board.costs[house] for house in houses}
    for other in others:
        board.take(other)
    for house in houses:
        board.settle(house)
    if board.can(wish, place):
        board.put(wish, place)
        board.settle(house_of[wish])
        goes = [other for other in _by_loss(ledger, others) if not _lay_best(board, other)]
        change = ledger.change((wish,), goes)
        gain = sum(costs[house] - board.costs[house] for house in houses)
        none = (0,) * len(change)
        if change < none or (change == none and gain >= 0):
            return Admission(wish, goes, houses, gain, change)
    put_back(board, before)
    for house, cost in costs.items():
        board.costs[house] = cost
    return None


def _by_loss(ledger: Ledger, wishes: set[int]) -> list[int]:
    """Those first whose loss is worst."""
    return sorted(wishes, key=lambda wish: (tuple(-part for part in ledger.change((), (wish,))), wish))


def _lay_best(board: Board, wish: int) -> bool:
    """Lay a wish where its household waits least; False if it can lie nowhere."""
    house, found, least = board.table.house[wish], NOWHERE, IMPOSSIBLE
    for place in board.table.choices[wish]:
        if board.is_free(place) and not (board.table.touchy[wish] and board.bound(wish, place)):
            cost = board.cost_at(house, {wish: place})
            if cost < least:
                found, least = place, cost
    if found == NOWHERE:
        return False
    board.put(wish, found)
    board.costs[house] = least
    return True


def _in_the_way(board: Board, wish: int, place: int) -> set[int]:
    """Whose talks would have to leave for this one."""
    table = board.table
    found = {board.taken[slot] for slot in table.slots[place]} - {NOWHERE}
    found |= {other for other in board.talks[table.house[wish]]
              if table.clash(board.lies[other], place) and table.shares(wish, other)}
    if table.touchy[wish]:
        found |= {other for other in board.of_staff.get(table.staff[wish][0], ())
                  if table.clash(board.lies[other], place)}
        for kind in table.needs[wish]:
            found |= _users_in_the_way(board, kind, place)
        found |= _enemies_in_the_way(board, table, wish, place)
    return found - {wish}


def _users_in_the_way(board: Board, kind: str, place: int) -> set[int]:
    """The fewest talks that hold a unit which could serve this place."""
    table = board.table
    start, end = table.start[place], table.end[place]
    best: list[int] | None = None
    for number, unit in enumerate(table.units.get(kind, ())):
        if any(opens <= start and end <= closes for opens, closes in unit.times):
            users = board.list_users(kind, number, place)
            if best is None or len(users) < len(best):
                best = users
    return set(best or ())


def _enemies_in_the_way(board: Board, table: Table, wish: int, place: int) -> set[int]:
    """The talks of somebody who must not be met, if their visit would be too near."""
    party, found = table.party[wish], set()
    for adult in party.adults if party else ():
        mine = board.visit(adult, (place,))
        for enemy in sorted(table.enemies.get(adult, ())):
            theirs = board.visit(enemy)
            if mine and theirs and not are_apart(mine, theirs):
                found |= {other for other in table.of_adult[enemy] if board.lies[other] != NOWHERE}
    return found
