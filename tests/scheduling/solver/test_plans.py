"""A plan is allowed, costs what it says, is no worse than others' plans, and the best where all can be tried."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.scheduling.solver.limits import bound, find_faults
from services.scheduling.solver.plan import Plan, Progress
from services.scheduling.solver.problem import Desk, Elsewhere, Party, Problem, Resource, Slot, Wish
from services.scheduling.solver.search import solve
from tests.scheduling.solver.cases import Case, evening, everything, slots_of, with_walking
from tests.scheduling.solver.checker import find_wrongs, reckon
from tests.scheduling.solver.instances import evenings
from tests.scheduling.solver.peers import first_come, greedy, try_everything

SMALL = settings(max_examples=40, deadline=None, derandomize=True, database=None,
                 suppress_health_check=list(HealthCheck))


def no_time() -> float:
    return 0.0


def planned(problem: Problem, rounds: int = 400, seed: int = 1) -> Plan:
    """A plan, looked at by the checker before anybody else sees it."""
    plan = solve(problem, seed, 1.0, no_time, max_rounds=rounds)
    assert find_wrongs(problem, plan.talks) == []
    assert reckon(problem, plan.talks) == plan.cost
    assert sorted([*(talk.wish for talk in plan.talks), *plan.unmet]) == sorted(wish.id for wish in problem.wishes)
    return plan


@SMALL
@given(evenings(most=5))
def test_a_small_evening_gets_the_best_plan_there_is(problem: Problem) -> None:
    assert find_faults(problem) == []
    plan, (best, _count) = planned(problem), try_everything(problem)
    assert plan.cost.in_order(problem.order) == best.in_order(problem.order)
    assert plan.is_best
    assert bound(problem).in_order(problem.order) <= best.in_order(problem.order)


@SMALL
@given(evenings(most=16))
def test_no_plan_is_worse_than_first_come_or_greedy(problem: Problem) -> None:
    cost = planned(problem, 800).cost.in_order(problem.order)
    for peer in (first_come, greedy):
        talks = peer(problem)
        assert find_wrongs(problem, talks) == []
        assert cost <= reckon(problem, talks).in_order(problem.order)
    assert bound(problem).in_order(problem.order) <= cost


@SMALL
@given(evenings(most=12), st.integers(0, 99))
def test_what_is_pinned_stays_and_the_rest_is_planned_around_it(problem: Problem, seed: int) -> None:
    first, chance = planned(problem, 50), random.Random(seed)
    kept = {talk.wish: talk.slots[0] for talk in first.talks if chance.random() < 0.5}
    pinned = replace(problem, wishes=tuple(replace(wish, pinned=kept.get(wish.id)) for wish in problem.wishes))
    plan = planned(pinned)
    assert set(kept.items()) <= {(talk.wish, talk.slots[0]) for talk in plan.talks}
    assert plan.cost.in_order(problem.order) <= first.cost.in_order(problem.order)


@SMALL
@given(evenings(most=12))
def test_a_seed_and_a_number_of_rounds_give_one_plan(problem: Problem) -> None:
    assert planned(problem, 100) == planned(problem, 100)


@pytest.mark.parametrize("keep", [34, 36])
def test_a_full_evening_has_next_to_no_waiting(keep: int) -> None:
    problem = evening(Case(1, keep, families=120, teachers=12))
    plan = planned(problem, 20_000)
    contact = sum(talk.end - talk.start for talk in plan.talks)
    assert plan.unmet == ()
    assert plan.cost.idle <= 0.05 * contact
    assert plan.cost.worst_wait <= 5  # what waiting there must be is spread


def test_where_more_wish_than_can_come_the_ranks_decide_and_every_place_is_used() -> None:
    problem = evening(Case(2, 0, families=100, teachers=10, slots=36))
    plan = planned(problem, 10_000)
    best = bound(problem)
    assert plan.cost.unmet == best.unmet > 0
    assert plan.cost.unfairness == best.unfairness
    assert len(plan.talks) == 360


def test_families_who_share_the_one_interpreter_do_not_wait_for_each_other() -> None:
    problem = evening(Case(3, 34, families=120, teachers=12))
    sharing = {f"f{number}" for number in range(12)}
    wishes = tuple(replace(wish, needs=("bsl",) if wish.party in sharing else ()) for wish in problem.wishes)
    assert sum(wish.party in sharing for wish in wishes) == 40 > 36
    plan = planned(replace(problem, wishes=wishes, resources=(Resource("bsl", 1, ((0, 180),)),)), 20_000)
    assert len(plan.unmet) == 4
    assert plan.cost.idle <= 150


def test_everything_at_once_still_makes_an_evening() -> None:
    problem = everything(Case(3, 30, families=100, teachers=12))
    plan = planned(problem, 8_000)
    assert len(plan.unmet) <= len(problem.wishes) // 50


def test_walking_is_waited_for_and_not_counted_as_waiting() -> None:
    problem = with_walking(evening(Case(4, 20, families=60, teachers=12)))
    plan = planned(problem, 8_000)
    assert plan.unmet == ()
    assert plan.cost.idle <= 0.1 * sum(talk.end - talk.start for talk in plan.talks)


def one_teacher(wishes: int, places: int) -> Problem:
    return Problem((Desk("d", slots_of("d", range(places)), "r", "", "t"),),
                   tuple(Party(f"p{number}", (f"a{number}",), ((0, 600),)) for number in range(wishes)),
                   tuple(Wish(f"w{number}", f"p{number}", "c", "t", 1 + number) for number in range(wishes)))


def test_please_come_goes_before_rank_unless_the_school_says_otherwise() -> None:
    problem = one_teacher(4, 3)
    problem = replace(problem, wishes=(*problem.wishes[:3], replace(problem.wishes[3], please_come=True)))
    assert planned(problem).unmet == ("w2",)
    assert planned(replace(problem, order=("rank", "please-come", "fair", "waits", "trip"))).unmet == ("w3",)


def test_between_equals_the_family_with_less_goes_first() -> None:
    desks = tuple(Desk(f"d{number}", slots_of(f"d{number}", range(1)), f"r{number}", "", f"t{number}")
                  for number in range(2))
    parties = tuple(Party(name, (name,), ((0, 60),)) for name in ("much", "little"))
    desks = (replace(desks[0], slots=slots_of("d0", range(1))), replace(desks[1], slots=slots_of("d1", (1,))))
    problem = Problem(desks, parties, (Wish("a", "much", "c", "t0", 1), Wish("b", "much", "c", "t1", 1),
                                       Wish("c", "little", "c", "t1", 1)))
    assert planned(problem).unmet == ("b",)


def test_rather_than_one_family_waits_for_long_two_wait_a_little() -> None:
    desks = tuple(Desk(f"d{number}", slots_of(f"d{number}", places), f"r{number}", "", f"t{number}")
                  for number, places in enumerate(((14, 19), (5, 14, 20))))
    parties = tuple(Party(name, (name,), ((0, 200),)) for name in ("a", "b"))
    problem = Problem(desks, parties, tuple(Wish(f"{party.id}{staff}", party.id, "c", staff, 1)
                                            for party in parties for staff in ("t0", "t1")))
    cost = planned(problem).cost
    assert (cost.idle, cost.worst_wait) == (45, 25)  # 40 minutes in all would be 40 for one of them
    assert cost.in_order(problem.order) == try_everything(problem)[0].in_order(problem.order)


@pytest.mark.parametrize("order", [("waits", "trip"), ("trip", "waits")])
def test_progress_tells_what_waits_weigh_whatever_the_order(order: tuple[str, ...]) -> None:
    problem = evening(Case(5, 30, families=60, teachers=12))
    later = (Elsewhere(400, 410, ""),)  # a way nobody is spared
    parties = tuple(replace(party, elsewhere=later) for party in problem.parties)
    problem = replace(problem, parties=parties, order=order)
    told: list[Progress] = []
    plan = solve(problem, 1, 1.0, no_time, lambda now: not told.append(now), max_rounds=4_160)
    assert told[-1].rounds == 4_096  # a little before the end
    assert plan.cost.away > 0
    assert told[-1].burden == pytest.approx(plan.cost.burden, rel=0.1, abs=60)


def test_two_who_must_not_meet_are_never_there_together() -> None:
    problem = replace(one_teacher(2, 12), apart=frozenset({("a0", "a1")}))
    first, second = sorted(planned(problem).talks, key=lambda talk: talk.start)
    assert second.start - first.end >= 15
    assert planned(replace(problem, desks=one_teacher(2, 4).desks)).unmet == ("w1",)


def test_a_long_talk_has_slots_in_a_row_and_not_over_a_break() -> None:
    slots = tuple(Slot(str(start), start, start + 5) for start in (0, 15, 20, 40, 45, 50))
    problem = replace(one_teacher(1, 1), desks=(Desk("d", slots, "r", "", "t"),))
    plan = planned(replace(problem, wishes=(replace(problem.wishes[0], slots=3),)))
    assert plan.talks[0].slots == ("40", "45", "50")
    assert planned(replace(problem, wishes=(replace(problem.wishes[0], slots=4),))).unmet == ("w0",)


def test_an_interpreter_walks_and_serves_one_family_at_a_time() -> None:
    desks = tuple(Desk(f"d{number}", slots_of(f"d{number}", range(3)), f"r{number}", "", f"t{number}")
                  for number in range(3))
    parties = tuple(Party(f"p{number}", (f"a{number}",), ((0, 60),)) for number in range(3))
    wishes = tuple(Wish(f"w{number}", f"p{number}", "c", f"t{number}", 1, needs=("bsl",)) for number in range(3))
    problem = Problem(desks, parties, wishes, (Resource("bsl", 1, ((0, 60),)),))
    assert planned(problem).unmet == ()
    assert len(planned(replace(problem, walk_room=2)).unmet) == 1
    assert len(planned(replace(problem, resources=(Resource("bsl", 0, ((0, 60),)),))).unmet) == 3


def test_talks_lie_next_to_an_appointment_at_another_school() -> None:
    problem = one_teacher(1, 24)
    party = replace(problem.parties[0], elsewhere=(Elsewhere(60, 70, "east"),))
    plan = planned(replace(problem, parties=(party,), walk_site=10))
    assert (plan.talks[0].end, plan.cost.away) in ((50, 0), (85, 0))


def test_a_search_ends_with_its_time_or_when_it_is_told_to() -> None:
    problem, ticks, told = evening(Case(5, 36, families=80, teachers=8)), iter(range(10**9)), list[Progress]()
    assert solve(problem, 1, 20.0, lambda: float(next(ticks))).rounds <= 64 * 21

    def say(progress: Progress) -> bool:
        told.append(progress)
        return len(told) < 2

    plan = solve(problem, 1, 1e9, no_time, say, max_rounds=100_000)
    assert (len(told), find_wrongs(problem, plan.talks)) == (2, [])
    assert told[0].rounds < told[1].rounds < 100_000


def test_nothing_to_plan_is_a_plan() -> None:
    plan = planned(Problem((), (), ()))
    assert (plan.talks, plan.unmet, plan.is_best) == ((), (), True)
