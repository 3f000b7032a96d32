"""Another solver, which proves what it finds, has the same problem: nothing it finds is better than our plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from services.scheduling.solver.problem import Problem
from services.scheduling.solver.search import solve
from tests.scheduling.solver import cases
from tests.scheduling.solver.cases import Case, evening
from tests.scheduling.solver.checker import find_wrongs, reckon
from tests.scheduling.solver.instances import evenings
from tests.scheduling.solver.peers import try_everything
from tests.scheduling.solver.referee import judge

PATIENCE = 5.0
ROUNDS = 6_000
SMALL = settings(max_examples=25, deadline=None, derandomize=True, database=None,
                 suppress_health_check=list(HealthCheck))
HARDER: dict[str, Callable[[Problem, int], Problem]] = {
    "plain": lambda problem, _seed: problem, "late": cases.with_late_arrivals, "siblings": cases.with_siblings,
    "walking": lambda problem, _seed: cases.with_walking(problem), "breaks": cases.with_breaks,
    "two homes": cases.with_two_homes, "interpreters": cases.with_interpreters}


def proven(problem: Problem) -> tuple[int, ...] | None:
    """The cost, by the aims in their order, that no plan is below; None when there was no time to prove it."""
    verdict = judge(problem, PATIENCE)
    assert verdict.talks is not None
    assert find_wrongs(problem, verdict.talks) == []
    return reckon(problem, verdict.talks).in_order(problem.order) if verdict.proven else None


def reached(problem: Problem) -> tuple[int, ...]:
    plan = solve(problem, 1, 1.0, lambda: 0.0, max_rounds=ROUNDS)
    assert find_wrongs(problem, plan.talks) == []
    return plan.cost.in_order(problem.order)


@SMALL
@given(evenings(most=4))
def test_the_referee_finds_what_trying_everything_finds(problem: Problem) -> None:
    assert proven(problem) == try_everything(problem)[0].in_order(problem.order)


@SMALL
@given(evenings(most=11))
def test_whatever_a_school_comes_up_with_the_plan_is_as_good_as_the_proven_one(problem: Problem) -> None:
    best = proven(problem)
    assert best is None or reached(problem) == best


@pytest.mark.parametrize("kind", HARDER)
def test_evenings_too_large_to_try_everything_get_the_proven_plan(kind: str) -> None:
    proofs = 0
    for seed in range(1, 4):
        problem = HARDER[kind](evening(Case(seed, 5, families=5, teachers=4, slots=6)), seed)
        problem = replace(problem, wishes=tuple(replace(wish, please_come=wish.rank == 2) for wish in problem.wishes))
        best = proven(problem)
        assert best is None or reached(problem) == best
        proofs += best is not None
    assert proofs
