"""What no plan can be better than: the best choice of wishes, and the waits that times force on everybody."""

from __future__ import annotations

from services.scheduling.solver.grants import choose, family_of, places_of
from services.scheduling.solver.plan import Cost
from services.scheduling.solver.problem import (
    GRANTS,
    SECOND_TRIP_MINUTES,
    burden,
    first_talks_weight,
    in_order,
    rank_weight,
)
from services.scheduling.solver.table import Table, way_elsewhere


class Floors:
    """The least minutes that households must wait for given wishes, for the times of their desks alone."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.least: dict[tuple[tuple[str, int], tuple[str, int]], int] = {}

    def wait(self, house: int, wishes: list[int]) -> int:
        """For a household of one party without appointments elsewhere; 0 for every other."""
        if not self.table.houses[house].plain or len(wishes) < 2:
            return 0
        staff = [self.table.staff[wish] for wish in wishes]
        after = [min(self._between(one, other) for at, other in enumerate(staff) if at != number)
                 for number, one in enumerate(staff)]
        return sum(after) - max(after)

    def _between(self, one: tuple[str, int], other: tuple[str, int]) -> int:
        """The least gap, beyond the way, from a talk with one staff to a talk with another."""
        if (one, other) not in self.least:
            table, found, at = self.table, 1 << 30, 0
            theirs = table.offered.get(other, [])
            for place in sorted(table.offered.get(one, ()), key=lambda number: table.end[number]):
                while at < len(theirs) and table.start[theirs[at]] < table.end[place]:
                    at += 1
                for later in theirs[at:]:
                    gap = table.start[later] - table.end[place] - table.walked(place, later)
                    if gap >= 0:
                        found = min(found, gap)
                        break
                if not found:
                    break
            self.least[one, other] = found if found < 1 << 30 else 0
        return self.least[one, other]


def best_cost(table: Table) -> Cost:
    """A cost that no plan is below, by the aims in the problem's order."""
    grants = _chosen(table) if _is_exact(table) else _relaxed(table)
    if grants.unmet:  # who gets in decides who waits
        return grants
    floors, waits, ways = Floors(table), [0], []
    for number, house in enumerate(table.houses):
        waits.append(floors.wait(number, house.wishes))
        ways += _ways(table, house.wishes)
    return Cost(grants.unmet_please_come, grants.unmet, grants.unfairness, sum(map(burden, waits)), sum(waits),
                max(waits), sum(away > SECOND_TRIP_MINUTES for away in ways), sum(ways))


def _is_exact(table: Table) -> bool:
    """Whether `choose` finds the best choice for sure: single slots, fairness between equals alone."""
    last = [aim for aim in in_order(table.problem.order) if aim in GRANTS][-1]
    return last == "fair" and all(wish.slots == 1 for wish in table.problem.wishes)


def _chosen(table: Table) -> Cost:
    granted = choose(table)
    missing = [wish for number, wish in enumerate(table.problem.wishes) if number not in granted]
    met: dict[str, int] = {}
    wished: dict[str, int] = {}
    for number in range(len(table.problem.wishes)):
        home = family_of(table, number)
        wished[home] = wished.get(home, 0) + 1
        met[home] = met.get(home, 0) + (number in granted)
    unfairness = sum(first_talks_weight(number) for home, count in wished.items()
                     for number in range(met[home] + 1, count + 1))
    return Cost(sum(wish.please_come for wish in missing), sum(rank_weight(wish) for wish in missing), unfairness)


def _relaxed(table: Table) -> Cost:
    """Each aim by itself: as many please-come as fit, the best ranks slot by slot, the first talks of most families."""
    please, unmet, most = 0, 0, 0
    wishes = table.problem.wishes
    of_staff: dict[str, list[int]] = {}
    for number, wish in enumerate(wishes):
        of_staff.setdefault(wish.staff, []).append(number)
    places = places_of(table)
    for staff, numbers in of_staff.items():
        able = [wishes[number] for number in numbers if table.choices[number]]
        asked = [wishes[number] for number in numbers]
        left = places.get(staff, 0)
        please += sum(wish.please_come for wish in asked) - _fitting(
            left, [wish.slots for wish in able if wish.please_come])
        most += _fitting(left, [wish.slots for wish in able])
        weights = sorted((rank_weight(wish) // wish.slots for wish in able for _slot in range(wish.slots)),
                         reverse=True)
        unmet += sum(rank_weight(wish) for wish in asked) - sum(weights[:left])
    return Cost(please, unmet, _fairest(table, most))


def _fitting(places: int, lengths: list[int]) -> int:
    """How many talks fit, the shortest first."""
    count = 0
    for length in sorted(lengths):
        places -= length
        count += places >= 0
    return count


def _fairest(table: Table, most: int) -> int:
    """The unfairness if so many talks could be given to anybody who wished."""
    wished: dict[str, int] = {}
    for number in range(len(table.problem.wishes)):
        wished[family_of(table, number)] = wished.get(family_of(table, number), 0) + 1
    weights = sorted((first_talks_weight(number) for count in wished.values() for number in range(1, count + 1)),
                     reverse=True)
    return sum(weights[most:])


def _ways(table: Table, wishes: list[int]) -> list[int]:
    """For each appointment elsewhere of a party with talks: the least minutes between it and any place."""
    found = []
    parties = {party.id: party for wish in wishes if (party := table.party[wish])}
    for party in parties.values():
        places = {place for wish in wishes if table.party[wish] is party for place in table.choices[wish]}
        found += [max(0, min((max(item.start - table.end[place], table.start[place] - item.end)
                              - way_elsewhere(table, place, item) for place in places), default=0))
                  for item in party.elsewhere]
    return found
