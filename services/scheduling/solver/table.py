"""A problem as numbers: every place a talk can have, where each wish may lie, who is bound to whom.

A *place* is one slot of a desk, or several in a row for a longer talk; places are numbered by their start, so that
sorted numbers are in the order of time. A *household* is all parties that share an adult or a family: what one of
their talks forbids or costs is known within it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.scheduling.solver.problem import APART_MINUTES, Elsewhere, Party, Problem, Wish, runs

NOWHERE = -1


@dataclass(slots=True)
class Unit:
    """One interpreter, one step-free room: when it is there and whether it has to walk."""

    times: tuple[tuple[int, int], ...]
    moves: bool


@dataclass(slots=True)
class Household:
    """Wishes by number; `adults` of each of its parties; `plain` when one party is all there is to look at."""

    wishes: list[int] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    plain: bool = True


@dataclass(slots=True)
class Table:
    """Everything by number. See `make_table`."""

    problem: Problem
    start: list[int] = field(default_factory=list)  # of each place
    end: list[int] = field(default_factory=list)
    room: list[int] = field(default_factory=list)
    desk: list[int] = field(default_factory=list)
    slots: list[tuple[int, ...]] = field(default_factory=list)
    slot_ids: list[str] = field(default_factory=list)  # of each slot
    walk: list[list[int]] = field(default_factory=list)  # minutes from room to room
    has_calls: bool = False  # and ways besides: then who talks to whom in between does not matter for a way
    sites: list[str | None] = field(default_factory=list)  # of each room; None for calls
    offered: dict[tuple[str, int], list[int]] = field(default_factory=dict)  # the places of staff, by length in slots
    starts: dict[tuple[str, int], list[int]] = field(default_factory=dict)  # and their starts, to search in
    several: set[str] = field(default_factory=set)  # staff with several desks
    houses: list[Household] = field(default_factory=list)
    house: list[int] = field(default_factory=list)  # of each wish
    staff: list[tuple[str, int]] = field(default_factory=list)  # whom it names and its length
    party: list[Party | None] = field(default_factory=list)
    may: list[frozenset[int]] = field(default_factory=list)  # where a wish may lie as far as it alone is asked
    choices: list[list[int]] = field(default_factory=list)  # the same, in order
    pinned: list[int] = field(default_factory=list)
    needs: list[tuple[str, ...]] = field(default_factory=list)
    units: dict[str, list[Unit]] = field(default_factory=dict)
    enemies: dict[str, set[str]] = field(default_factory=dict)  # adults by adult
    of_adult: dict[str, list[int]] = field(default_factory=dict)  # the wishes of an adult who has enemies
    homes: dict[str, str] = field(default_factory=dict)  # the family of each party
    near: dict[tuple[tuple[str, int], int, int], list[int]] = field(default_factory=dict)  # what `beside` has found
    touchy: list[bool] = field(default_factory=list)  # wishes that bind others beyond their slot and household
    phases: int = 1  # more than one in a table that is `narrowed`
    phase_at: list[int] = field(default_factory=list)  # then: of each place
    phase: list[int] = field(default_factory=list)  # and of each wish, NOWHERE for those that may lie in any

    def walked(self, one: int, other: int) -> int:
        """The minutes from one place to another."""
        return self.walk[self.room[one]][self.room[other]]

    def clash(self, one: int, other: int) -> bool:
        """Whether nobody can be at both places, for their times and the way between them."""
        way = self.walk[self.room[one]][self.room[other]]
        return self.start[one] < self.end[other] + way and self.start[other] < self.end[one] + way

    def shares(self, one: int, other: int) -> bool:
        """Whether an adult is in both wishes."""
        mine, theirs = self.party[one], self.party[other]
        return mine is not None and theirs is not None and not set(mine.adults).isdisjoint(theirs.adults)

    def at(self, wish: int, start: int) -> int:
        """The place of a wish's staff that starts just then."""
        starts = self.starts.get(self.staff[wish], [])
        found = bisect_left(starts, start)
        return self.offered[self.staff[wish]][found] if found < len(starts) and starts[found] == start else NOWHERE

    def beside(self, wish: int, place: int) -> list[int]:
        """The places of a wish's staff that are next before and next after another place, with the way between."""
        key = (self.staff[wish], place, self.phase[wish] if self.phase else NOWHERE)
        found = self.near.get(key)
        if found is None:
            found = self.near[key] = self._find_beside(*key)
        return found

    def _find_beside(self, staff: tuple[str, int], place: int, phase: int) -> list[int]:
        starts, offered, found = self.starts[staff], self.offered[staff], []
        after = bisect_left(starts, self.end[place])
        while after < len(starts) and (starts[after] < self.end[place] + self.walked(offered[after], place)
                                       or self._is_out(offered[after], phase)):
            after += 1
        if after < len(starts):
            found.append(offered[after])
        before = bisect_right(starts, self.start[place]) - 1
        while before >= 0 and (self.end[offered[before]] + self.walked(offered[before], place) > self.start[place]
                               or self._is_out(offered[before], phase)):
            before -= 1
        if before >= 0:
            found.append(offered[before])
        return found

    def _is_out(self, place: int, phase: int) -> bool:
        return phase != NOWHERE and self.phase_at[place] != phase


