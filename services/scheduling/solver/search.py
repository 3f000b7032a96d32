"""The plan of an evening: who gets in, a first timetable, then chains of moves that shorten the waits."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypedDict, Unpack

from services.scheduling.solver.board import Board
from services.scheduling.solver.bounds import best_cost
from services.scheduling.solver.build import board_of, first_timetable
from services.scheduling.solver.exact import MOST_WISHES, try_all
from services.scheduling.solver.outcome import cost_of, make_plan
from services.scheduling.solver.phases import WIDEN, narrowed
from services.scheduling.solver.plan import Plan, Progress
from services.scheduling.solver.problem import Problem
from services.scheduling.solver.table import make_table
from services.scheduling.solver.wander import Wander

CHECK = 64  # rounds between two looks at the clock
SMALL = 2_000  # rounds that are enough where all timetables can be tried afterwards
TELL = 4_096  # rounds between two words of progress


class Limits(TypedDict, total=False):
    """`max_rounds`: after how many rounds a search ends; with it a seed gives one plan everywhere."""

    max_rounds: int | None


def solve(problem: Problem, seed: int, budget: float, clock: Callable[[], float],
          progress: Callable[[Progress], bool] | None = None, **limits: Unpack[Limits]) -> Plan:
    """The best plan found within `budget` seconds of `clock`; sooner when no plan can be better, or progress says no.

    Never raises for a problem without faults: what finds no place is in the plan's `unmet`.
    """
    began, most = clock(), limits.get("max_rounds")
    table, chance = make_table(problem), random.Random(seed)  # noqa: S311 - no secret
    is_small = sum(map(bool, table.choices)) <= MOST_WISHES
    wander = Wander(first_timetable(table if is_small else narrowed(table, chance)), chance)

    def late() -> bool:
        return most is None and clock() - began >= budget

    spent, enough = 0.0, SMALL if is_small and most is None else most
    while enough is None or wander.rounds < enough:
        gone = spent / budget if budget else 1.0
        gone = gone if enough is None else max(gone, wander.rounds / enough)
        if wander.board.table is not table and (wander.is_done or gone >= WIDEN):
            wander.widen(table)
        if wander.is_done:
            break
        wander.go(CHECK if enough is None else min(CHECK, enough - wander.rounds), gone)
        spent = clock() - began
        if spent >= budget or (wander.rounds % TELL < CHECK and progress is not None
                               and not progress(wander.tell(spent))):
            break
    wander.widen(table)
    board, is_best = _finish(wander, late)
    return make_plan(board, seed, wander.rounds, clock() - began, is_best)


def _finish(wander: Wander, late: Callable[[], bool]) -> tuple[Board, bool]:
    """The best timetable found, or a better one where all can be tried; and whether there is no better one."""
    table = wander.board.table
    board = board_of(table, wander.kept)
    cost, order = cost_of(board), table.problem.order
    if cost.in_order(order) <= best_cost(table).in_order(order):
        return board, True
    found, is_all = try_all(table, cost.in_order(order), late)
    return (board if found is None else board_of(table, found)), is_all
