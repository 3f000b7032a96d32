"""OR-Tools CP-SAT with the whole problem, its hard rules and its aims in their order, to referee the solver.

Of the solver's room it takes the dataclasses alone; what a talk may be, and the way between two, it asks the checker.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.solver.plan import Talk
from services.scheduling.solver.problem import Elsewhere, Party, Problem
from tests.scheduling.solver.checker import Rules
from tests.scheduling.solver.peers import all_talks

Var = Any  # OR-Tools' variables and sums say little of their types
TIMES = {"waits", "trip"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`talks`: the best timetable that was found, None if none was; `proven`: no other is better in any aim."""

    talks: list[Talk] | None
    proven: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Event:
    """What a family does that evening: a talk, or an appointment elsewhere; `chosen` says whether it is there."""

    what: Talk | Elsewhere
    chosen: Var

    @property
    def start(self) -> int:
        return self.what.start

    @property
    def end(self) -> int:
        return self.what.end


@dataclass(slots=True)
class Model:
    """`chosen`: whether each talk that there may be takes place."""

    problem: Problem
    cp: Any = field(default_factory=cp_model.CpModel)
    chosen: dict[Talk, Var] = field(default_factory=dict)
    of_wish: dict[str, list[Talk]] = field(default_factory=dict)
    of_party: dict[str, list[Talk]] = field(default_factory=lambda: defaultdict(list))
    aims: dict[str, list[Var]] = field(default_factory=dict)  # what each aim makes least, one after another
    idle: Var = 0  # the minutes that all wait

    @property
    def homes(self) -> dict[str, list[Party]]:
        found: dict[str, list[Party]] = defaultdict(list)
        for party in self.problem.parties:
            found[party.family or party.id].append(party)
        return found


