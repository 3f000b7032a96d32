"""When times are lost: the fewest changes that keep the most talks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from services.scheduling.solver.board import Board
from services.scheduling.solver.chains import put_back
from services.scheduling.solver.outcome import make_talk
from services.scheduling.solver.plan import Talk
from services.scheduling.solver.problem import Problem, rank_weight
from services.scheduling.solver.table import NOWHERE, Table, make_table

Clock = Callable[[], float]
DEPTH = 3  # how many talks may push one another on to save one that would fall out
TRIES = 3_000  # places looked at for one such talk


@dataclass(frozen=True, slots=True)
class Replan:
    """`kept`: talks where they were; `moved`: talks with a new time; `dropped`: wishes for which there is none.

    `changes` counts moved and dropped: the measure a school sees before it confirms.
    """

    kept: tuple[Talk, ...]
    moved: tuple[Talk, ...]
    dropped: tuple[str, ...]
    changes: int


@dataclass(slots=True)
class _Mending:
    """The board, what is lost on it, and who may be asked to move."""

    board: Board
    lost: frozenset[int]
    movable: set[int]
    late: Callable[[], bool]
    tries: int = 0
    shut: set[int] = field(default_factory=set)  # wishes that are being moved just now


def replan(problem: Problem, before: Mapping[str, tuple[str, ...]], lost: frozenset[str],
           *effort: *tuple[int, float, Clock], strict: bool = True) -> Replan:
    """Find new times for the talks that touch a lost slot. `effort`: seed, budget in seconds, clock.

    Every other talk stays where it is. Only when a lost talk would fall out, talks of the families that lost one may
    move to save it, at most DEPTH one after another; those of other families too if not `strict`. Please-come and
    high ranks choose first, each the time with the least waiting for its family. The seed changes nothing: there is
    no chance in it. When the budget ends, what has found no time yet is dropped.
    """
    _seed, budget, clock = effort
    began, table = clock(), make_table(_unpinned(problem, before, lost))
    board, hit = _before(table, before, lost)
    houses = {table.house[wish] for wish in hit}
    movable = {wish for wish, place in enumerate(board.lies) if table.pinned[wish] == NOWHERE
               and (wish in hit or (place != NOWHERE and (table.house[wish] in houses or not strict)))}
    gone = frozenset(number for number, slot in enumerate(table.slot_ids) if slot in lost)
    mending = _Mending(board, gone, movable, lambda: clock() - began >= budget)
    was = list(board.lies)
    first, second = _by_worth(table, hit), []
    for wish in first:
        if mending.late() or not _settle_in(mending, wish):
            second.append(wish)
    for wish in second:
        mending.tries = 0
        _push_in(mending, wish, DEPTH)
    return _outcome(board, was, hit)


def _unpinned(problem: Problem, before: Mapping[str, tuple[str, ...]], lost: frozenset[str]) -> Problem:
    """The problem without the pins of talks that have lost their time."""
    return replace(problem, wishes=tuple(
        wish if wish.pinned is None or lost.isdisjoint((wish.pinned, *before.get(wish.id, ())))
        else replace(wish, pinned=None) for wish in problem.wishes))


def _before(table: Table, before: Mapping[str, tuple[str, ...]], lost: frozenset[str]) -> tuple[Board, set[int]]:
    """A board with all that stays, and the wishes that have lost their time."""
    board, hit = Board(table), set()
    where = {tuple(table.slot_ids[slot] for slot in slots): place for place, slots in enumerate(table.slots)}
    for number, wish in enumerate(table.problem.wishes):
        slots = tuple(before.get(wish.id, ()))
        place = where.get(slots, NOWHERE)
        if slots and lost.isdisjoint(slots) and place != NOWHERE and board.is_free(place):
            board.put(number, place)
        elif slots:
            hit.add(number)
    for house in range(len(table.houses)):
        board.settle(house)
    return board, hit


def _by_worth(table: Table, wishes: Iterable[int]) -> list[int]:
    of = table.problem.wishes
    return sorted(wishes, key=lambda wish: (not of[wish].please_come, -rank_weight(of[wish]), wish))


def _settle_in(mending: _Mending, wish: int) -> bool:
    """Lay a wish on the free place with the least waiting for its household, the earliest of equals."""
    board, table = mending.board, mending.board.table
    house = table.house[wish]
    free = [(board.cost_at(house, {wish: place}), place) for place in table.choices[wish]
            if mending.lost.isdisjoint(table.slots[place]) and board.can(wish, place)]
    if free:
        board.put(wish, min(free)[1])
        board.settle(house)
    return bool(free)


def _push_in(mending: _Mending, wish: int, depth: int) -> bool:
    """Lay a wish where others can make room for it and find another place themselves; else nothing is changed."""
    board, table = mending.board, mending.board.table
    mending.shut.add(wish)
    for place in table.choices[wish]:
        mending.tries += 1
        if mending.tries > TRIES or mending.late():
            break
        others = _in_the_way(board, wish, place)
        if (not mending.lost.isdisjoint(table.slots[place]) or len(others) >= depth
                or not others <= mending.movable - mending.shut):
            continue
        before = list(board.lies)
        for other in others:
            board.take(other)
            board.settle(table.house[other])
        if board.can(wish, place):
            board.put(wish, place)
            board.settle(table.house[wish])
            if all(_settle_in(mending, other) or _push_in(mending, other, depth - 1)
                   for other in _by_worth(table, others)):
                mending.shut.discard(wish)
                return True
        _restore(board, before)
    mending.shut.discard(wish)
    return False


def _in_the_way(board: Board, wish: int, place: int) -> set[int]:
    """Who would have to leave: whoever is there, and the household's talks at that time."""
    table = board.table
    there = {board.taken[slot] for slot in table.slots[place]} - {NOWHERE}
    return there | {other for other in board.talks[table.house[wish]] if table.clash(board.lies[other], place)}


def _restore(board: Board, before: list[int]) -> None:
    changed = {wish: before[wish] for wish, place in enumerate(board.lies) if place != before[wish]}
    put_back(board, changed)
    for wish in changed:
        board.settle(board.table.house[wish])


def _outcome(board: Board, was: list[int], hit: set[int]) -> Replan:
    table = board.table
    placed = [(wish, place) for wish, place in enumerate(board.lies) if place != NOWHERE]
    moved = tuple(make_talk(table, wish, place) for wish, place in placed if wish in hit or place != was[wish])
    kept = tuple(make_talk(table, wish, place) for wish, place in placed if wish not in hit and place == was[wish])
    dropped = tuple(table.problem.wishes[wish].id for wish in sorted(hit) if board.lies[wish] == NOWHERE)
    return Replan(kept, moved, dropped, len(moved) + len(dropped))
