"""What is contradictory is found before an evening is planned, and what it holds is plain arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.scheduling.solver.limits import Capacity, bound, capacity, find_faults
from services.scheduling.solver.problem import Desk, Elsewhere, Party, Problem, Resource, Slot, Wish
from services.scheduling.solver.search import solve
from tests.scheduling.solver.cases import Case, evening, slots_of

DESK = Desk("d", slots_of("d", range(2)), "r", "", "t")
PARTY = Party("p", ("a",), ((0, 60),))
WISH = Wish("w", "p", "c", "t", 1)
GOOD = Problem((DESK,), (PARTY,), (WISH,), (Resource("bsl", 1, ((0, 60),)),))


def changed(desk: Desk = DESK, party: Party = PARTY, wish: Wish = WISH) -> Problem:
    return replace(GOOD, desks=(desk,), parties=(party,), wishes=(wish,))


FAULTY = {
    "slot-without-time:d:x": changed(replace(DESK, slots=(*DESK.slots, Slot("x", 30, 30)))),
    "slots-overlap:d:d.1:x": changed(replace(DESK, slots=(*DESK.slots, Slot("x", 8, 20)))),
    "slot-twice:d.0": changed(replace(DESK, slots=(*DESK.slots, Slot("d.0", 20, 25)))),
    "desk-twice:d": replace(GOOD, desks=(DESK, replace(DESK, slots=()))),
    "party-twice:p": replace(GOOD, parties=(PARTY, PARTY)),
    "wish-twice:w": replace(GOOD, wishes=(WISH, WISH)),
    "unknown-party:w:nobody": changed(wish=replace(WISH, party="nobody")),
    "unknown-staff:w:nobody": changed(wish=replace(WISH, staff="nobody")),
    "staff-without-slots:w:t": changed(replace(DESK, slots=())),
    "rank-below-one:w": changed(wish=replace(WISH, rank=0)),
    "length-of-talk:w": changed(wish=replace(WISH, slots=0)),
    "unknown-need:w:crèche": changed(wish=replace(WISH, needs=("crèche",))),
    "pinned-to-nothing:w:d.9": changed(wish=replace(WISH, pinned="d.9")),
    "pinned-twice:w:v:d.0": replace(GOOD, wishes=(replace(WISH, pinned="d.0"), replace(WISH, id="v", pinned="d.0"))),
    "never-free:p": changed(party=replace(PARTY, free=())),
    "free-without-time:p": changed(party=replace(PARTY, free=((30, 30),))),
    "party-without-adults:p": changed(party=replace(PARTY, adults=())),
    "elsewhere-without-time:p": changed(party=replace(PARTY, elsewhere=(Elsewhere(9, 9, "east"),))),
    "apart-together:p": replace(changed(party=replace(PARTY, adults=("a", "b"))), apart=frozenset({("b", "a")})),
    "apart-from-self:a": replace(GOOD, apart=frozenset({("a", "a")})),
    "units-below-zero:bsl": replace(GOOD, resources=(Resource("bsl", -1, ((0, 60),)),)),
    "resource-without-time:bsl": replace(GOOD, resources=(Resource("bsl", 1, ((60, 0),)),)),
    "walk-below-zero": replace(GOOD, walk_room=-1),
    "walk-to-site-shorter": replace(GOOD, desks=(DESK, Desk("e", slots_of("e", range(2)), "s", "east", "u")),
                                    walk_room=5),
    "unknown-aim:luck": replace(GOOD, order=("luck",)),
    "too-long:10080": changed(replace(DESK, slots=(*DESK.slots, Slot("x", 20_000, 20_005)))),
    "too-many-wishes-of-party:p": replace(GOOD, wishes=tuple(replace(WISH, id=str(at)) for at in range(41))),
}


def test_a_good_problem_has_no_faults() -> None:
    assert find_faults(GOOD) == []


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_named_with_what_it_is_about(fault: str) -> None:
    assert fault in find_faults(FAULTY[fault])


@pytest.mark.parametrize("fault", FAULTY)
def test_a_plan_is_made_all_the_same_and_raises_nothing(fault: str) -> None:
    problem = FAULTY[fault]
    plan = solve(problem, 1, 1.0, lambda: 0.0, max_rounds=50)
    assert len(plan.talks) + len(plan.unmet) == len(problem.wishes)


def test_ten_thousand_families_are_the_most() -> None:
    parties = tuple(Party(f"p{number}", (f"a{number}",), ((0, 60),)) for number in range(10_001))
    assert "too-many-families:10000" in find_faults(replace(GOOD, parties=parties))


def test_what_an_evening_holds_is_said_by_staff_and_as_a_whole() -> None:
    problem = replace(GOOD, wishes=(WISH, replace(WISH, id="v", slots=2)))
    assert capacity(problem) == (Capacity("t", 2, 3), Capacity("", 2, 3))
    assert [item.lacking for item in capacity(problem)] == [1, 1]


def test_the_bound_is_nothing_where_all_fit_and_the_least_loss_where_not() -> None:
    assert not any(bound(evening(Case(1, 6, families=20, teachers=5))).in_order(GOOD.order))
    full = evening(Case(1, 0, families=60, teachers=4, slots=10))
    lacking = capacity(full)[-1].lacking
    assert bound(full).unmet >= 4 * lacking > 0
