"""First come, first served: one family's evening is as good as can be over what is free."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from services.scheduling.solver.fitting import fit
from services.scheduling.solver.plan import Talk
from services.scheduling.solver.problem import Desk, Party, Problem, Wish
from services.scheduling.solver.search import solve
from tests.scheduling.solver.cases import Case, evening, slots_of
from tests.scheduling.solver.checker import find_wrongs, reckon
from tests.scheduling.solver.instances import evenings
from tests.scheduling.solver.peers import try_everything


def pinned(problem: Problem, talks: tuple[Talk, ...]) -> Problem:
    slots = {talk.wish: talk.slots[0] for talk in talks}
    return replace(problem, wishes=tuple(replace(wish, pinned=slots.get(wish.id)) for wish in problem.wishes))


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(evenings(most=5))
def test_families_that_come_one_after_another_each_get_what_is_best_then(problem: Problem) -> None:
    booked: tuple[Talk, ...] = ()
    for party in problem.parties:
        now = pinned(problem, booked)
        found = fit(now, party.id)
        booked = (*(talk for talk in booked if talk not in found), *found)
        assert find_wrongs(pinned(problem, booked), booked) == []
        mine = replace(now, wishes=tuple(wish for wish in now.wishes if wish.party == party.id or wish.pinned))
        best = try_everything(replace(mine, order=("please-come", "rank", "fair", "waits")))[0]
        cost = reckon(mine, booked)
        assert (cost.unmet_please_come, cost.unmet) == (best.unmet_please_come, best.unmet)


def test_a_free_evening_has_no_waiting_for_anybody() -> None:
    problem = evening(Case(8, 20, families=60, teachers=10))
    for family in ("f0", "f17", "f59"):
        talks = fit(problem, family)
        assert len(talks) == sum(wish.party == family for wish in problem.wishes)
        assert reckon(problem, talks).idle == 0


def test_late_comers_still_get_a_compact_evening() -> None:
    problem = evening(Case(9, 24, families=80, teachers=10))
    others = tuple(wish for wish in problem.wishes if wish.party != "f3")
    taken = solve(replace(problem, wishes=others), 1, 1.0, lambda: 0.0, max_rounds=2_000).talks
    talks = fit(pinned(problem, taken), "f3")
    assert len(talks) == sum(wish.party == "f3" for wish in problem.wishes)
    assert find_wrongs(pinned(problem, taken), [*taken, *talks]) == []


def test_a_party_without_wishes_or_places_gets_nothing() -> None:
    desk = Desk("d", slots_of("d", range(1)), "r", "", "t")
    parties = tuple(Party(name, (name,), ((0, 5),)) for name in "ab")
    problem = Problem((desk,), parties, (Wish("x", "a", "c", "t", 1, pinned="d.0"), Wish("y", "b", "c", "t", 1)))
    assert fit(problem, "nobody") == fit(problem, "b") == ()
    assert [talk.wish for talk in fit(problem, "a")] == ["x"]
