"""When a review could be, and how. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES = 20
MOST_OFFERED = 6
MOST_WINDOWS = 20
STEP = timedelta(minutes=5)
LENGTH = timedelta(minutes=MINUTES)
Window = tuple[int, str, str]
Span = tuple[datetime, datetime]
USUAL_HOURS: tuple[Window, ...] = tuple(
    (weekday, start, end) for weekday in range(5) for start, end in (("08:15", "08:45"), ("15:15", "16:30")))
OPEN = ("offered", "unsuited", "booked")
BY_A_PERSON = ("guardian", "staff", "office")
UNSAID = ("right_ended", "pupil_left")  # what was lost so is not said to have been there


@dataclass(frozen=True, slots=True)
class Hours:
    """Good hours of the week, as the school's clock shows them."""

    windows: Sequence[Window]
    zone: ZoneInfo

    def spans_on(self, day: date) -> list[Span]:
        """The instants from and to which these hours last on that day."""
        return [(self._instant(day, start), self._instant(day, end))
                for weekday, start, end in sorted(self.windows) if weekday == day.weekday()]

    def _instant(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)


def overlap(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The times that are in one of these spans and in one of the others."""
    both = [(max(start, begin), min(end, stop)) for start, end in spans for begin, stop in others]
    return sorted((start, end) for start, end in both if start < end)


def list_starts(spans: Iterable[Span], busy: Iterable[Span], length: timedelta = LENGTH) -> list[datetime]:
    """When something of that length could begin within these spans, one after another, beside what is there already."""
    taken, found = sorted(busy), list[datetime]()
    for start, end in spans:
        at = start
        while at + length <= end:
            near = [stop for begin, stop in taken if begin < at + length and stop > at]
            if near:
                at = max(at + STEP, max(near))
            else:
                found.append(at)
                at += length
    return found


def spread(starts: Sequence[datetime], count: int = MOST_OFFERED) -> list[datetime]:
    """A few of many, from the first to the last, so that different days and hours are among them."""
    if len(starts) <= count:
        return list(starts)
    return [starts[place * (len(starts) - 1) // (count - 1)] for place in range(count)]


def share_out(starts: Sequence[datetime], adults: Sequence[str]) -> dict[str, list[datetime]]:
    """Times for each adult; they get different ones as long as there are enough."""
    turns = {one: [start for turn, start in enumerate(starts) if turn % len(adults) == place]
             for place, one in enumerate(adults)}
    enough = len(starts) >= MOST_OFFERED * len(adults)
    return {one: spread(turns[one] if enough else starts) for one in adults}


def list_ways(may_attend: bool, has_link: bool, prefers: str | None = None) -> list[str]:
    """How an adult may come: as they would like to, then the usual way first."""
    ways = [*(["in-person"] if may_attend else []), "phone", *(["video"] if has_link else [])]
    return sorted(ways, key=lambda way: way != prefers)


def find_window_faults(windows: Iterable[Window]) -> str:
    """What is wrong with hours that somebody has written; empty when nothing is."""
    for _, start, end in windows:
        if start >= end:
            return "The end of a time must be later than its start."
    return ""


def moment_words(instant: datetime, zone: ZoneInfo) -> str:
    """Thursday 26 November, 5:10pm, as the school's clock shows it."""
    local = instant.astimezone(zone)
    clock = f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"
    return f"{local:%A} {local.day} {local:%B}, {clock}"


def taken_words(wanted: str, reason: str, free: Collection[str]) -> str:
    """Why a time could not be had, and what could be had instead."""
    first = {"taken": f"Someone took {wanted} a moment ago.", "past": f"{wanted} has gone by.",
             "yours": f"You are already somewhere else at {wanted}."}[reason]
    return f"{first} These are free: {'; '.join(free)}." if free else (
        f"{first} No other times are free. Tell us when you can come.")


def may_choose(state: str, cause: str | None) -> bool:
    """Whether a time may be chosen now: also again, after somebody gave one back."""
    return state in OPEN or (state == "cancelled" and cause in BY_A_PERSON)