def make_table(problem: Problem) -> Table:
    """All numbers of a problem."""
    table = Table(problem)
    _number_places(table)
    _number_units(table)
    _find_apart(table)
    houses = _join_houses(table)
    parties = {party.id: party for party in problem.parties}
    seen: dict[tuple[object, ...], tuple[frozenset[int], list[int]]] = {}
    table.homes = {party.id: party.home for party in problem.parties}
    for number, wish in enumerate(problem.wishes):
        party = parties.get(wish.party)
        key = (wish.staff, wish.slots)
        table.party.append(party)
        table.staff.append(key)
        table.needs.append(tuple(dict.fromkeys(wish.needs)))
        table.pinned.append(_pinned(table, wish))
        alike = (key, table.needs[-1], party and (party.free, party.elsewhere, _is_torn(table, party)), wish.pinned)
        if alike not in seen:
            places = _list_places(table, number)
            seen[alike] = (frozenset(places), places)
        table.may.append(seen[alike][0])
        table.choices.append(seen[alike][1])
        house = houses.get(wish.party)
        if house is None:
            houses[wish.party] = house = len(table.houses)
            table.houses.append(Household())
        table.house.append(house)
        table.houses[house].wishes.append(number)
        for adult in party.adults if party else ():
            if adult in table.enemies:
                table.of_adult.setdefault(adult, []).append(number)
        table.touchy.append(bool(table.needs[-1]) or wish.staff in table.several
                            or any(adult in table.enemies for adult in (party.adults if party else ())))
    return table


def _number_places(table: Table) -> None:
    problem, rooms = table.problem, {("", ""): 0}
    table.sites.append(None)
    lengths = sorted({max(1, wish.slots) for wish in problem.wishes} | {1})
    found: list[tuple[int, int, int, int, tuple[int, ...], int]] = []
    desks_of: dict[str, int] = {}
    for number, desk in enumerate(problem.desks):
        desks_of[desk.of] = desks_of.get(desk.of, 0) + 1
        key = (desk.site, desk.room) if desk.room else ("", "")
        if key not in rooms:
            rooms[key] = len(rooms)
            table.sites.append(desk.site)
        first, ids = len(table.slot_ids), {slot: len(table.slot_ids) + at for at, slot in enumerate(desk.slots)}
        table.slot_ids.extend(slot.id for slot in desk.slots)
        assert len(table.slot_ids) == first + len(desk.slots)
        for length in lengths:
            for run in runs(desk, length):
                taken = tuple(ids[slot] for slot in run)
                found.append((run[0].start, run[-1].end, number, length, taken, rooms[key]))
    for place, (start, end, number, length, taken, room) in enumerate(sorted(found)):
        table.start.append(start)
        table.end.append(end)
        table.desk.append(number)
        table.slots.append(taken)
        table.room.append(room)
        table.offered.setdefault((problem.desks[number].of, length), []).append(place)
        table.starts.setdefault((problem.desks[number].of, length), []).append(start)
    table.several = {staff for staff, count in desks_of.items() if count > 1}
    table.has_calls = bool(problem.walk_room or problem.walk_site) and any(not desk.room for desk in problem.desks)
    table.walk = [[_way(problem, one, other) for other in rooms] for one in rooms]


