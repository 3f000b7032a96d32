"""When somebody is free, who must wait for whom, and how one comes. Pure decisions on plain values."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

IN_PERSON, PHONE, VIDEO = "in-person", "phone", "video"
WAY_WORDS = {IN_PERSON: "in person", PHONE: "by phone", VIDEO: "by video"}
APART = timedelta(minutes=15)
SHOWN_TIMES = 6
STEP_FREE = "step-free"
LONGER = "longer"  # the need of two slots one after the other


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
class Spot:
    """Where somebody is for a talk. A talk by phone or video is in no room: nobody walks to it or from it."""

    room: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Walks:
    """How many minutes it takes from room to room, and from one site of the school to another."""

    room: int
    site: int

    def between(self, one: Spot, other: Spot) -> timedelta:
        if not one.room or not other.room or one == other:
            return timedelta(0)
        return timedelta(minutes=self.room if one.site == other.site else self.site)


@dataclass(frozen=True, slots=True)
class Visit:
    """A time that somebody would have, where they would be then, and how long the ways are."""

    span: Span
    spot: Spot
    walks: Walks


@dataclass(frozen=True, slots=True)
class Engagement:
    """A time at which an adult is somewhere; of those of one time, who booked came first."""

    appointment_id: str
    guardian_id: str
    span: Span
    slot_id: str
    booked_at: datetime
    is_booker: bool
    spot: Spot = Spot()


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

    def is_rushed(self, guardian_id: str, visit: Visit, but: str = "") -> bool:
        """Whether this adult could not walk there in time from their talk before it, or to the next one."""
        for one in self.engagements:
            if one.guardian_id == guardian_id and one.appointment_id != but:
                way = visit.walks.between(one.spot, visit.spot)
                if one.span.starts_at < visit.span.ends_at + way and one.span.ends_at + way > visit.span.starts_at:
                    return True
        return False

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


def list_ways(may_attend: bool, offered: Sequence[str] = (IN_PERSON, PHONE)) -> list[str]:
    """How an adult may come of what is offered, the usual way first; who may not come on site can always ring."""
    return list(offered) if may_attend else [way for way in offered if way != IN_PERSON] or [PHONE]


def spot_of(slot: Any, how: str) -> Spot:
    """Where who comes in this way sits; rooms without a name are all where the evening is."""
    return Spot(slot.room or slot.place, slot.site) if how == IN_PERSON else Spot()


def clock_words(instant: datetime, zone: ZoneInfo) -> str:
    """5:10pm, as the school's clock shows it."""
    local = instant.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def taken_words(wanted: str, reason: str, free: Sequence[str], by_office: bool = False) -> str:
    """Why a slot could not be had, and what could be had instead; the office hears it of the family.

    Of the times that are `free` the first few are said, so no more than one more needs to be given.
    """
    you, your = ("they", "theirs") if by_office else ("you", "yours")
    first = {"taken": f"Someone took {wanted} a moment ago.",
             "yours": f"{you.capitalize()} already have an appointment at {wanted}.",
             "short": f"There is not enough time at {wanted}.",
             "walk": f"{wanted} is too close to another talk of {your}: {you} need time to walk from room to room.",
             "past": f"{wanted} has gone by."}[reason]
    if not free:
        return f"{first} No other times are free with this teacher."
    more = " and more" if len(free) > SHOWN_TIMES else ""
    return f"{first} These are free: {', '.join(free[:SHOWN_TIMES])}{more}."


def length_of(needs: Collection[str]) -> int:
    """How many slots one after the other a talk has."""
    return 2 if LONGER in needs else 1


def is_taken(times: Sequence[tuple[datetime, datetime]], span: Span) -> bool:
    """Whether one of these times overlaps it. They are in order, and somebody's: no two of them overlap."""
    later = bisect_left(times, (span.ends_at,))
    return later > 0 and times[later - 1][1] > span.starts_at


def find_runs(slots: Sequence[Any], length: int) -> list[tuple[Any, ...]]:
    """Every `length` slots of one block, in order, that follow one another with no more than its usual gap."""
    gaps = [later.starts_at - earlier.ends_at for earlier, later in pairwise(slots)]
    often = Counter(gaps)
    usual = min(often, key=lambda gap: (-often[gap], gap), default=timedelta(0))
    return [tuple(slots[first:first + length]) for first in range(len(slots) - length + 1)
            if all(gap <= usual for gap in gaps[first:first + length - 1])]
