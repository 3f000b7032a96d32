"""Who is offered a time first, and how long an offer lasts. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LASTS, AT_LEAST, ON_THE_NIGHT = timedelta(hours=2), timedelta(minutes=10), timedelta(minutes=5)
SHARE = 12  # an offer lasts this part of the time until the evening, when that is less than two hours
APART = timedelta(minutes=15)  # between times of two who must not meet
Times = tuple[datetime, datetime]
QUIET_FROM, QUIET_TO, MORNING = time(21), time(7), time(9)


@dataclass(frozen=True, slots=True)
class Place:
    """What decides where somebody stands on the list: whether the teacher asks them to come, how many talks they
    have that evening, which of their wishes it is (1: the most wanted), and since when they wait."""

    id: str
    is_asked: bool
    talks: int
    since: datetime
    rank: int = 1


def in_order(places: Sequence[Place]) -> list[str]:
    """Whom a teacher asks to come first, then who has fewest talks, then who wishes it most, then who waits longest."""
    return [one.id for one in sorted(places, key=lambda one: (
        not one.is_asked, one.talks, one.rank, one.since, one.id))]


def find_limits(free: Sequence[Times], evening: Times,
                zone: ZoneInfo) -> tuple[str | None, str | None, list[list[str]]]:
    """When somebody who is free at these times of an evening can come, as the school's clock shows it: from when, until
    when (None: as early, or as late, as it goes), and the times between at which they cannot."""
    def shown(instant: datetime) -> str:
        return f"{instant.astimezone(zone):%H:%M}"

    first, last = free[0][0], free[-1][1]
    return (shown(first) if first > evening[0] else None, shown(last) if last < evening[1] else None,
            [[shown(earlier[1]), shown(later[0])] for earlier, later in pairwise(free) if later[0] > earlier[1]])


def expires_at(now: datetime, evening_starts: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
    """Until when an offer of a time lasts; None where it is too late to offer it.

    Nobody has to answer at night: what would run out then lasts into the morning.
    """
    if now >= evening_starts:
        ends = now + ON_THE_NIGHT
        return ends if ends < starts_at else None
    ends = now + min(LASTS, max(AT_LEAST, (evening_starts - now) / SHARE))
    if is_quiet(now, zone) or is_quiet(ends, zone):
        ends = max(ends, _next_morning(now, zone))
    ends = min(ends, starts_at)
    return ends if ends - now >= AT_LEAST else None


def is_quiet(instant: datetime, zone: ZoneInfo) -> bool:
    shown = instant.astimezone(zone).time()
    return shown >= QUIET_FROM or shown < QUIET_TO


def _next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= MORNING)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
