"""What makes an evening possible, and when its slots are. Pure decisions on plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SLOT_MINUTES = (5, 60)
FURTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class EveningTimes:
    """When an evening is, as the school's own clock and calendar say it."""

    on: date
    start: time
    end: time
    slot_minutes: int
    respond_by: date

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.on, self.start, zone).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.on, self.end, zone).astimezone(UTC)


def find_faults(times: EveningTimes, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """What is wrong with these times: plain words by field; {} when nothing is."""
    today = now.astimezone(zone).date()
    faults: dict[str, str] = {}
    shortest, longest = SLOT_MINUTES
    if not shortest <= times.slot_minutes <= longest:
        faults["/slot_minutes"] = f"Slot minutes must be between {shortest} and {longest}."
    if times.on > today + FURTHEST:
        faults["/on"] = "The date (on) must be within the next two years."
        return faults
    if times.on < today:
        faults["/on"] = "The date (on) has gone by. Choose today or a later day."
    elif times.end <= times.start:
        faults["/to"] = "The end (to) must be later than the start (from), on the same day."
    elif not (_exists(times.on, times.start, zone) and _exists(times.on, times.end, zone)):
        faults["/from"] = "The clocks go forward that night and skip this start (from) or end (to)."
    elif times.starts_at(zone) <= now:
        faults["/from"] = "The start (from) has gone by. Choose a later time."
    elif not faults and not slot_instants(times, zone):
        faults["/slot_minutes"] = "Slot minutes is longer than the whole evening."
    if times.respond_by > times.on:
        faults["/respond_by"] = "The day to answer by (respond_by) must not be after the evening."
    elif times.respond_by < today:
        faults["/respond_by"] = "The day to answer by (respond_by) has gone by."
    return faults


def _exists(on: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the school's clock shows this time on that day: it skips an hour in spring."""
    local = datetime.combine(on, at, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


def slot_instants(times: EveningTimes, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The slots one after another, as instants; what is left over at the end is nobody's."""
    length = timedelta(minutes=times.slot_minutes)
    start, end = times.starts_at(zone), times.ends_at(zone)
    return [(start + length * number, start + length * (number + 1)) for number in range((end - start) // length)]
