"""How long times are held, when an adult can come, and what cannot be asked. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HELD_FOR = timedelta(minutes=5)
MOST_EXTENSIONS = 3
Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Limits:
    """When one adult can come, as the school's clock shows it (HH:MM); None: as early, or as late, as it goes."""

    earliest: str | None = None
    latest: str | None = None
    not_times: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The evening: its day and instants, and the school's zone."""

    on: date
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo

    def instant(self, shown: str, latest: bool = False) -> datetime:
        """When the clock of that day shows this time; of a time that it shows twice the first or the last."""
        at = time.fromisoformat(shown)
        found = [datetime.combine(self.on, at.replace(fold=fold), self.zone).astimezone(UTC) for fold in (0, 1)]
        return max(found) if latest else min(found)


def list_windows(limits: Limits, frame: Frame) -> list[Times]:
    """The times of the evening at which they can come, in order."""
    start = max(frame.starts_at, frame.instant(limits.earliest, latest=True)) if limits.earliest else frame.starts_at
    end = min(frame.ends_at, frame.instant(limits.latest)) if limits.latest else frame.ends_at
    found: list[Times] = []
    for begins, stops in sorted((frame.instant(begins), frame.instant(stops, latest=True))
                                for begins, stops in limits.not_times):
        if begins > start:
            found.append((start, min(begins, end)))
        start = max(start, stops)
    return [(begins, stops) for begins, stops in (*found, (start, end)) if stops > begins]


def is_within(windows: Sequence[Times], starts_at: datetime, ends_at: datetime) -> bool:
    return any(begins <= starts_at and ends_at <= stops for begins, stops in windows)


def find_faults(limits: Limits, frame: Frame) -> dict[str, str]:
    """What is wrong with when they can come: plain words by field; {} when nothing is."""
    faults = {f"/not_times/{place}": "The end of this time must be later than its start."
              for place, (begins, stops) in enumerate(limits.not_times) if begins >= stops}
    if limits.earliest and limits.latest and limits.earliest >= limits.latest:
        faults["/latest"] = "The latest time must be after the earliest."
    elif limits.earliest and frame.instant(limits.earliest) >= frame.ends_at:
        faults["/earliest"] = "The evening is over by then. Choose an earlier time."
    elif limits.latest and frame.instant(limits.latest, latest=True) <= frame.starts_at:
        faults["/latest"] = "The evening has not begun by then. Choose a later time."
    elif not faults and not list_windows(limits, frame):
        faults["/not_times"] = "With these times nothing is left of the evening. Free some of it."
    return faults


def extend(held_until: datetime, now: datetime) -> datetime:
    """Five minutes more than what was left."""
    return max(held_until, now) + HELD_FOR
