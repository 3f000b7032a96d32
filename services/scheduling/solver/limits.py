"""What is asked before an evening is planned: is anything contradictory, does it hold, how good can it be.

A fault is a code and the ids it is about, joined by ':'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.scheduling.solver.bounds import best_cost
from services.scheduling.solver.plan import Cost
from services.scheduling.solver.problem import DEFAULT_ORDER, Desk, Problem, Resource, Wish
from services.scheduling.solver.table import make_table

MOST_FAMILIES, MOST_DESKS, MOST_SLOTS, MOST_WISHES, MOST_MINUTES = 10_000, 2_000, 200_000, 120_000, 7 * 24 * 60
MOST_SLOTS_IN_A_TALK, MOST_WISHES_OF_A_PARTY = 12, 40


@dataclass(frozen=True, slots=True)
class Capacity:
    """Slots there are and slots wished for, of one staff or of all."""

    staff: str
    places: int
    wishes: int

    @property
    def lacking(self) -> int:
        return max(0, self.wishes - self.places)


def capacity(problem: Problem) -> tuple[Capacity, ...]:
    """By staff in the order of their names, then the whole with staff ''. A longer talk counts as its slots."""
    places: Counter[str] = Counter()
    wished: Counter[str] = Counter()
    for desk in problem.desks:
        places[desk.of] += len(desk.slots)
    for wish in problem.wishes:
        wished[wish.staff] += wish.slots
    each = tuple(Capacity(staff, places[staff], wished[staff]) for staff in sorted({*places, *wished}))
    return (*each, Capacity("", places.total(), wished.total()))


def bound(problem: Problem) -> Cost:
    """What no plan can be better than, by the aims in their order: the best choice of wishes, and nobody waits."""
    return best_cost(make_table(problem))


def find_faults(problem: Problem) -> list[str]:
    """All that is contradictory or beyond what is planned in one go; [] for a problem that can be solved."""
    return [":".join(part for part in fault if part) for fault in (
        *_too_large(problem), *_twice(problem), *_desk_faults(problem.desks), *_party_faults(problem),
        *_wish_faults(problem), *_resource_faults(problem.resources), *_rule_faults(problem), *_pin_faults(problem))]


Fault = tuple[str, ...]


def _too_large(problem: Problem) -> Iterator[Fault]:
    times = [at for desk in problem.desks for slot in desk.slots for at in (slot.start, slot.end)]
    sizes = (("too-many-families", len({party.home for party in problem.parties}), MOST_FAMILIES),
             ("too-many-desks", len(problem.desks), MOST_DESKS),
             ("too-many-slots", len(times) // 2, MOST_SLOTS), ("too-many-wishes", len(problem.wishes), MOST_WISHES),
             ("too-long", max(times, default=0) - min(times, default=0), MOST_MINUTES))
    yield from ((code, str(most)) for code, size, most in sizes if size > most)
    of_party = Counter(wish.party for wish in problem.wishes)
    yield from (("too-many-wishes-of-party", party) for party, count in sorted(of_party.items())
                if count > MOST_WISHES_OF_A_PARTY)


def _twice(problem: Problem) -> Iterator[Fault]:
    named: dict[str, Iterable[str]] = {
        "desk-twice": (desk.id for desk in problem.desks), "party-twice": (party.id for party in problem.parties),
        "slot-twice": (slot.id for desk in problem.desks for slot in desk.slots),
        "wish-twice": (wish.id for wish in problem.wishes)}
    for code, names in named.items():
        yield from ((code, name) for name, count in sorted(Counter(names).items()) if count > 1)


def _desk_faults(desks: Iterable[Desk]) -> Iterator[Fault]:
    for desk in desks:
        slots = sorted(desk.slots, key=lambda slot: (slot.start, slot.end))
        yield from (("slot-without-time", desk.id, slot.id) for slot in slots if slot.end <= slot.start)
        yield from (("slots-overlap", desk.id, earlier.id, later.id)
                    for earlier, later in pairwise(slots) if later.start < earlier.end)


def _party_faults(problem: Problem) -> Iterator[Fault]:
    apart = {*problem.apart, *((other, one) for one, other in problem.apart)}
    for party in problem.parties:
        if not party.adults:
            yield "party-without-adults", party.id
        if not party.free:
            yield "never-free", party.id
        yield from (("free-without-time", party.id) for opens, closes in party.free if closes <= opens)
        yield from (("elsewhere-without-time", party.id) for item in party.elsewhere if item.end <= item.start)
        if any((one, other) in apart for one in party.adults for other in party.adults):
            yield "apart-together", party.id


def _wish_faults(problem: Problem) -> Iterator[Fault]:
    parties = {party.id for party in problem.parties}
    staff = {desk.of for desk in problem.desks}
    offered = {desk.of for desk in problem.desks if desk.slots}
    kinds = {resource.kind for resource in problem.resources}
    for wish in problem.wishes:
        if wish.party not in parties:
            yield "unknown-party", wish.id, wish.party
        if wish.staff not in staff:
            yield "unknown-staff", wish.id, wish.staff
        elif wish.staff not in offered:
            yield "staff-without-slots", wish.id, wish.staff
        if wish.rank < 1:
            yield "rank-below-one", wish.id
        if not 1 <= wish.slots <= MOST_SLOTS_IN_A_TALK:
            yield "length-of-talk", wish.id
        yield from (("unknown-need", wish.id, kind) for kind in wish.needs if kind not in kinds)


def _resource_faults(resources: Iterable[Resource]) -> Iterator[Fault]:
    for resource in resources:
        if resource.units < 0:
            yield "units-below-zero", resource.kind
        yield from (("resource-without-time", resource.kind) for opens, closes in resource.times if closes <= opens)


def _rule_faults(problem: Problem) -> Iterator[Fault]:
    if problem.walk_room < 0 or problem.walk_site < 0:
        yield ("walk-below-zero",)
    if problem.walk_room > problem.walk_site and len({desk.site for desk in problem.desks if desk.room}) > 1:
        yield ("walk-to-site-shorter",)
    yield from (("unknown-aim", aim) for aim in problem.order if aim not in DEFAULT_ORDER)
    yield from (("apart-from-self", one) for one, other in sorted(problem.apart) if one == other)


def _pin_faults(problem: Problem) -> Iterator[Fault]:
    """A pinned slot that the wish cannot have; two talks in one slot."""
    table = make_table(problem)
    taken: dict[int, Wish] = {}
    for number, wish in enumerate(problem.wishes):
        if wish.pinned is None:
            continue
        place = table.pinned[number]
        if place < 0:
            yield "pinned-to-nothing", wish.id, wish.pinned
            continue
        for slot in table.slots[place]:
            if slot in taken:
                yield "pinned-twice", taken[slot].id, wish.id, wish.pinned
            taken[slot] = wish
