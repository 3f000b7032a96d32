"""A parents' evening as a problem: who sits where and when, who can come, who wishes to see whom.

All times are whole minutes since any moment that the caller chose, the same for all; an interval ends where it says
and does not hold that minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

Aim = str  # one of DEFAULT_ORDER
GRANTS: tuple[Aim, ...] = ("please-come", "rank", "fair")
TIMES: tuple[Aim, ...] = ("waits", "trip")
DEFAULT_ORDER: tuple[Aim, ...] = (*GRANTS, *TIMES)
APART_MINUTES = 16  # more than a quarter of an hour, in whole minutes
SECOND_TRIP_MINUTES = 30
LONG_WAIT_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be planned."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Desk:
    """One block of one teacher, or of several together: `staff` is whom wishes name.

    Breaks are left out of `slots`. A teacher with two blocks has two desks with the same `staff`.
    A desk without a room is a call: nobody walks to it or from it.
    """

    id: str
    slots: tuple[Slot, ...]
    room: str
    site: str = ""
    staff: str = ""

    @property
    def of(self) -> str:
        """Whom wishes name: the staff, or the desk itself when it names nobody."""
        return self.staff or self.id


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where these adults are expected otherwise that evening, such as a sibling's talk at another school."""

    start: int
    end: int
    site: str


@dataclass(frozen=True, slots=True)
class Party:
    """Adults who come together. `free`: when they can. `family` is whose fairness and waits are counted as one."""

    id: str
    adults: tuple[str, ...]
    free: tuple[tuple[int, int], ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    family: str = ""

    @property
    def home(self) -> str:
        return self.family or self.id


@dataclass(frozen=True, slots=True)
class Resource:
    """What talks share: interpreters, a step-free room. One unit serves one talk at a time, within one of `times`.

    A unit that `moves` walks from room to room as people do.
    """

    kind: str
    units: int
    times: tuple[tuple[int, int], ...]
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """A party wishes to talk to `staff` about a pupil. `rank` 1 is wanted most.

    `slots`: how many slots of one desk follow one another, each after no more than the desk's usual gap (the gap that
    it has most often). `pinned`: the (first) slot that it already has and keeps, whatever else is said here.
    """

    id: str
    party: str
    pupil: str
    staff: str
    rank: int
    please_come: bool = False
    slots: int = 1
    needs: tuple[str, ...] = ()
    pinned: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One evening. `apart`: pairs of adults of whom neither comes while the other is there.

    That is, more than 15 minutes lie between the visits of the two, from the first talk of each to its last.
    `order`: the soft aims, most important first, each strictly before the next. Who gets a talk at all (please-come,
    rank, fair) always comes before how well it lies (waits, trip): nobody waits at an evening with no talks.
    """

    desks: tuple[Desk, ...]
    parties: tuple[Party, ...]
    wishes: tuple[Wish, ...]
    resources: tuple[Resource, ...] = ()
    apart: frozenset[tuple[str, str]] = frozenset()
    walk_room: int = 0
    walk_site: int = 0
    order: tuple[Aim, ...] = DEFAULT_ORDER


def in_order(order: Iterable[Aim]) -> tuple[Aim, ...]:
    """All aims: who gets a talk, then how it lies, each group as the school ordered it; what it left out comes last."""
    asked = tuple(dict.fromkeys((*order, *DEFAULT_ORDER)))
    return (*(aim for aim in asked if aim in GRANTS), *(aim for aim in asked if aim in TIMES))


def usual_gap(desk: Desk) -> int:
    """The gap between two slots of a desk that occurs most often; the shorter of two as frequent."""
    slots = sorted(desk.slots, key=lambda slot: slot.start)
    gaps = [later.start - earlier.end for earlier, later in pairwise(slots)]
    return min(gaps, key=lambda gap: (-gaps.count(gap), gap), default=0)


def runs(desk: Desk, length: int) -> tuple[tuple[Slot, ...], ...]:
    """Every `length` slots of a desk that follow one another closely enough for one talk."""
    slots, gap = sorted(desk.slots, key=lambda slot: (slot.start, slot.end)), usual_gap(desk)
    found = (tuple(slots[first:first + length]) for first in range(len(slots) - length + 1))
    return tuple(run for run in found
                 if all(later.start - earlier.end <= gap for earlier, later in pairwise(run)))


def rank_weight(wish: Wish) -> int:
    """What it costs not to meet a wish: rank 1 is 12, rank 8 is 5, the rest 4; a longer talk as often as its slots."""
    return (4 + max(0, 9 - max(1, wish.rank))) * wish.slots


def burden(wait: int) -> int:
    """What a family's minutes of waiting weigh: those beyond half an hour three times.

    Else two families would be spared a quarter of an hour each by one that waits for half an hour more.
    """
    return wait + 2 * max(0, wait - LONG_WAIT_MINUTES)


def first_talks_weight(number: int) -> int:
    """What a family's talk of this number (1 for its first) is worth for fairness: much more than its next."""
    return 3600 // (number * number)
