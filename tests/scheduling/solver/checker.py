"""Is a timetable allowed, and what does it cost? Worked out anew from the problem's words; knows nothing of the solver.

Of the solver's room it takes the dataclasses alone. Talks are looked at pair by pair, minutes one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from services.scheduling.solver.plan import Cost, Talk
from services.scheduling.solver.problem import Desk, Party, Problem, Resource, Slot, Wish


def find_wrongs(problem: Problem, talks: Sequence[Talk]) -> list[str]:
    """Everything that a timetable does and must not."""
    return list(Rules(problem).wrongs(talks))


def reckon(problem: Problem, talks: Sequence[Talk]) -> Cost:
    """The cost of a timetable."""
    return Rules(problem).reckon(talks)


class Rules:
    """What a problem forbids and what it charges."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.wishes = {wish.id: wish for wish in problem.wishes}
        self.parties = {party.id: party for party in problem.parties}
        self.desks = {desk.id: desk for desk in problem.desks}
        self.slots = {slot.id: slot for desk in problem.desks for slot in desk.slots}
        self.homes = {party.id: party.family or party.id for party in problem.parties}

    def party_of(self, talk: Talk) -> Party:
        return self.parties[self.wishes[talk.wish].party]

    def wrongs(self, talks: Sequence[Talk]) -> Iterator[str]:
        if len({talk.wish for talk in talks}) < len(talks):
            yield "a wish is met twice"
        for talk in talks:
            yield from self.alone(self.wishes[talk.wish], talk)
        taken = [slot for talk in talks for slot in talk.slots]
        if len(set(taken)) < len(taken):
            yield "a slot is taken twice"
        for name, some in self._by_person(talks).items():
            for one, other in combinations(some, 2):
                if not self.can_both(one, other):
                    yield f"{name} is in two places: {one.wish} {other.wish}"
        for kind in sorted({kind for wish in self.problem.wishes for kind in wish.needs}):
            if not self.units_suffice(kind, [talk for talk in talks if kind in self.wishes[talk.wish].needs]):
                yield f"too few of {kind}"
        yield from self.meetings(talks)
        kept = {(talk.wish, talk.slots[0]) for talk in talks}
        yield from (f"{wish.id} was pinned" for wish in self.problem.wishes
                    if wish.pinned and (wish.id, wish.pinned) not in kept)

    def _by_person(self, talks: Iterable[Talk]) -> dict[str, list[Talk]]:
        """The talks of each adult and of each member of staff."""
        found: dict[str, list[Talk]] = defaultdict(list)
        for talk in talks:
            found[f"staff {self.wishes[talk.wish].staff}"].append(talk)
            for adult in self.party_of(talk).adults:
                found[f"adult {adult}"].append(talk)
        return found

    def alone(self, wish: Wish, talk: Talk) -> Iterator[str]:
        """What a talk does wrong by itself."""
        desk = self.desks[talk.desk]
        slots = [self.slots[name] for name in talk.slots if self.slots[name] in desk.slots]
        if (desk.staff or desk.id) != wish.staff or len(slots) != wish.slots or len(talk.slots) != wish.slots:
            yield f"{wish.id} is not with whom or as long as it should be"
            return
        if (talk.start, talk.end) != (slots[0].start, slots[-1].end) or not _in_a_row(desk, slots):
            yield f"{wish.id} has slots that are no one talk"
        if wish.pinned:
            return
        party = self.parties[wish.party]
        if not _covered(talk, party.free):
            yield f"{wish.party} cannot come then"
        for item in party.elsewhere:
            way = self.any_way(talk, item)
            if talk.start < item.end + way and item.start < talk.end + way:
                yield f"{wish.party} is elsewhere"

    def way(self, one: Talk, other: Talk) -> int:
        """Minutes from one talk's room to another's."""
        first, second = self.desks[one.desk], self.desks[other.desk]
        if not first.room or not second.room or (first.site, first.room) == (second.site, second.room):
            return 0
        return self.problem.walk_room if first.site == second.site else self.problem.walk_site

    def can_both(self, one: Talk, other: Talk) -> bool:
        """Whether one person can be at both."""
        minutes = self.way(one, other)
        return one.end + minutes <= other.start or other.end + minutes <= one.start

    def units_suffice(self, kind: str, users: Sequence[Talk]) -> bool:
        """Whether every talk can have a unit: tried in full, but for what has been tried with units as busy."""
        kinds = [item for item in self.problem.resources if item.kind == kind]
        units = [item for item in kinds for _unit in range(min(item.units, len(users)))]
        ordered = sorted(users, key=lambda talk: (talk.start, talk.end))

        def fits(item: Resource, last: Talk | None, talk: Talk) -> bool:
            if not _covered(talk, item.times):
                return False
            return last is None or last.end + (self.way(last, talk) if item.moves else 0) <= talk.start

        longest, tried = max(self.problem.walk_room, self.problem.walk_site), set()

        def go(at: int, lasts: tuple[Talk | None, ...]) -> bool:
            if at == len(ordered):
                return True
            lasts = tuple(last if last and last.end + longest > ordered[at].start else None for last in lasts)
            state = (at, frozenset(Counter(zip(units, lasts, strict=True)).items()))
            if state in tried:
                return False
            tried.add(state)
            return any(fits(item, lasts[number], ordered[at])
                       and go(at + 1, (*lasts[:number], ordered[at], *lasts[number + 1:]))
                       for number, item in enumerate(units))

        return go(0, (None,) * len(units))

    def meetings(self, talks: Sequence[Talk]) -> Iterator[str]:
        """Visits of two who must not meet, with less than a quarter of an hour between them."""
        if not self.problem.apart:
            return
        people = self._by_person(talks)
        for one, other in sorted(self.problem.apart):
            mine, theirs = people.get(f"adult {one}"), people.get(f"adult {other}")
            if mine and theirs:
                first, second = ((min(talk.start for talk in some), max(talk.end for talk in some))
                                 for some in (mine, theirs))
                if first[0] <= second[1] + 15 and second[0] <= first[1] + 15:
                    yield f"{one} and {other} could meet"

    def reckon(self, talks: Sequence[Talk]) -> Cost:
        met = {talk.wish for talk in talks}
        missing = [wish for wish in self.problem.wishes if wish.id not in met]
        wished: dict[str, int] = defaultdict(int)
        for wish in self.problem.wishes:
            wished[self.homes[wish.party]] += 1
        of_home, of_party = defaultdict(list), defaultdict(list)
        for talk in talks:
            of_party[self.party_of(talk).id].append(talk)
            of_home[self.homes[self.party_of(talk).id]].append(talk)
        unfairness = sum(3600 // (number * number) for home, count in wished.items()
                         for number in range(len(of_home[home]) + 1, count + 1))
        waits = [0, *(self._wait(home, some) for home, some in of_home.items() if some)]
        ways = [minutes for party in self.problem.parties for minutes in self._ways(party, of_party[party.id])]
        burden = sum(wait + 2 * (wait - 30) * (wait > 30) for wait in waits)
        return Cost(sum(wish.please_come for wish in missing),
                    sum((4 + max(0, 9 - max(1, wish.rank))) * wish.slots for wish in missing), unfairness,
                    burden, sum(waits), max(waits), sum(minutes > 30 for minutes in ways), sum(ways))

    def _wait(self, home: str, talks: Sequence[Talk]) -> int:
        """Minutes between a family's first and last talk that are no talks, ways or appointments elsewhere."""
        first, last = min(talk.start for talk in talks), max(talk.end for talk in talks)
        between = {item for party in {self.party_of(talk) for talk in talks} | self._others(home)
                   for item in party.elsewhere if item.start >= first and item.end <= last}
        events: list[Any] = sorted([*talks, *between], key=lambda event: (event.start, event.end))
        wait, before = 0, events[0]
        for event in events[1:]:
            wait += max(0, event.start - before.end - self.any_way(before, event))
            before = event if event.end > before.end else before
        return wait

    def _others(self, home: str) -> set[Party]:
        return {party for party in self.problem.parties if party.elsewhere and self.homes[party.id] == home}

    def any_way(self, one: Any, other: Any) -> int:
        if isinstance(one, Talk) and isinstance(other, Talk):
            return self.way(one, other)
        if isinstance(one, Talk) or isinstance(other, Talk):
            talk, item = (one, other) if isinstance(one, Talk) else (other, one)
            desk = self.desks[talk.desk]
            return 0 if not desk.room else self.problem.walk_room if desk.site == item.site else self.problem.walk_site
        return 0 if one.site == other.site else self.problem.walk_site

    def _ways(self, party: Party, talks: Sequence[Talk]) -> Iterator[int]:
        """For each appointment elsewhere of a party that comes: minutes beyond the way to its nearest talk."""
        for item in party.elsewhere if talks else ():
            yield max(0, min(max(item.start - talk.end, talk.start - item.end) - self.any_way(talk, item)
                             for talk in talks))


def _covered(talk: Talk, times: Iterable[tuple[int, int]]) -> bool:
    """Whether every minute of a talk is in one of the times."""
    return all(any(opens <= minute < closes for opens, closes in times) for minute in range(talk.start, talk.end))


def _in_a_row(desk: Desk, slots: Sequence[Slot]) -> bool:
    if len(slots) == 1:
        return True
    ordered = sorted(desk.slots, key=lambda slot: slot.start)
    gaps = [later.start - earlier.end for earlier, later in pairwise(ordered)]
    most = max(gaps.count(gap) for gap in gaps)
    usual = min(gap for gap in gaps if gaps.count(gap) == most)
    places = [ordered.index(slot) for slot in slots]
    return all(later == earlier + 1 for earlier, later in pairwise(places)) and all(
        later.start - earlier.end <= usual for earlier, later in pairwise(slots))
