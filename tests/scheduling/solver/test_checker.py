"""The checker itself: a timetable without wrongs, broken in each way that a hard rule forbids, is caught each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from services.scheduling.solver.plan import Talk
from services.scheduling.solver.problem import Desk, Elsewhere, Party, Problem, Resource, Wish
from tests.scheduling.solver.cases import slots_of
from tests.scheduling.solver.checker import find_wrongs

# Twelve slots of five minutes; a break of a slot after the sixth of desk `one`; Ms T sits at two desks.
DESKS = (
    Desk("one", tuple(slot for slot in slots_of("one", range(12)) if slot.id != "one.6"), "r1", "", "s"),
    Desk("two", slots_of("two", range(12)), "r2", "", "t"),
    Desk("far", slots_of("far", range(12)), "r3", "east", "t"))
PARTIES = (
    Party("p", ("ann",), ((0, 60),)),
    Party("q", ("bob",), ((0, 40),), (Elsewhere(25, 30, "east"),)),
    Party("r", ("cat",), ((0, 60),)))
WISHES = (
    Wish("p-s", "p", "c", "s", 1), Wish("p-t", "p", "c", "t", 1, needs=("bsl",)), Wish("q-s", "q", "d", "s", 1),
    Wish("r-s", "r", "e", "s", 1, slots=2), Wish("r-t", "r", "e", "t", 1, needs=("bsl",), pinned="two.10"))
PROBLEM = Problem(DESKS, PARTIES, WISHES, (Resource("bsl", 1, ((5, 60),)),), frozenset({("ann", "cat")}), 5, 10)


def talk(wish: str, desk: str, *numbers: int) -> Talk:
    return Talk(wish, tuple(f"{desk}.{number}" for number in numbers), numbers[0] * 5, numbers[-1] * 5 + 5, desk)


GOOD = (talk("p-s", "one", 0), talk("p-t", "two", 2), talk("q-s", "one", 1), talk("r-s", "one", 7, 8),
        talk("r-t", "two", 10))


def instead(*talks: Talk) -> tuple[Talk, ...]:
    """The good timetable with these talks in place of those of the same wishes."""
    new = {one.wish: one for one in talks}
    return tuple(new.get(one.wish, one) for one in GOOD)


@dataclass(frozen=True, slots=True)
class Broken:
    talks: tuple[Talk, ...]
    says: str
    change: Callable[[Problem], Problem] = lambda problem: problem


def without_apart(problem: Problem) -> Problem:
    return replace(problem, apart=frozenset())


def always_free(problem: Problem) -> Problem:
    return replace(problem, apart=frozenset(), parties=tuple(
        replace(party, elsewhere=()) for party in problem.parties))


BROKEN = {
    "one slot, two talks": Broken(instead(talk("q-s", "one", 0)), "a slot is taken twice"),
    "one wish, two talks": Broken((*GOOD, talk("p-s", "one", 2)), "a wish is met twice"),
    "an adult at two talks": Broken(instead(talk("p-s", "one", 2)), "adult ann is in two places"),
    "no time to walk": Broken(instead(talk("p-t", "two", 1)), "adult ann is in two places"),
    "no time to another site": Broken(instead(talk("p-t", "far", 2)), "adult ann is in two places", without_apart),
    "a teacher at two desks": Broken(instead(talk("p-t", "far", 9)), "staff t is in two places", without_apart),
    "before they can come": Broken(GOOD, "p cannot come then", lambda problem: replace(
        problem, parties=(replace(PARTIES[0], free=((5, 60),)), *PARTIES[1:]))),
    "after they must go": Broken(instead(talk("q-s", "one", 9)), "q cannot come then"),
    "at the same time as elsewhere": Broken(instead(talk("q-s", "one", 5)), "q is elsewhere"),
    "no way from elsewhere": Broken(instead(talk("q-s", "one", 3)), "q is elsewhere"),
    "no interpreter yet": Broken(instead(talk("p-t", "two", 0)), "too few of bsl"),
    "one interpreter, two rooms": Broken(instead(talk("p-t", "far", 9)), "too few of bsl"),
    "an interpreter who cannot walk so fast": Broken(instead(talk("p-t", "far", 8)), "too few of bsl"),
    "not far enough apart": Broken(instead(talk("p-t", "two", 4)), "ann and cat could meet"),
    "apart, and one in the middle of the other": Broken(
        instead(talk("p-t", "two", 7), talk("r-s", "one", 4, 5)), "ann and cat could meet"),
    "what was pinned has moved": Broken(instead(talk("r-t", "two", 11)), "r-t was pinned"),
    "what was pinned is gone": Broken(GOOD[:-1], "r-t was pinned"),
    "another teacher": Broken(instead(talk("q-s", "two", 0)), "q-s is not with whom"),
    "shorter than wished": Broken(instead(talk("r-s", "one", 7)), "r-s is not with whom or as long"),
    "longer than wished": Broken(instead(talk("q-s", "one", 1, 2)), "q-s is not with whom or as long"),
    "over a break": Broken(instead(talk("r-s", "one", 5, 7)), "r-s has slots that are no one talk", always_free),
    "slots that do not follow": Broken(instead(talk("r-s", "one", 7, 9)), "r-s has slots that are no one talk"),
    "another time than its slot's": Broken(
        instead(replace(GOOD[2], start=15, end=20)), "q-s has slots that are no one talk"),
    "a slot of another desk": Broken(instead(replace(GOOD[2], slots=("two.1",))), "q-s is not with whom or as long"),
}


def test_the_good_timetable_does_nothing_wrong() -> None:
    assert find_wrongs(PROBLEM, GOOD) == []
    assert {slot.id for slot in DESKS[0].slots} == {f"one.{at}" for at in range(12)} - {"one.6"}


@pytest.mark.parametrize("way", BROKEN)
def test_a_hard_rule_that_is_broken_is_caught(way: str) -> None:
    broken = BROKEN[way]
    wrongs = find_wrongs(broken.change(PROBLEM), broken.talks)
    assert any(wrong.startswith(broken.says) for wrong in wrongs), wrongs
