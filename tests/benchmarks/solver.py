"""Parents' evenings: 60 teachers, 36 slots of five minutes, 600 families with 3 to 8 wishes, and harder ones.

Every plan is looked at by the tests' checker, which shares no code with the solver, before it counts. Beside it stand
first come first served, a greedy plan and the bound, in the same run. Times are of the processor, for the search uses
one core and others may use it too. SOLVER_SEEDS: how many evenings of each kind; without it as many as take some
six minutes, for the record 20.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from services.scheduling.solver.limits import bound
from services.scheduling.solver.plan import Cost, Talk
from services.scheduling.solver.problem import Problem
from services.scheduling.solver.replan import replan as mend
from services.scheduling.solver.search import solve
from tests.benchmarks.measure import Figure
from tests.scheduling.solver import cases
from tests.scheduling.solver.cases import Case
from tests.scheduling.solver.checker import Rules
from tests.scheduling.solver.peers import first_come, greedy

GOOD = 5.0  # per cent of the time talked
GROWTH, MOST_GROWTH = (150, 600, 2_400), 1.2
Harder = Callable[[Problem, int], Problem]
KINDS: dict[str, Harder] = {
    "plain": lambda problem, _seed: problem, "late": cases.with_late_arrivals, "siblings": cases.with_siblings,
    "walking": lambda problem, _seed: cases.with_walking(problem), "breaks": cases.with_breaks,
    "two homes": cases.with_two_homes, "interpreters": cases.with_interpreters}


def seeds(usual: int) -> range:
    return range(1, 1 + int(os.environ.get("SOLVER_SEEDS", usual)))


@dataclass(frozen=True, slots=True)
class Seen:
    """One evening planned: waits above the bound as per cent of the time talked; what others reached."""

    idle: float
    first_come: float
    greedy: float
    worst_wait: int
    unmet: int
    unmet_by_others: int
    is_worse: bool


def checked(rules: Rules, talks: tuple[Talk, ...] | list[Talk]) -> Cost:
    """The cost of a timetable that does nothing wrong."""
    wrongs = list(rules.wrongs(talks))
    assert not wrongs, wrongs[:3]
    return rules.reckon(talks)


def plan(problem: Problem, seed: int, budget: float) -> Seen:
    """A plan beside its peers."""
    rules, found = Rules(problem), solve(problem, seed, budget, time.process_time)
    cost, least = checked(rules, found.talks), bound(problem).idle
    assert cost == found.cost
    others = [first_come(problem), greedy(problem)]
    costs = [checked(rules, talks) for talks in others]
    is_worse = any(other.in_order(problem.order) < cost.in_order(problem.order) for other in costs)
    idle, early, greedily = (100 * (one.idle - least) / sum(talk.end - talk.start for talk in talks)
                     for one, talks in zip((cost, *costs), (found.talks, *others), strict=True))
    return Seen(idle, early, greedily, cost.worst_wait, len(found.unmet),
                len(problem.wishes) - max(len(talks) for talks in others), is_worse)


def told(seen: list[Seen]) -> str:
    idle, before, greedily = (statistics.median(getattr(one, name) for one in seen)
                              for name in ("idle", "first_come", "greedy"))
    return (f"{idle:.1f} % waits, at most {max(one.idle for one in seen):.1f} (first come {before:.0f} %, "
            f"greedy {greedily:.0f} %), worst family {statistics.median(one.worst_wait for one in seen):.0f} min, "
            f"at most {max(one.worst_wait for one in seen)}, unmet {sum(one.unmet for one in seen)} "
            f"(others {sum(one.unmet_by_others for one in seen)})")


def evenings(name: str, loads: dict[int, str], budget: float, usual: int) -> Figure:
    """All kinds at these loads, of which each is to be good; the figure is of the kind that is worst."""
    worse, words, all_seen = 0, list[str](), dict[str, list[Seen]]()
    for keep, load in loads.items():
        for kind, harder in KINDS.items():
            seen = [plan(harder(cases.evening(Case(seed, keep)), seed), seed, budget) for seed in seeds(usual)]
            worse += sum(one.is_worse for one in seen)
            words.append(f"{kind} at {load}: {told(seen)}")
            all_seen[words[-1]] = seen
    idle = [one.idle for seen in all_seen.values() for one in seen]
    worst = max(statistics.median(one.idle for one in seen) for seen in all_seen.values())
    missed = sum(one > GOOD for one in idle)
    return Figure(name, None, min(idle), max(idle), len(seeds(usual)),
                  f"of the time talked, after {budget:.0f} s of one core, beyond the bound, of the worst kind; "
                  f"{missed} of {len(idle)} evenings beyond {GOOD:.0f} %, {worse} worse than a peer's; "
                  + "; ".join(words), f"every evening of every kind <= {GOOD} %, none worse than its peers",
                  not missed and not worse, worst, "%")


def solver_94() -> Figure:
    return evenings("solver_94", {29: "80 %", 34: "94 %"}, 1.0, 6)


def solver_100() -> Figure:
    return evenings("solver_100", {36: "100 %"}, 10.0, 3)


def until_good(families: int, seed: int) -> float:
    """Processor seconds until an evening of so many families waits for 5 % of the time talked."""
    problem = cases.evening(Case(seed, 34, families=families, teachers=families // 10))
    talked, began = sum(5 for _wish in problem.wishes), time.process_time()
    found = solve(problem, seed, 120.0, time.process_time,
                  lambda now: bool(now.unmet) or now.burden > talked * GOOD / 100)
    spent = time.process_time() - began
    cost = checked(Rules(problem), found.talks)
    assert (cost.unmet, cost.idle <= talked * GOOD / 100) == (0, True)
    return spent


def solver_growth() -> Figure:
    """With what power of the families the time to a good plan grows."""
    times = [statistics.median(until_good(families, seed) for seed in seeds(3)) for families in GROWTH]
    steps = [math.log(later / earlier) / math.log(4) for earlier, later in pairwise(times)]
    power = math.log(times[-1] / times[0]) / math.log(GROWTH[-1] / GROWTH[0])
    spoken = ", ".join(f"{count} families {spent:.2f} s" for count, spent in zip(GROWTH, times, strict=True))
    return Figure("solver_growth", power, min(steps), max(steps), len(seeds(3)),
                  f"the power of the families with which the time to {GOOD:.0f} % waits grows; {spoken}",
                  f"<= {MOST_GROWTH}", power <= MOST_GROWTH)


def replan() -> Figure:
    """One teacher is ill, for the whole evening or its first half hour; nobody else's families may hear of it."""
    times, dropped, moved = [], 0, 0
    for seed in seeds(3):
        problem = cases.evening(Case(seed, 29))
        rules = Rules(problem)
        before = {talk.wish: talk.slots for talk in solve(problem, seed, 1.0, time.process_time).talks}
        for until in (6, 36):
            lost = frozenset(slot.id for slot in problem.desks[seed % 60].slots[:until])
            began = time.process_time()
            found = mend(problem, before, lost, seed, 1.0, time.process_time)
            times.append((time.process_time() - began) * 1000)
            checked(rules, (*found.kept, *found.moved))
            hit = {rules.wishes[wish].party for wish, slots in before.items() if not lost.isdisjoint(slots)}
            changed = {rules.wishes[name].party for name in (*(talk.wish for talk in found.moved), *found.dropped)}
            assert changed <= hit
            if until == 6:
                dropped, moved = dropped + len(found.dropped), moved + len(found.moved)
    return Figure("replan", None, min(times), max(times), len(times),
                  f"of the half hours {moved} talks moved, {dropped} found no time; 0 other families changed",
                  "<= 1000 ms", max(times) <= 1_000, statistics.median(times), "ms")
