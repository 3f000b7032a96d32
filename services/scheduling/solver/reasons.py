"""Why each wish was met or not, as a code and facts of which one sentence for a parent is made.

A reason never tells of another family, and somebody who is kept apart from another learns the same as anybody whose
time is simply taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.scheduling.solver.board import Board
from services.scheduling.solver.plan import Plan
from services.scheduling.solver.problem import Problem
from services.scheduling.solver.table import NOWHERE, Table, make_table, merged, not_near, within

CODES = ("met", "met-first-choice", "teacher-full", "gave-way-please-come", "cannot-come-then",
         "clashes-with-your-other-talks", "no-slot-with-walk", "need-taken", "no-slots")


@dataclass(frozen=True, slots=True)
class Reason:
    """`facts`: `places` and `wishes` of a teacher with too few; `need` for what was taken; `start`, `end` of a talk."""

    code: str
    facts: dict[str, int | str] = field(default_factory=dict)


def explain(problem: Problem, plan: Plan) -> dict[str, Reason]:
    """A reason by wish."""
    table = make_table(problem)
    board = _board_of(table, plan)
    wished: dict[str, list[int]] = {}
    for number, wish in enumerate(problem.wishes):
        wished.setdefault(wish.staff, []).append(number)
    return {wish.id: _reason(board, number, wished[wish.staff]) for number, wish in enumerate(problem.wishes)}


def _board_of(table: Table, plan: Plan) -> Board:
    numbers = {wish.id: number for number, wish in enumerate(table.problem.wishes)}
    places = {tuple(table.slot_ids[slot] for slot in slots): place for place, slots in enumerate(table.slots)}
    board = Board(table)
    for talk in sorted(plan.talks, key=lambda one: (one.start, one.wish)):
        if talk.wish in numbers and talk.slots in places:
            board.put(numbers[talk.wish], places[talk.slots])
    for house in range(len(table.houses)):
        board.settle(house)
    return board


def _reason(board: Board, number: int, rivals: Iterable[int]) -> Reason:
    table = board.table
    wish, place = table.problem.wishes[number], board.lies[number]
    if place != NOWHERE:
        code = "met-first-choice" if wish.rank == 1 else "met"
        return Reason(code, {"start": table.start[place], "end": table.end[place]})
    offered = table.offered.get(table.staff[number], [])
    if not offered:
        return Reason("no-slots")
    full = _full(table, number, rivals)
    party = table.party[number]
    if party is None or not table.choices[number]:
        return _impossible(table, number, full)
    mine = [other for other in board.talks[table.house[number]] if table.shares(number, other)]
    if all(any(_overlap(table, board.lies[other], one) for other in mine) for one in table.choices[number]):
        return Reason("clashes-with-your-other-talks")
    if all(any(table.clash(board.lies[other], one) for other in mine) for one in table.choices[number]):
        return Reason("no-slot-with-walk")
    left = [one for one in table.choices[number] if board.is_free(one)
            and not any(table.clash(board.lies[other], one) for other in mine)]
    for kind in table.needs[number]:
        if left and all(board.find_unit(kind, one) is None for one in left):
            return Reason("need-taken", {"need": kind})
    if any(board.is_free(one) for one in table.choices[number]):
        return Reason("clashes-with-your-other-talks") if mine else full
    if not wish.please_come and any(table.problem.wishes[other].please_come and board.lies[other] != NOWHERE
                                    for other in rivals):
        return Reason("gave-way-please-come", full.facts)
    return full


def _full(table: Table, number: int, rivals: Iterable[int]) -> Reason:
    """Numbers only where they explain it: else they would show that something was free and not given."""
    places, wished = len(table.offered.get((table.staff[number][0], 1), ())), list(rivals)
    if sum(table.problem.wishes[other].slots for other in wished) <= places:
        return Reason("teacher-full")
    return Reason("teacher-full", {"places": places, "wishes": len(wished)})


def _impossible(table: Table, number: int, full: Reason) -> Reason:
    """A wish that could lie nowhere even at an empty evening: for its party's times, or for what it needs."""
    party = table.party[number]
    if party is None:
        return Reason("no-slots")
    missing = [kind for kind in table.needs[number] if not table.units.get(kind)]
    free = could_come(table, number)
    if not free:
        return Reason("cannot-come-then")
    if missing or table.needs[number]:
        return Reason("need-taken", {"need": (missing or list(table.needs[number]))[0]})
    return full


def could_come(table: Table, number: int) -> bool:
    """Whether a party's times hold any place of the staff."""
    party = table.party[number]
    return party is not None and any(
        within(merged(party.free), table.start[place], table.end[place])
        and all(not_near(table, place, item) for item in party.elsewhere)
        for place in table.offered.get(table.staff[number], ()))


def _overlap(table: Table, one: int, other: int) -> bool:
    return table.start[one] < table.end[other] and table.start[other] < table.end[one]


def count_codes(reasons: Mapping[str, Reason]) -> dict[str, int]:
    """How many wishes have each code."""
    found = dict.fromkeys(CODES, 0)
    for reason in reasons.values():
        found[reason.code] += 1
    return found
