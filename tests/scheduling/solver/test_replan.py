"""When times are lost, nobody is told of a change who need not be, and what can be kept is kept."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.scheduling.solver.problem import Desk, Party, Problem, Wish
from services.scheduling.solver.replan import Replan, replan
from services.scheduling.solver.search import solve
from tests.scheduling.solver.cases import Case, evening, slots_of
from tests.scheduling.solver.checker import find_wrongs
from tests.scheduling.solver.instances import evenings
from tests.scheduling.solver.peers import all_talks

Slots = Mapping[str, tuple[str, ...]]


def no_time() -> float:
    return 0.0


def booked(problem: Problem, rounds: int = 100) -> Slots:
    return {talk.wish: talk.slots for talk in solve(problem, 1, 1.0, no_time, max_rounds=rounds).talks}


def mended(problem: Problem, before: Slots, lost: frozenset[str], strict: bool = True) -> Replan:
    """A re-plan that the checker has looked at."""
    found = replan(problem, before, lost, 1, 1.0, no_time, strict=strict)
    talks = (*found.kept, *found.moved)
    assert find_wrongs(problem, talks) == []
    assert sorted([*(talk.wish for talk in talks), *found.dropped]) == sorted(before)
    assert lost.isdisjoint(slot for talk in talks for slot in talk.slots)
    assert found.changes == len(found.moved) + len(found.dropped)
    assert all(before[talk.wish] == talk.slots for talk in found.kept)
    assert all(before[talk.wish] != talk.slots for talk in found.moved)
    return found


def families_hit(problem: Problem, before: Slots, lost: frozenset[str]) -> set[str]:
    """The families, and those that share an adult or a party's family with them, of talks that touch a lost slot."""
    parties = {party.id: party for party in problem.parties}
    wishes = {wish.id: wish for wish in problem.wishes}
    hit = {wishes[wish].party for wish, slots in before.items() if not lost.isdisjoint(slots)}
    while True:
        more = {party.id for party in problem.parties for other in hit
                if set(party.adults) & set(parties[other].adults) or party.home == parties[other].home}
        if more <= hit:
            return hit
        hit |= more


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(evenings(most=14), st.integers(0, 99))
def test_only_families_that_lost_a_time_are_asked_to_change(problem: Problem, seed: int) -> None:
    before, chance = booked(problem), random.Random(seed)
    slots = [slot.id for desk in problem.desks for slot in desk.slots]
    lost = frozenset(chance.sample(slots, max(1, len(slots) // 3)))
    found, hit = mended(problem, before, lost), families_hit(problem, before, lost)
    wishes = {wish.id: wish for wish in problem.wishes}
    assert {wishes[talk.wish].party for talk in found.moved} <= hit
    for name in found.dropped:  # nothing that is free now would have done
        talks = (*found.kept, *found.moved)
        assert not [talk for talk in all_talks(problem, wishes[name])
                    if lost.isdisjoint(talk.slots) and find_wrongs(problem, [*talks, talk]) == []]


def test_a_whole_evening_survives_the_loss_of_half_a_teachers_times() -> None:
    problem = evening(Case(6, 17, families=150, teachers=15))
    before = booked(problem, 500)
    lost = frozenset(slot.id for slot in problem.desks[4].slots[:18])
    found = mended(problem, before, lost)
    hit = sum(not lost.isdisjoint(slots) for slots in before.values())
    assert found.dropped == ()
    assert hit <= found.changes <= hit + 4


def test_nothing_lost_changes_nothing() -> None:
    problem = evening(Case(7, 20, families=40, teachers=6))
    before = booked(problem)
    assert mended(problem, before, frozenset()).changes == 0


def two_families() -> Problem:
    """`early` can come at the first time alone; `any` at both, and has it."""
    desk = Desk("d", slots_of("d", range(3)), "r", "", "t")
    parties = (Party("early", ("a",), ((0, 5), (10, 15))), Party("any", ("b",), ((0, 15),)))
    return Problem((desk,), parties, (Wish("e", "early", "c", "t", 1), Wish("n", "any", "c", "t", 1)))


def test_another_family_moves_only_if_the_school_lets_it() -> None:
    problem, before = two_families(), {"e": ("d.2",), "n": ("d.0",)}
    assert mended(problem, before, frozenset({"d.2"})).dropped == ("e",)
    found = mended(problem, before, frozenset({"d.2"}), strict=False)
    assert {talk.wish: talk.slots for talk in found.moved} == {"e": ("d.0",), "n": ("d.1",)}


def test_a_familys_own_talk_makes_room_for_the_one_that_would_fall_out() -> None:
    desks = (Desk("d", slots_of("d", range(2)), "r", "", "t"), Desk("x", slots_of("x", range(3)), "s", "", "u"))
    problem = Problem(desks, (Party("p", ("a",), ((0, 15),)),), (Wish("e", "p", "c", "t", 1),
                                                                 Wish("n", "p", "c", "u", 1)))
    found = mended(problem, {"e": ("d.0",), "n": ("x.1",)}, frozenset({"d.0"}))
    assert {talk.wish: talk.slots[0] for talk in found.moved} in ({"e": "d.1", "n": "x.0"}, {"e": "d.1", "n": "x.2"})


def test_a_pinned_talk_stays_but_when_its_own_time_is_lost() -> None:
    problem, before = two_families(), {"e": ("d.2",), "n": ("d.0",)}
    pins = {"e": "d.2", "n": "d.0"}
    pinned = replace(problem, wishes=tuple(replace(wish, pinned=pins[wish.id]) for wish in problem.wishes))
    found = replan(pinned, before, frozenset({"d.2"}), 1, 1.0, no_time, strict=False)
    assert (found.dropped, [talk.slots for talk in found.kept]) == (("e",), [("d.0",)])
    found = replan(pinned, before, frozenset({"d.0"}), 1, 1.0, no_time)
    assert [(talk.wish, talk.slots) for talk in found.moved] == [("n", ("d.1",))]


def test_please_come_chooses_first_among_what_is_left() -> None:
    desk = Desk("d", slots_of("d", range(3)), "r", "", "t")
    parties = tuple(Party(name, (name,), ((0, 15),)) for name in "ab")
    wishes = (Wish("first", "a", "c", "t", 1), Wish("second", "b", "c", "t", 5, please_come=True))
    found = mended(Problem((desk,), parties, wishes), {"first": ("d.0",), "second": ("d.1",)},
                   frozenset({"d.0", "d.1"}))
    assert (found.dropped, found.moved[0].wish) == (("first",), "second")
