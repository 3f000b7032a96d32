"""When an adult can come, until when wishes may change, and what in a form cannot be. Pure decisions on plain values.

Times as the school's clock shows them (HH:MM) become instants here. Where the clock shows a time twice, or skips it,
the later instant is taken for what begins a free time and the earlier one for what ends it: nobody is planned into a
time that they may have meant to keep free.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MARKS = ("please-come", "no-need")
HOWS = ("in-person", "phone", "video")
SHORTEST = timedelta(minutes=5)
NEAR = timedelta(hours=12)
MOST_WISHES = 24
REMIND_DAYS, REMIND_AT = 2, time(9)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Frame:
    """The evening around the wishes: its day and instants, and the school's zone."""

    on: date
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Limits:
    """When one adult can come; None: as early, or as late, as it goes."""

    earliest: str | None
    latest: str | None
    not_times: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What an adult may choose from: teachers by child, needs and ways."""

    teachers: Mapping[str, Collection[str]]
    needs: Collection[str]
    ways: Collection[str]


def wishes_end(respond_by: date, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which wishes may change no longer: the end of that day at the school, at most the evening."""
    return min(starts_at, datetime.combine(respond_by + timedelta(days=1), time(), zone).astimezone(UTC))


def list_free(limits: Limits, frame: Frame) -> list[Span]:
    """The times of the evening at which they can come, in order."""
    start, end = frame.starts_at, frame.ends_at
    if limits.earliest is not None:
        start = max(start, _instants(frame, limits.earliest)[1])
    if limits.latest is not None:
        end = min(end, _instants(frame, limits.latest)[0])
    free: list[Span] = []
    for first, last in sorted((_instants(frame, begins)[0], _instants(frame, ends)[1])
                              for begins, ends in limits.not_times):
        if first > start:
            free.append((start, min(first, end)))
        start = max(start, last)
    free.append((start, end))
    return [(begins, ends) for begins, ends in free if ends > begins]


def _instants(frame: Frame, shown: str) -> Span:
    """The earliest and the latest instant that a time on the clock of that day may mean."""
    at = time.fromisoformat(shown)
    found = sorted(datetime.combine(frame.on, at.replace(fold=fold), frame.zone).astimezone(UTC) for fold in (0, 1))
    return found[0], found[1]


def find_time_faults(limits: Limits, frame: Frame) -> dict[str, str]:
    """What is wrong with when they can come: plain words by field; {} when nothing is."""
    faults = {f"/not_times/{place}": "The end of this time must be later than its start."
              for place, (begins, ends) in enumerate(limits.not_times) if begins >= ends}
    earliest, latest = limits.earliest, limits.latest
    if earliest is not None and _instants(frame, earliest)[0] >= frame.ends_at:
        faults["/earliest"] = "The evening is over by then. Choose an earlier time."
    elif latest is not None and _instants(frame, latest)[1] <= frame.starts_at:
        faults["/latest"] = "The evening has not begun by then. Choose a later time."
    elif earliest is not None and latest is not None and earliest >= latest:
        faults["/latest"] = "The latest time must be after the earliest."
    elif not faults and not any(ends - begins >= SHORTEST for begins, ends in list_free(limits, frame)):
        faults["/not_times"] = ("With these times nothing is left of the evening. Free some of it, or say that you "
                                "cannot come.")
    return faults


def still_fits(comes: str, limits: Limits, frame: Frame, is_other_day: bool) -> bool:
    """Whether an answer makes sense at an evening that is at another time now."""
    return not is_other_day if comes != "yes" else not find_time_faults(limits, frame)


def find_wish_faults(wanted: Mapping[str, Sequence[str]], offered: Mapping[str, Collection[str]]) -> dict[str, str]:
    """What is wrong with whom they wish to see, by child and in order of wish."""
    faults: dict[str, str] = {}
    for place, (pupil_id, staff_ids) in enumerate(wanted.items()):
        at = f"/children/{place}/wishes"
        if len(set(staff_ids)) < len(staff_ids):
            faults[at] = "A teacher is named twice here. Choose each once."
        for rank, staff_id in enumerate(staff_ids):
            if staff_id not in offered.get(pupil_id, ()):
                faults[f"{at}/{rank}/staff_id"] = "This teacher does not see families about your child that evening."
    if sum(map(len, wanted.values())) > MOST_WISHES:
        faults["/children"] = f"Choose at most {MOST_WISHES} talks in all."
    return faults


def find_elsewhere_faults(elsewhere: Sequence[tuple[datetime, datetime, str]], frame: Frame) -> dict[str, str]:
    faults: dict[str, str] = {}
    for place, (begins, ends, _site) in enumerate(elsewhere):
        if begins >= ends:
            faults[f"/elsewhere/{place}"] = "The end of this time must be later than its start."
        elif ends < frame.starts_at - NEAR or begins > frame.ends_at + NEAR:
            faults[f"/elsewhere/{place}"] = "This is not on the day of the evening."
    return faults


def find_choice_faults(how: str, call_on: str, needs: Sequence[str], offer: Offer) -> dict[str, str]:
    """What is wrong with how they come and what they need."""
    faults = {f"/needs/{place}": "The school does not have this at that evening. Ring the office: they may find a way."
              for place, need in enumerate(needs) if need not in offer.needs}
    if how not in offer.ways:
        faults["/how"] = "Choose one of the ways that are offered."
    elif how == "phone" and not call_on:
        faults["/call_on"] = "Write the number that the teacher should ring."
    return faults


def is_reminding_day(respond_by: date, today: date) -> bool:
    """From two days before the last day for wishes until the day before it."""
    return respond_by - timedelta(days=REMIND_DAYS) <= today < respond_by


def next_reminding(now: datetime) -> datetime:
    """The next morning at which we look whom to remind, by the clock that shows `now`."""
    day = now.date() if now.time() < REMIND_AT else now.date() + timedelta(days=1)
    return datetime.combine(day, REMIND_AT, now.tzinfo).astimezone(UTC)
