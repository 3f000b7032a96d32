"""The timetable while it is being made: which wish lies where, and what each household's evening costs.

What a household costs is an int: the burden of the minutes waited and the journeys, the more important of both far
above the other; far below the burden the squares of the minutes, so that of as heavy a burden the evener is better.
IMPOSSIBLE when somebody would have to be in two places. Who is met is counted apart, in `grants`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from services.scheduling.solver.problem import LONG_WAIT_MINUTES, SECOND_TRIP_MINUTES, burden, in_order
from services.scheduling.solver.table import NOWHERE, Household, Table, are_apart, way_elsewhere

IMPOSSIBLE = 1 << 80
ABOVE = 1 << 20


class Board:
    """`lies`: the place of each wish; `taken`: the wish in each slot; `talks`: the placed wishes of each household."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.lies = [NOWHERE] * len(table.may)
        self.taken = [NOWHERE] * len(table.slot_ids)
        self.talks: list[list[int]] = [[] for _house in table.houses]
        self.costs = [0] * len(table.houses)
        self.held: dict[int, tuple[tuple[str, int], ...]] = {}  # units by the wish that has them
        self.users: dict[tuple[str, int], list[int]] = {}  # the places of each unit, in order
        self.of_staff: dict[str, set[int]] = {}  # placed wishes of staff with several desks
        times = [aim for aim in in_order(table.problem.order) if aim in ("waits", "trip")]
        self.wait_weight, self.trip_weight = (
            (ABOVE << 24, 1) if times[0] == "waits" else (ABOVE, ABOVE << 24))
        self.even_weight = ABOVE if times[0] == "waits" else 1
        self.reach = max(table.problem.walk_room, table.problem.walk_site)  # of the longest way

    # What a household's evening costs.

    def cost_at(self, house: int, moved: Mapping[int, int]) -> int:
        """The cost of a household with some of its wishes at other places (NOWHERE: not met)."""
        if self.table.houses[house].plain:
            lies = self.lies
            places = [moved[wish] if wish in moved else lies[wish] for wish in self.talks[house]]
            for wish, place in moved.items():
                if lies[wish] == NOWHERE and self.table.house[wish] == house:
                    places.append(place)
            return self.span([place for place in places if place != NOWHERE])
        at = {wish: self.lies[wish] for wish in self.talks[house]}
        at.update((wish, place) for wish, place in moved.items() if self.table.house[wish] == house)
        return self._shared_cost(self.table.houses[house], {w: place for w, place in at.items() if place != NOWHERE})

    def cost_with(self, house: int, wish: int, place: int) -> int:
        """The cost of a household with one of its talks at another place: `cost_at`, in its most frequent form."""
        if self.table.houses[house].plain:
            lies = self.lies
            return self.span([place if one == wish else lies[one] for one in self.talks[house]])
        return self.cost_at(house, {wish: place})

    def span(self, places: list[int]) -> int:
        """The cost of one party's talks at these places."""
        if len(places) < 2:
            return 0
        places.sort()
        start, end, room, walk = self.table.start, self.table.end, self.table.room, self.table.walk
        idle, last = 0, places[0]
        for place in places[1:]:
            gap = start[place] - end[last] - walk[room[last]][room[place]]
            if gap < 0:
                return IMPOSSIBLE
            idle += gap
            last = place
        if self.table.has_calls and any(self.table.clash(*pair) for pair in combinations(places, 2)):
            return IMPOSSIBLE  # a call in between does not shorten the way from room to room
        if idle > LONG_WAIT_MINUTES:
            return self.weigh(idle)
        return idle * (self.wait_weight + idle * self.even_weight)  # `weigh`, in its most frequent form

    def weigh(self, idle: int) -> int:
        """What a family's minutes cost."""
        return burden(idle) * self.wait_weight + idle * idle * self.even_weight

    def burden_in(self, cost: int) -> int:
        """What of a cost, or of many together, is waits."""
        return (cost if self.wait_weight > self.trip_weight else cost % self.trip_weight) // self.wait_weight

    def _shared_cost(self, house: Household, at: Mapping[int, int]) -> int:
        """The cost where adults or families are shared, or somebody is expected elsewhere."""
        table = self.table
        placed = sorted(at.items(), key=lambda item: item[1])
        for number, (wish, place) in enumerate(placed):
            for other, there in placed[number + 1:]:
                if table.clash(place, there) and table.shares(wish, other):
                    return IMPOSSIBLE
        waits = sum(map(self.weigh, self.waits_of(house, at).values()))
        journeys = sum(SECOND_TRIP_MINUTES * 8 * (away > SECOND_TRIP_MINUTES) + away
                       for away in self.ways_of(house, at))
        return waits + journeys * self.trip_weight

    def waits_of(self, house: Household, at: Mapping[int, int]) -> dict[str, int]:
        """The minutes each family of a household waits between its first and last talk."""
        table, found = self.table, {}
        for home in dict.fromkeys(party.home for party in house.parties):
            events = [(table.start[place], table.end[place], place, "") for wish, place in at.items()
                      if _home(table, wish) == home]
            if len(events) < 2:
                continue
            first, last = min(event[0] for event in events), max(event[1] for event in events)
            there = {item for party in house.parties if party.home == home for item in party.elsewhere}
            events += [(item.start, item.end, NOWHERE, item.site) for item in there
                       if item.start >= first and item.end <= last]
            found[home] = self._idle(sorted(events))
        return found

    def _idle(self, events: Sequence[tuple[int, int, int, str]]) -> int:
        """The gaps between what follows one another, without the ways; what overlaps leaves none."""
        idle, before = 0, events[0]
        for event in events[1:]:
            idle += max(0, event[0] - before[1] - self._way(before, event))
            before = max(before, event, key=lambda one: one[1])
        return idle

    def _way(self, one: tuple[int, int, int, str], other: tuple[int, int, int, str]) -> int:
        table, problem = self.table, self.table.problem
        if one[2] != NOWHERE and other[2] != NOWHERE:
            return table.walked(one[2], other[2])
        if one[2] == NOWHERE and other[2] == NOWHERE:
            return 0 if one[3] == other[3] else problem.walk_site
        place, site = (one[2], other[3]) if one[2] != NOWHERE else (other[2], one[3])
        here = table.sites[table.room[place]]
        return 0 if here is None else problem.walk_room if here == site else problem.walk_site

    def ways_of(self, house: Household, at: Mapping[int, int]) -> list[int]:
        """For each appointment elsewhere of parties with talks: the minutes beyond the way to their nearest talk."""
        table, found = self.table, []
        for party in house.parties:
            talks = [place for wish, place in at.items() if table.party[wish] is party]
            for item in party.elsewhere if talks else ():
                found.append(min(max(item.start - table.end[place], table.start[place] - item.end)
                                 - way_elsewhere(table, place, item) for place in talks))
        return [max(0, away) for away in found]

    # What binds others beyond slot and household.

    def bound(self, wish: int, place: int) -> bool:
        """Whether units, another desk of the same staff, or somebody who must not be met forbid a place now."""
        table = self.table
        if table.staff[wish][0] in table.several and any(
                table.clash(self.lies[other], place) and table.desk[self.lies[other]] != table.desk[place]
                for other in self.of_staff.get(table.staff[wish][0], ())):
            return True
        party = table.party[wish]
        if party and table.enemies and any(self._meets(adult, place) for adult in party.adults):
            return True
        return any(self.find_unit(kind, place) is None for kind in table.needs[wish])

    def _meets(self, adult: str, place: int) -> bool:
        """Whether with this place too an adult would be there while somebody is whom they must not meet."""
        if adult not in self.table.enemies:
            return False
        mine = self.visit(adult, (place,))
        assert mine is not None
        theirs = (self.visit(other) for other in self.table.enemies[adult])
        return any(visit is not None and not are_apart(mine, visit) for visit in theirs)

    def visit(self, adult: str, more: Iterable[int] = ()) -> tuple[int, int] | None:
        """From when to when an adult who has enemies is there."""
        lies = self.lies
        places = [lies[wish] for wish in self.table.of_adult.get(adult, ()) if lies[wish] != NOWHERE]
        places += more
        if not places:
            return None
        return min(self.table.start[place] for place in places), max(self.table.end[place] for place in places)

    def find_unit(self, kind: str, place: int) -> int | None:
        """A unit of a resource that is free for a place."""
        table = self.table
        start, end = table.start[place], table.end[place]
        for number, unit in enumerate(table.units.get(kind, ())):
            if (any(opens <= start and end <= closes for opens, closes in unit.times)
                    and not self.list_users(kind, number, place)):
                return number
        return None

    def list_users(self, kind: str, number: int, place: int) -> list[int]:
        """The wishes that a unit serves when it would have to be at a place, or on the way to it or from it."""
        places = self.users.get((kind, number))
        if not places:
            return []
        table, moves = self.table, self.table.units[kind][number].moves
        start, end, reach = table.start[place], table.end[place], self.reach if moves else 0
        middle, near = bisect_left(places, place), []
        for at in range(middle - 1, -1, -1):
            if table.end[places[at]] + reach <= start:
                break
            near.append(places[at])
        for at in range(middle, len(places)):
            if end + reach <= table.start[places[at]]:
                break
            near.append(places[at])
        return [self.taken[table.slots[other][0]] for other in near
                if not moves or table.clash(other, place)]

    # Putting and taking.

    def is_free(self, place: int) -> bool:
        return all(self.taken[slot] == NOWHERE for slot in self.table.slots[place])

    def can(self, wish: int, place: int) -> bool:
        """Whether a wish that lies nowhere may lie there, with everything else where it is."""
        return (self.is_free(place) and not (self.table.touchy[wish] and self.bound(wish, place))
                and self.cost_at(self.table.house[wish], {wish: place}) < IMPOSSIBLE)

    def put(self, wish: int, place: int) -> None:
        """Lay a wish somewhere; the household's cost is renewed by `settle`."""
        table = self.table
        self.lies[wish] = place
        for slot in table.slots[place]:
            self.taken[slot] = wish
        self.talks[table.house[wish]].append(wish)
        if table.touchy[wish]:
            if table.staff[wish][0] in table.several:
                self.of_staff.setdefault(table.staff[wish][0], set()).add(wish)
            units = [(kind, number) for kind in table.needs[wish]
                     if (number := self.find_unit(kind, place)) is not None]
            self.held[wish] = tuple(units)
            for unit in units:
                insort(self.users.setdefault(unit, []), place)

    def take(self, wish: int) -> int:
        """Lay a wish nowhere; where it was."""
        table, place = self.table, self.lies[wish]
        self.talks[table.house[wish]].remove(wish)
        if table.touchy[wish]:
            for unit in self.held.pop(wish, ()):
                self.users[unit].remove(place)
            self.of_staff.get(table.staff[wish][0], set()).discard(wish)
        self.lies[wish] = NOWHERE
        for slot in table.slots[place]:
            if self.taken[slot] == wish:
                self.taken[slot] = NOWHERE
        return place

    def settle(self, house: int) -> None:
        """Reckon a household's cost anew."""
        self.costs[house] = self.cost_at(house, {})


def _home(table: Table, wish: int) -> str:
    party = table.party[wish]
    return party.home if party else ""
