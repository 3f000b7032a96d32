"""How scheduling's facts are read here, by name: somebody of school and somebody of home have spoken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from chassis.envelope import Event

MIDDAY = time(12)


@dataclass(frozen=True, slots=True)
class Talk:
    """About which child, who of school, and when."""

    pupil_id: str
    staff_id: str | None
    at: datetime


def read_talk(event: Event) -> Talk:
    """talk.held (of an evening) and meeting.held (of another day): when it was, and never ahead."""
    data = event.data
    at = datetime.fromisoformat(data["starts_at"]) if data.get("starts_at") else event.time
    return Talk(data["pupil_id"], data.get("staff_id"), min(at, event.time))


def read_held(event: Event, zone: ZoneInfo) -> Talk:
    """checkin.held names a day; one that lies ahead is taken as the day on which it was said."""
    data = event.data
    at = datetime.combine(date.fromisoformat(data["on"]), MIDDAY, zone).astimezone(UTC)
    return Talk(data["pupil_id"], data.get("staff_id"), min(at, event.time))
