"""When somebody is free, who must wait for whom, and how one comes. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

IN_PERSON, PHONE = "in-person", "phone"
APART = timedelta(minutes=15)
SHOWN_TIMES = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A time from an instant to a later one."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        return self.starts_at < other.ends_at and self.ends_at > other.starts_at

    def is_near(self, other: Span) -> bool:
        """Whether they overlap, or so little lies between them that those who come to them could meet."""
        return self.starts_at <= other.ends_at + APART and self.ends_at >= other.starts_at - APART


@dataclass(frozen=True, slots=True)
class Engagement:
    """A time at which an adult is somewhere; of those of one time, who booked came first."""

    appointment_id: str
    guardian_id: str
    span: Span
    slot_id: str
    booked_at: datetime
    is_booker: bool


@dataclass(frozen=True, slots=True)
class Diary:
    """Where some adults are, and who of all must not meet whom."""

    engagements: Sequence[Engagement]
    apart: Collection[tuple[str, str]]

    def is_busy(self, guardian_id: str, span: Span, but: str = "") -> bool:
        """Whether this adult is elsewhere for any part of that time."""
        return any(one.guardian_id == guardian_id and one.appointment_id != but and one.span.overlaps(span)
                   for one in self.engagements)

    def is_too_near(self, guardian_id: str, span: Span, but: str = "") -> bool:
        """Whether somebody whom this adult must not meet is too near at that time."""
        others = list_others(guardian_id, self.apart)
        return any(one.guardian_id in others and one.appointment_id != but and one.span.is_near(span)
                   for one in self.engagements)

    def is_mine(self, guardian_id: str, slot_id: str) -> bool:
        return any(one.guardian_id == guardian_id and one.slot_id == slot_id for one in self.engagements)


def list_others(guardian_id: str, apart: Iterable[tuple[str, str]]) -> set[str]:
    """Whom this adult must not meet."""
    return {other for pair in apart if guardian_id in pair for other in pair if other != guardian_id}


def find_too_near(engagements: Iterable[Engagement], apart: Collection[tuple[str, str]]) -> list[Engagement]:
    """What must be given back so that nobody meets whom they must not: what was booked earlier stays."""
    kept: list[Engagement] = []
    released: list[Engagement] = []
    for one in sorted(engagements, key=lambda one: (
            one.booked_at, one.appointment_id, not one.is_booker, one.guardian_id)):
        others = list_others(one.guardian_id, apart)
        meets = any(other.guardian_id in others and other.span.is_near(one.span) for other in kept)
        (released if meets else kept).append(one)
    return released


def list_ways(may_attend: bool) -> list[str]:
    """How an adult may come, the usual way first."""
    return [IN_PERSON, PHONE] if may_attend else [PHONE]


def clock_words(instant: datetime, zone: ZoneInfo) -> str:
    """5:10pm, as the school's clock shows it."""
    local = instant.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def taken_words(wanted: str, reason: str, free: Sequence[str]) -> str:
    """Why a slot could not be had, and what could be had instead."""
    first = {"taken": f"Someone took {wanted} a moment ago.",
             "yours": f"You already have an appointment at {wanted}.",
             "past": f"{wanted} has gone by."}[reason]
    if not free:
        return f"{first} No other times are free with this teacher."
    more = " and more" if len(free) > SHOWN_TIMES else ""
    return f"{first} These are free: {', '.join(free[:SHOWN_TIMES])}{more}."