def judge(problem: Problem, seconds: float, workers: int = 1) -> Verdict:
    """The best timetable by the aims in their order, each made least and then held."""
    began, model, rules = time.monotonic(), make_model(problem), Rules(problem)
    asked = [aim for aim in dict.fromkeys((*problem.order, "please-come", "rank", "fair", "waits", "trip"))]
    order = sorted(asked, key=lambda aim: aim in TIMES)  # stable: who comes at all, then when
    talks: list[Talk] | None = None
    for aim in (part for name in order for part in model.aims[name]):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.max_time_in_seconds = max(0.01, seconds - (time.monotonic() - began))
        model.cp.minimize(aim)
        status = solver.solve(model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            talks = [talk for name in rules.wishes for talk in model.of_wish[name] if solver.value(model.chosen[talk])]
        if status != cp_model.OPTIMAL:
            return Verdict(talks, False, time.monotonic() - began)
        model.cp.add(aim == round(solver.objective_value))
    return Verdict(talks, True, time.monotonic() - began)


class _Enough(cp_model.CpSolverSolutionCallback):
    """Ends a search at the first timetable whose waits are short enough; `best` are the shortest so far."""

    def __init__(self, minutes: int) -> None:
        super().__init__()
        self.minutes, self.best = minutes, -1

    def on_solution_callback(self) -> None:
        self.best = round(self.objective_value)
        if self.best <= self.minutes:
            self.stop_search()


def race(problem: Problem, minutes: int, seconds: float, workers: int) -> tuple[float, int]:
    """(How long until all wishes are met with no more than these minutes of waiting, at most `seconds`; the shortest
    waits found, -1 for no timetable at all.) To its advantage it is told that all can be met, and its model is ready.
    """
    model = make_model(problem)
    for talks in model.of_wish.values():
        model.cp.add_exactly_one(model.chosen[talk] for talk in talks)
    model.cp.minimize(model.idle)
    solver, enough = cp_model.CpSolver(), _Enough(minutes)
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    began = time.monotonic()
    solver.solve(model.cp, enough)
    return time.monotonic() - began, enough.best


def make_model(problem: Problem) -> Model:
    """All that is forbidden, and what the aims count."""
    model, rules = Model(problem), Rules(problem)
    people: dict[str, list[Talk]] = defaultdict(list)
    for wish in problem.wishes:
        talks = [talk for talk in all_talks(problem, wish)
                 if (not wish.pinned or talk.slots[0] == wish.pinned) and not list(rules.alone(wish, talk))]
        model.of_wish[wish.id] = talks
        model.chosen.update((talk, model.cp.new_bool_var("")) for talk in talks)
        model.of_party[wish.party] += talks
        total = sum(model.chosen[talk] for talk in talks)
        model.cp.add(total == 1 if wish.pinned else total <= 1)
        for adult in rules.parties[wish.party].adults:
            people[f"adult {adult}"] += talks
        people[f"staff {wish.staff}"] += talks
    for some in people.values():
        _one_at_a_time(model, rules, [(talk, model.chosen[talk]) for talk in some], True)
    _share_units(model, rules)
    for pair in sorted(problem.apart):
        _keep_apart(model, *(people.get(f"adult {adult}", []) for adult in pair))
    _count_grants(model)
    _count_waits(model, rules)
    _count_ways(model, rules)
    return model


# What is forbidden.

def _one_at_a_time(model: Model, rules: Rules, some: Sequence[tuple[Talk, Var]], walks: bool) -> None:
    """Of talks that overlap at most one, and none without time for the way from the one before."""
    for start in {talk.start for talk, _var in some}:
        model.cp.add_at_most_one({var.index: var for talk, var in some if talk.start <= start < talk.end}.values())
    if not walks or not (model.problem.walk_room or model.problem.walk_site):
        return
    for (one, mine), (other, theirs) in combinations(some, 2):
        if one.wish != other.wish and not (one.start < other.end and other.start < one.end) \
                and not rules.can_both(one, other):
            model.cp.add_at_most_one(mine, theirs)


def _share_units(model: Model, rules: Rules) -> None:
    """Each talk that needs something has one unit of it, and each unit one talk at a time."""
    for kind in {kind for wish in model.problem.wishes for kind in wish.needs}:
        users = [talk for wish in model.problem.wishes if kind in wish.needs for talk in model.of_wish[wish.id]]
        served: dict[Talk, list[Var]] = {talk: [] for talk in users}
        most = sum(kind in wish.needs for wish in model.problem.wishes)
        for resource in model.problem.resources:
            for _unit in range(min(resource.units, most) if resource.kind == kind else 0):
                mine = [(talk, model.cp.new_bool_var("")) for talk in users if all(
                    any(opens <= minute < closes for opens, closes in resource.times)
                    for minute in range(talk.start, talk.end))]
                for talk, var in mine:
                    served[talk].append(var)
                _one_at_a_time(model, rules, mine, resource.moves)
        for talk, units in served.items():
            model.cp.add(sum(units) == model.chosen[talk])


def _keep_apart(model: Model, mine: Iterable[Talk], theirs: Sequence[Talk]) -> None:
    """All of one visit more than a quarter of an hour before all of the other, or after."""
    after = model.cp.new_bool_var("")
    for one in mine:
        for other in theirs:
            both = [~model.chosen[one], ~model.chosen[other]]
            if one.start <= other.end + 15:
                model.cp.add_bool_or([*both, ~after])
            if other.start <= one.end + 15:
                model.cp.add_bool_or([*both, after])


# What the aims count.

def _count_grants(model: Model) -> None:
    out = {wish.id: 1 - sum(model.chosen[talk] for talk in model.of_wish[wish.id]) for wish in model.problem.wishes}
    model.aims["please-come"] = [sum(out[wish.id] for wish in model.problem.wishes if wish.please_come)]
    model.aims["rank"] = [sum(out[wish.id] * (4 + max(0, 9 - max(1, wish.rank))) * wish.slots
                              for wish in model.problem.wishes)]
    lacks = []
    for parties in model.homes.values():
        wishes = [wish.id for wish in model.problem.wishes if wish.party in {party.id for party in parties}]
        lacking = [model.cp.new_bool_var("") for _wish in wishes]
        model.cp.add(sum(lacking) == sum(out[wish] for wish in wishes))
        lacks += [lack * (3600 // (number * number)) for number, lack in enumerate(lacking, 1)]
    model.aims["fair"] = [sum(lacks)]


def _count_waits(model: Model, rules: Rules) -> None:
    latest = max((talk.end for talk in model.chosen), default=0)
    longest = model.cp.new_int_var(0, latest, "")
    waits = []
    for parties in model.homes.values():
        talks = [talk for party in parties for talk in model.of_party[party.id]]
        is_plain = len(parties) == 1 and not parties[0].elsewhere
        if is_plain and not (model.problem.walk_room or model.problem.walk_site):
            wait = _window(model, talks, latest)
        else:
            wait = _gaps(model, rules, parties, talks)
        waits.append(wait)
        model.cp.add(longest >= wait)
    model.idle = sum(waits)
    model.aims["waits"] = [model.idle + 2 * sum(_beyond(model, wait, 30) for wait in waits), longest]


def _beyond(model: Model, wait: Var, minutes: int) -> Var:
    """By how much a wait is longer: the least that is as much, for it is made least."""
    more = model.cp.new_int_var(0, 1 << 20, "")
    model.cp.add(more >= wait - minutes)
    return more


def _window(model: Model, talks: Iterable[Talk], latest: int) -> Var:
    """From the first start to the last end, without the talks: all there is where nobody walks."""
    first, last = model.cp.new_int_var(0, latest, ""), model.cp.new_int_var(0, latest, "")
    idle, at = model.cp.new_int_var(0, latest, ""), defaultdict(list)
    for talk in talks:
        at[talk.start, talk.end].append(model.chosen[talk])
    for (start, end), some in at.items():
        talks_then = model.cp.new_bool_var("")
        model.cp.add(sum(some) == talks_then)
        model.cp.add(first <= start).only_enforce_if(talks_then)
        model.cp.add(last >= end).only_enforce_if(talks_then)
    model.cp.add(idle == last - first - sum((talk.end - talk.start) * model.chosen[talk] for talk in talks))
    return idle


def _gaps(model: Model, rules: Rules, parties: Sequence[Party], talks: Iterable[Talk]) -> Var:
    """Each two events of which one follows the other, with what nobody talks or walks in between."""
    events = [Event(talk, model.chosen[talk]) for talk in talks]
    for item in {item for party in parties for item in party.elsewhere}:
        sides = [[event.chosen for event in events if isinstance(event.what, Talk) and is_on_that_side(event)]
                 for is_on_that_side in (lambda event, at=item.start: event.start <= at,
                                         lambda event, at=item.end: event.end >= at)]
        there, *both = (model.cp.new_bool_var("") for _var in range(3))
        for side, some in zip(both, sides, strict=True):
            model.cp.add_max_equality(side, [*some, 0])
        model.cp.add_min_equality(there, both)
        events.append(Event(item, there))
    events.sort(key=lambda event: (event.start, event.end))
    wait = []
    for at, later in enumerate(events):
        for before, event in enumerate(events[:at]):
            gap = later.start - event.end - rules.any_way(event.what, later.what)
            if gap > 0:
                between = [other.chosen for number, other in enumerate(events[:at]) if number != before
                           and (other.end > event.end or (other.end == event.end and number < before))]
                follows = model.cp.new_bool_var("")
                model.cp.add(follows >= event.chosen + later.chosen - 1 - sum(between))
                wait.append(gap * follows)
    return sum(wait)


def _count_ways(model: Model, rules: Rules) -> None:
    trips, away = [], []
    for party in model.problem.parties:
        talks = model.of_party[party.id]
        comes = model.cp.new_bool_var("")
        model.cp.add_max_equality(comes, [*(model.chosen[talk] for talk in talks), 0])
        for item in party.elsewhere:
            nearest = [model.cp.new_bool_var("") for _talk in talks]
            model.cp.add(sum(nearest) == comes)
            for talk, near in zip(talks, nearest, strict=True):
                minutes = max(item.start - talk.end, talk.start - item.end) - rules.any_way(talk, item)
                model.cp.add_implication(near, model.chosen[talk])
                away.append(max(0, minutes) * near)
                trips.append((minutes > 30) * near)
    model.aims["trip"] = [sum(trips), sum(away)]
