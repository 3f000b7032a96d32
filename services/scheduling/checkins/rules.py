"""Who should be spoken with, by whom and when: the work is spread evenly. Pure decisions on plain values."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
LENGTH = timedelta(minutes=10)
YEAR_DAYS = 365
USUAL = {"usual": 1, "closer": 2, "reviews": 3, "most_a_day": 2}
STATE_WORDS = {"proposed": "is only proposed", "held": "was done already", "skipped": "was left out",
               "offered": "is with the family already", "ended": "is not needed any more",
               "declined": "did not suit the family"}
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult of a child, of which home, and when school last spoke with them (never: None)."""

    id: str
    home_id: str
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A child whose adults have not been spoken with, and who of school and of home may talk."""

    pupil_id: str
    staff_ids: Sequence[str]
    adults: Sequence[Adult]
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A talk: who with whom about whom, and when."""

    pupil_id: str
    guardian_id: str
    staff_id: str
    day: date
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Diaries:
    """What is known of everybody's time. Hours are asked by (id, day); a family that never said has none (None)."""

    staff_hours: Callable[[str, date], Sequence[Span]]
    family_hours: Callable[[str, date], Sequence[Span] | None]
    busy: Mapping[str, Sequence[Span]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """The days that are left, the number of the half-term (it rises by one), and the most talks a teacher and day."""

    days: Sequence[date]
    number: int
    most: int


def since(half: tuple[date, date], times: int, today: date) -> date:
    """The first day of the stretch that today is in, when a half-term is cut into as many stretches as talks."""
    start, end = half
    length = max(1, ((end - start).days + 1) // max(1, times))
    stretch = min(max(0, (today - start).days // length), max(1, times) - 1)
    return start + stretch * length * DAY


def review_since(today: date, times: int) -> date:
    """A child with closer support needs a review after this day: so many a year."""
    return today - timedelta(days=YEAR_DAYS // max(1, times))


def turn(pupil_id: str, among: Sequence[str], number: int) -> str:
    """Whose turn it is in that half-term: one after the other, so that it is never always the same one."""
    first = int.from_bytes(hashlib.sha256(pupil_id.encode()).digest()[:4])
    ordered = sorted(among)
    return ordered[(first + number) % len(ordered)]


def turn_at_home(child: Due, number: int) -> str:
    """Which adult's turn it is: of the home with which school spoke longest ago, the one with whom it did.

    Where several have waited as long, and where nobody has been spoken with, it goes round by half-terms.
    """
    homes: dict[str, list[Adult]] = {}
    for one in child.adults:
        homes.setdefault(one.home_id, []).append(one)
    last = {home_id: max(_since_when(one) for one in adults) for home_id, adults in homes.items()}
    home = homes[turn(child.pupil_id, _longest_ago(last), number)]
    return turn(child.pupil_id, _longest_ago({one.id: _since_when(one) for one in home}), number)


def _since_when(one: Adult) -> float:
    return one.last.timestamp() if one.last else float("-inf")


def _longest_ago(last: Mapping[str, float]) -> list[str]:
    return [name for name, at in last.items() if at == min(last.values())]


def plan(due: Sequence[Due], term: Term, diaries: Diaries, standing: Sequence[Proposed] = ()) -> list[Proposed]:
    """A talk for each of these children on one of the days: each on the day on which the teacher has least to do yet.

    Run again over what is left and what stands, it says the same: nobody's time wanders from week to week.
    """
    made: list[Proposed] = []
    loads = Counter((one.staff_id, one.day) for one in standing)
    taken: dict[str, list[Span]] = {}
    for one in standing:
        taken.setdefault(one.staff_id, []).append((one.starts_at, one.starts_at + LENGTH))
    have = {one.pupil_id for one in standing}
    for child in sorted(due, key=lambda one: (one.last.timestamp() if one.last else 0.0, one.pupil_id)):
        if child.pupil_id in have or not child.staff_ids or not child.adults:
            continue
        found = _place(child, term, diaries, (loads, taken))
        if found is not None:
            have.add(child.pupil_id)
            loads[found.staff_id, found.day] += 1
            taken.setdefault(found.staff_id, []).append((found.starts_at, found.starts_at + LENGTH))
            made.append(found)
    return made


def _place(child: Due, term: Term, diaries: Diaries,
           so_far: tuple[Counter[tuple[str, date]], Mapping[str, Sequence[Span]]]) -> Proposed | None:
    """The child's talk, in the family's good hours if that can be had, else in the teacher's alone."""
    loads, taken = so_far
    staff_id = turn(child.pupil_id, child.staff_ids, term.number)
    guardian_id = turn_at_home(child, term.number)
    busy = [*diaries.busy.get(staff_id, ()), *taken.get(staff_id, ())]
    days = sorted((day for day in term.days if loads[staff_id, day] < term.most),
                  key=lambda day: (loads[staff_id, day], day))
    for asks_family in (True, False):
        for day in days:
            spans = list(diaries.staff_hours(staff_id, day))
            family = diaries.family_hours(guardian_id, day) if asks_family else None
            at = find_time(spans if family is None else meet(spans, family), busy)
            if at is not None:
                return Proposed(child.pupil_id, guardian_id, staff_id, day, at)
    return None


def meet(ones: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The times that are in both."""
    return sorted((max(a[0], b[0]), min(a[1], b[1])) for a in ones for b in others if max(a[0], b[0]) < min(a[1], b[1]))


def find_time(spans: Sequence[Span], busy: Sequence[Span]) -> datetime | None:
    """The first time of a talk's length in these spans at which nothing else is."""
    for start, end in spans:
        at = start
        while at + LENGTH <= end:
            over = [stop for begin, stop in busy if begin < at + LENGTH and stop > at]
            if not over:
                return at
            at = max(over)
    return None


def way_of(may_attend: bool, is_kept_apart: bool) -> str:
    """A chat at school only with who may come there and has nobody to avoid there; else by phone."""
    return "chat" if may_attend and not is_kept_apart else "phone"


def next_morning(now: datetime, hour: int = 6) -> datetime:
    """The next time that the clock of `now`'s zone shows this hour."""
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    return at if at > now else (at + DAY)