def _way(problem: Problem, one: tuple[str, str], other: tuple[str, str]) -> int:
    if one == other or not one[1] or not other[1]:
        return 0
    return problem.walk_room if one[0] == other[0] else problem.walk_site


def _number_units(table: Table) -> None:
    """Each unit by its kind, no more than there are wishes that need one."""
    wanted: dict[str, int] = {}
    for wish in table.problem.wishes:
        for kind in set(wish.needs):
            wanted[kind] = wanted.get(kind, 0) + 1
    for resource in table.problem.resources:
        units = table.units.setdefault(resource.kind, [])
        more = min(resource.units, wanted.get(resource.kind, 0))
        units.extend(Unit(merged(resource.times), resource.moves) for _unit in range(more))


def _find_apart(table: Table) -> None:
    for one, other in table.problem.apart:
        table.enemies.setdefault(one, set()).add(other)
        table.enemies.setdefault(other, set()).add(one)


def _is_torn(table: Table, party: Party) -> bool:
    """Whether two who must not meet are said to come together."""
    return any(other in table.enemies.get(one, ()) for one in party.adults for other in party.adults)


def _join_houses(table: Table) -> dict[str, int]:
    """The household of each party: whoever shares an adult or a family with it, and with those, and so on."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for party in table.problem.parties:
        for bond in (f"family {party.home}", *(f"adult {adult}" for adult in party.adults)):
            leader[find(bond)] = find(f"party {party.id}")
    houses: dict[str, int] = {}
    found: dict[str, int] = {}
    for party in table.problem.parties:
        chief = find(f"party {party.id}")
        if chief not in houses:
            houses[chief] = len(table.houses)
            table.houses.append(Household())
        found[party.id] = houses[chief]
        table.houses[houses[chief]].parties.append(party)
    for house in table.houses:
        house.plain = len(house.parties) == 1 and not house.parties[0].elsewhere
    return found


def _pinned(table: Table, wish: Wish) -> int:
    """The place that a wish keeps."""
    if wish.pinned is None:
        return NOWHERE
    return next((place for place in table.offered.get((wish.staff, wish.slots), ())
                 if table.slot_ids[table.slots[place][0]] == wish.pinned), NOWHERE)


def _list_places(table: Table, wish: int) -> list[int]:
    """Where a wish may lie, when nothing else is planned: it alone, with its party's times and what it needs."""
    party = table.party[wish]
    if table.problem.wishes[wish].pinned is not None:
        return [table.pinned[wish]] if table.pinned[wish] != NOWHERE else []
    if party is None or _is_torn(table, party):
        return []
    free = merged(party.free)
    needed = [[unit.times for unit in table.units.get(kind, ())] for kind in table.needs[wish]]
    return [place for place in table.offered.get(table.staff[wish], ())
            if within(free, table.start[place], table.end[place])
            and all(not_near(table, place, other) for other in party.elsewhere)
            and all(any(within(times, table.start[place], table.end[place]) for times in units) for units in needed)]


def merged(times: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same times, those that touch made one."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(times):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return tuple(found)


def within(times: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(opens <= start and end <= closes for opens, closes in times)


def way_elsewhere(table: Table, place: int, other: Elsewhere) -> int:
    """The minutes from a place to where somebody is expected otherwise; none from a call."""
    site = table.sites[table.room[place]]
    if site is None:
        return 0
    return table.problem.walk_room if site == other.site else table.problem.walk_site


def not_near(table: Table, place: int, other: Elsewhere) -> bool:
    """Whether a place leaves time for an appointment elsewhere and the way."""
    way = way_elsewhere(table, place, other)
    return table.end[place] + way <= other.start or other.end + way <= table.start[place]


def are_apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two visits, from the first start to the last end, are far enough from each other."""
    return one[1] + APART_MINUTES <= other[0] or other[1] + APART_MINUTES <= one[0]

