"""The solver beside OR-Tools CP-SAT with the same problem: is its plan the proven best, and how much sooner is it good.

The referee's plans too are looked at by the tests' checker.
"""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import replace

from services.scheduling.solver.problem import Problem
from services.scheduling.solver.search import solve
from tests.benchmarks.measure import Figure
from tests.benchmarks.solver import GOOD, KINDS, checked, seeds
from tests.scheduling.solver import cases
from tests.scheduling.solver.cases import Case
from tests.scheduling.solver.checker import Rules
from tests.scheduling.solver.referee import judge, race

SMALL_ONES, MIDDLING_ONES = 40, 6
PATIENCE, WORKERS = 10.0, 2
SOONER, LONGEST = 100, 150.0


def small(seed: int) -> Problem:
    """A few families, three teachers, now and then a need or a pair."""
    chance = random.Random(seed)
    problem = cases.evening(Case(seed, 3, families=chance.randint(2, 3), teachers=3, slots=chance.randint(3, 4)))
    wishes = tuple(replace(wish, please_come=chance.random() < 0.2) for wish in problem.wishes[:6])
    return replace(problem, wishes=wishes, walk_room=chance.choice((0, 0, 5)),
                   apart=frozenset({("a0", "a1")}) if chance.random() < 0.3 else frozenset())


def middling(seed: int, kind: str) -> Problem:
    """Some twenty wishes at four teachers with six slots: too many to try all."""
    problem = KINDS[kind](cases.evening(Case(seed, 5, families=5, teachers=4, slots=6)), seed)
    return replace(problem, wishes=tuple(replace(wish, please_come=wish.rank == 2) for wish in problem.wishes))


def solver_small() -> Figure:
    """How many evenings get the best plan of all, of those for which the referee proves which it is."""
    problems = [small(seed) for seed in range(SMALL_ONES)]
    problems += [middling(seed, kind) for kind in KINDS for seed in range(1, 1 + MIDDLING_ONES)]
    best, proven, spent, theirs = 0, 0, list[float](), list[float]()
    for seed, problem in enumerate(problems):
        began = time.process_time()
        found = solve(problem, seed, 1.0, time.process_time)
        spent.append(time.process_time() - began)
        verdict, rules = judge(problem, PATIENCE), Rules(problem)
        theirs.append(verdict.seconds)
        if verdict.proven and verdict.talks is not None:
            proven += 1
            cost = checked(rules, verdict.talks).in_order(problem.order)
            best += checked(rules, found.talks).in_order(problem.order) == cost
    return Figure("solver_small", best / proven, 0.0, 1.0, proven,
                  f"evenings with the proven best plan, of {proven} that the referee proves of {len(problems)}; "
                  f"median {statistics.median(spent) * 1000:.0f} ms, the referee "
                  f"{statistics.median(theirs) * 1000:.0f} ms", ">= 1.0", best == proven)


def solver_referee() -> Figure:
    """How many times as long the referee needs for a plan as good, by the wall."""
    ratios, words = [], []
    for seed in seeds(1):
        problem = cases.evening(Case(seed, 34))
        most = int(5 * len(problem.wishes) * GOOD / 100)
        began = time.perf_counter()
        found = solve(problem, seed, 60.0, time.perf_counter,
                      lambda now, most=most: bool(now.unmet) or now.burden > most)  # type: ignore[misc]
        mine = time.perf_counter() - began
        cost = checked(Rules(problem), found.talks)
        assert (cost.unmet, cost.idle <= most) == (0, True)
        theirs, idle = race(problem, most, min(1.05 * SOONER * mine, LONGEST), WORKERS)
        reached = 0 <= idle <= most
        ratios.append(theirs / mine)
        words.append(f"{mine:.2f} s against {theirs:.0f} s" + ("" if reached else " and not reached") + (
            ", no timetable" if idle < 0 else f", {100 * idle / (5 * len(problem.wishes)):.0f} %"))
    return Figure("solver_referee", statistics.median(ratios), min(ratios), max(ratios), len(ratios),
                  f"times as long (at least: it is stopped at {SOONER} x or {LONGEST:.0f} s) CP-SAT needs on {WORKERS} "
                  f"workers to all wishes and {GOOD:.0f} % waits; " + "; ".join(words),
                  f">= {SOONER}", min(ratios) >= SOONER)
