"""Each wish has a reason that one sentence can say, and nobody learns of somebody whom they must not meet."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from services.scheduling.solver.plan import Plan
from services.scheduling.solver.problem import Desk, Party, Problem, Resource, Wish
from services.scheduling.solver.reasons import CODES, Reason, count_codes, explain
from services.scheduling.solver.search import solve
from tests.scheduling.solver.cases import slots_of
from tests.scheduling.solver.instances import evenings

ONE = Desk("d", slots_of("d", range(1)), "r", "", "t")


def planned(problem: Problem) -> Plan:
    return solve(problem, 1, 1.0, lambda: 0.0, max_rounds=200)


def reason_of(problem: Problem, wish: str) -> Reason:
    return explain(problem, planned(problem))[wish]


def families(*names: str) -> tuple[Party, ...]:
    return tuple(Party(name, (name,), ((0, 60),)) for name in names)


def test_who_has_a_talk_is_told_when_and_whether_it_was_the_first_choice() -> None:
    problem = Problem((ONE,), families("a"), (Wish("w", "a", "c", "t", 1),))
    assert reason_of(problem, "w") == Reason("met-first-choice", {"start": 0, "end": 5})
    second = replace(problem, wishes=(Wish("w", "a", "c", "t", 2),))
    assert reason_of(second, "w").code == "met"


def test_a_full_teacher_is_said_with_places_and_wishes() -> None:
    problem = Problem((ONE,), families("a", "b", "c"), tuple(
        Wish(name, name, "c", "t", rank) for rank, name in enumerate("abc", 1)))
    assert reason_of(problem, "b") == Reason("teacher-full", {"places": 1, "wishes": 3})


def test_who_gave_way_to_somebody_whom_the_teacher_asked_to_come_is_told_so() -> None:
    problem = Problem((ONE,), families("a", "b"), (
        Wish("w", "a", "c", "t", 1), Wish("v", "b", "c", "t", 5, please_come=True)))
    assert reason_of(problem, "w").code == "gave-way-please-come"


def test_times_that_hold_no_place_of_the_teacher_are_said() -> None:
    problem = Problem((ONE,), (Party("a", ("a",), ((30, 60),)),), (Wish("w", "a", "c", "t", 1),))
    assert reason_of(problem, "w") == Reason("cannot-come-then")


def test_a_talk_at_the_same_time_or_too_far_away_is_said() -> None:
    other = Desk("e", slots_of("e", range(1)), "s", "", "u")
    wishes = (Wish("w", "a", "c", "t", 1), Wish("v", "a", "c", "u", 2))
    assert reason_of(Problem((ONE, other), families("a"), wishes), "v").code == "clashes-with-your-other-talks"
    later = replace(other, slots=slots_of("e", (1,)))
    assert reason_of(Problem((ONE, later), families("a"), wishes, walk_room=3), "v").code == "no-slot-with-walk"


def test_an_interpreter_who_is_taken_or_not_there_is_said() -> None:
    desks = (ONE, Desk("e", slots_of("e", range(1)), "s", "", "u"))
    wishes = (Wish("w", "a", "c", "t", 1, needs=("bsl",)), Wish("v", "b", "c", "u", 2, needs=("bsl",)))
    problem = Problem(desks, families("a", "b"), wishes, (Resource("bsl", 1, ((0, 60),)),))
    assert reason_of(problem, "v") == Reason("need-taken", {"need": "bsl"})
    assert reason_of(replace(problem, resources=()), "w") == Reason("need-taken", {"need": "bsl"})


def test_a_teacher_with_no_times_is_said() -> None:
    problem = Problem((replace(ONE, slots=()),), families("a"), (Wish("w", "a", "c", "t", 1),))
    assert reason_of(problem, "w") == Reason("no-slots")


def test_who_is_kept_apart_learns_what_a_full_evening_would_say() -> None:
    desk = replace(ONE, slots=slots_of("d", range(3)))
    problem = Problem((desk,), families("a", "b"), (Wish("w", "a", "c", "t", 1), Wish("v", "b", "c", "t", 2)),
                      apart=frozenset({("a", "b")}))
    assert reason_of(problem, "v") == Reason("teacher-full")
    when = (Party("b", ("b",), ((0, 5),)), *families("a", "x"))
    taken = replace(problem, parties=when, apart=frozenset(), wishes=(
        Wish("w", "a", "c", "t", 1, pinned="d.0"), Wish("v", "b", "c", "t", 2)))
    assert reason_of(taken, "v") == Reason("teacher-full")


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(evenings(most=14))
def test_every_wish_has_a_reason_of_the_list(problem: Problem) -> None:
    plan = planned(problem)
    reasons = explain(problem, plan)
    assert set(reasons) == {wish.id for wish in problem.wishes}
    assert sum(count_codes(reasons).values()) == len(reasons)
    assert {reason.code for reason in reasons.values()} <= set(CODES)
    assert {name for name, reason in reasons.items() if not reason.code.startswith("met")} == set(plan.unmet)
