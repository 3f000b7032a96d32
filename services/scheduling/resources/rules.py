"""What can be offered at an evening, and whether there is a unit of it left. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

INTERPRETER = "interpreter"
KINDS = (INTERPRETER, "bsl", "step-free", "longer", "creche")
UNITS = (1, 1000)


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
    """A unit that somebody has, from an instant to a later one."""

    starts_at: datetime
    ends_at: datetime


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


def is_free(units: int, taken: Iterable[Taken], span: Taken) -> bool:
    """Whether one more unit can be had for that time."""
    beside = [Taken(max(one.starts_at, span.starts_at), min(one.ends_at, span.ends_at)) for one in taken
              if one.starts_at < span.ends_at and one.ends_at > span.starts_at]
    return peak(beside) < units
