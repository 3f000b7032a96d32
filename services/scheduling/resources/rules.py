"""What can be offered at an evening, and whether there is a unit of it left. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

INTERPRETER = "interpreter"
KINDS = (INTERPRETER, "bsl", "step-free", "longer", "creche")
MOVING = (INTERPRETER, "bsl")  # they walk from room to room; the others stay where they are
UNITS = (1, 1000)
Place = tuple[str, str]  # a site and a room of it; nobody walks to a place without a room
Minutes = tuple[int, int]  # to walk from room to room, and from site to site
NO_PLACE, AT_ONCE = ("", ""), (0, 0)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the office offers: `units` at a time, from one local time to another (None: as long as the evening)."""

    id: str
    kind: str
    language: str
    name: str
    units: int
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A unit that somebody has, from an instant to a later one, and where it is then."""

    starts_at: datetime
    ends_at: datetime
    place: Place = NO_PLACE


def span_of(one: Offered, frame: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """From when to when, as instants; `frame` is the evening as the school's clock shows it."""
    start, end = (edge if at is None else datetime.combine(edge.date(), at, edge.tzinfo)
                  for at, edge in zip((one.start, one.end), frame, strict=True))
    return start.astimezone(UTC), end.astimezone(UTC)


def find_faults(wanted: Sequence[Offered], frame: tuple[datetime, datetime], known: Collection[str]) -> dict[str, str]:
    """What cannot be offered, in plain words by field; {} when all can."""
    faults: dict[str, str] = {}
    ids = [one.id for one in wanted if one.id]
    for number, one in enumerate(wanted):
        at = f"/items/{number}"
        if one.id and (one.id not in known or ids.count(one.id) > 1):
            faults[f"{at}/id"] = "This line (id) is not one of the list that you changed."
        if one.kind == INTERPRETER and not one.language:
            faults[f"{at}/language"] = "Say which language (language) the interpreter speaks."
        elif one.kind != INTERPRETER and one.language:
            faults[f"{at}/language"] = "Only an interpreter has a language (language)."
        if not UNITS[0] <= one.units <= UNITS[1]:
            faults[f"{at}/units"] = f"How many (units) must be between {UNITS[0]} and {UNITS[1]}."
        start, end = span_of(one, frame)
        if end <= start:
            faults[f"{at}/to"] = "The end (to) must be later than the start (from), on the same day."
        elif start < frame[0].astimezone(UTC) or end > frame[1].astimezone(UTC):
            faults[f"{at}/from"] = f"The evening is from {frame[0]:%H:%M} to {frame[1]:%H:%M}. Stay within it."
    return faults


def peak(taken: Iterable[Taken]) -> int:
    """How many units are in use at the busiest moment; one that ends as another begins makes room for it."""
    steps = sorted([(one.starts_at, 1) for one in taken] + [(one.ends_at, -1) for one in taken])
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def is_free(units: int, taken: Iterable[Taken], span: Taken, walks: Minutes = AT_ONCE) -> bool:
    """Whether one more unit can be had for that time: one that has time to walk there, and on to where it is next."""
    taken = list(taken)
    beside = [one for one in taken if not _is_between(one, span, walks) and not _is_between(span, one, walks)]
    return len(beside) < units or _can_serve(units, [*taken, span], walks)


def _can_serve(units: int, uses: Iterable[Taken], walks: Minutes) -> bool:
    """Whether so many units can be with all of them.

    Each unit goes from one use to the next. The fewest units are as many as there are uses, less the most uses that can
    each follow one of their own: a matching, found by augmenting it (Kuhn, 1955; the fewest chains by Fulkerson, 1956).
    """
    order = sorted(uses, key=lambda one: (one.starts_at, one.ends_at))
    follows: dict[int, int] = {}  # a use -> the one before it

    def is_followed(before: int, seen: set[int]) -> bool:
        for later in range(before + 1, len(order)):
            if later not in seen and _is_between(order[before], order[later], walks):
                seen.add(later)
                if later not in follows or is_followed(follows[later], seen):
                    follows[later] = before
                    return True
        return False

    return len(order) - sum(is_followed(before, set()) for before in range(len(order))) <= units


def _is_between(earlier: Taken, later: Taken, walks: Minutes) -> bool:
    """Whether one unit can be with the later when it is done with the earlier."""
    return earlier.ends_at + timedelta(minutes=_minutes_between(earlier.place, later.place, walks)) <= later.starts_at


def _minutes_between(one: Place, other: Place, walks: Minutes) -> int:
    return walks[one[0] != other[0]] if one[1] and other[1] and one != other else 0
