"""Families that walk between all their talks begin in step, and still every plan is allowed and the seed's own."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from services.scheduling.solver.phases import narrowed
from services.scheduling.solver.problem import Problem
from services.scheduling.solver.search import solve
from services.scheduling.solver.table import NOWHERE, make_table
from tests.scheduling.solver.cases import Case, evening, everything, with_walking
from tests.scheduling.solver.checker import find_wrongs, reckon

FULL = with_walking(evening(Case(1, 36, families=200, teachers=20)))
SHORT_OF_STEP = {
    "nobody walks": evening(Case(1, 20, families=60, teachers=12)),
    "slots of several lengths": replace(FULL, desks=(replace(FULL.desks[0], slots=tuple(
        replace(slot, end=slot.end - 1) for slot in FULL.desks[0].slots)), *FULL.desks[1:])),
    "slots that begin apart": replace(FULL, desks=(replace(FULL.desks[0], slots=tuple(
        replace(slot, start=slot.start + 1, end=slot.end + 1) for slot in FULL.desks[0].slots)), *FULL.desks[1:])),
    "one room": replace(FULL, desks=tuple(replace(desk, room="hall") for desk in FULL.desks)),
    "room to spare": with_walking(evening(Case(1, 30, families=200, teachers=20))),
    "nothing at all": Problem((), (), (), walk_room=5)}


@pytest.mark.parametrize("walk", [5, 7, 10])
def test_no_teacher_is_asked_for_more_talks_in_a_phase_than_there_are_slots(walk: int) -> None:
    problem = replace(FULL, walk_room=walk, walk_site=walk)
    table = narrowed(make_table(problem), random.Random(1))
    assert table.phases == (2 if walk == 5 else 3)
    asked = Counter((table.staff[wish][0], phase) for wish, phase in enumerate(table.phase) if phase != NOWHERE)
    assert len(asked) > len(problem.desks)
    assert max(asked.values()) <= 36 // table.phases
    for wish, phase in enumerate(table.phase):
        assert phase == NOWHERE or {table.phase_at[place] for place in table.choices[wish]} == {phase}


@pytest.mark.parametrize("name", SHORT_OF_STEP)
def test_an_evening_without_phases_or_with_room_is_left_as_it_is(name: str) -> None:
    table = make_table(SHORT_OF_STEP[name])
    assert narrowed(table, random.Random(1)) is table


@pytest.mark.parametrize("rounds", [0, 100, 1_500])
def test_a_plan_that_began_in_step_is_allowed_and_the_same_again(rounds: int) -> None:
    problem = with_walking(everything(Case(3, 34, families=100, teachers=12)))
    kept = {talk.wish: talk.slots[0] for talk in solve(problem, 1, 1.0, lambda: 0.0, max_rounds=100).talks[::5]}
    problem = replace(problem, wishes=tuple(
        replace(wish, pinned=kept.get(wish.id), slots=1 if wish.id in kept or number % 9 else 2)
        for number, wish in enumerate(problem.wishes)))
    plan = solve(problem, 1, 1.0, lambda: 0.0, max_rounds=rounds)
    assert find_wrongs(problem, plan.talks) == []
    assert reckon(problem, plan.talks) == plan.cost
    assert kept.items() <= {talk.wish: talk.slots[0] for talk in plan.talks}.items()
    assert plan == solve(problem, 1, 1.0, lambda: 0.0, max_rounds=rounds)


@pytest.mark.parametrize("seed", range(1, 7))
def test_where_there_is_room_nobody_who_walks_waits(seed: int) -> None:
    problem = with_walking(evening(Case(seed, 29)))
    plan = solve(problem, seed, 1.0, lambda: 0.0, max_rounds=2_000)
    assert find_wrongs(problem, plan.talks) == []
    assert (plan.cost.unmet, plan.cost.idle) == (0, 0)
