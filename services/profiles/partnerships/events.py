"""Facts announced of loops, which carry none of their words, and how news of review meetings is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from chassis.envelope import Event, Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.partnerships.models import Partnership
from services.profiles.people.events import state_version

ASKED, DROPPED = 1, 2  # the order of what is said of one loop's review meeting
Told = tuple[Collection[str], Collection[str]]
"""(guardian ids, staff ids) of those who are to be told; empty ones are left out."""


def loop_fact(uow: UnitOfWork, loop: Partnership, happened: str, told: Told, **more: object) -> Fact:
    """Something happened in a loop, and who is to hear of it."""
    adults, staff = told
    hear = {**({"guardian_ids": list(adults)} if adults else {}), **({"staff_ids": list(staff)} if staff else {})}
    return Fact(f"tandem.profiles.partnership.{happened}.v1", loop.pupil_id, 1, {
        "partnership_id": loop.id, "pupil_id": loop.pupil_id, **hear, **more}, after=state_version(uow))


def review_asked(uow: UnitOfWork, loop: Partnership, told: Told, days: tuple[date, date]) -> Fact:
    """Home and school want to meet about a loop, between these days."""
    return Fact("tandem.profiles.review.asked.v1", loop.id, ASKED, {
        "partnership_id": loop.id, "pupil_id": loop.pupil_id, "guardian_ids": list(told[0]),
        "staff_ids": list(told[1]), "from_on": days[0].isoformat(), "by_on": days[1].isoformat()},
        after=state_version(uow))


def review_dropped(uow: UnitOfWork, loop: Partnership) -> Fact:
    """Nobody needs to meet about this loop any more."""
    return Fact("tandem.profiles.review.dropped.v1", loop.id, DROPPED, {
        "partnership_id": loop.id, "pupil_id": loop.pupil_id}, after=state_version(uow))


@dataclass(frozen=True, slots=True)
class News:
    """The latest word of scheduling about one adult's review meeting."""

    review_id: str
    partnership_id: str
    guardian_id: str
    staff_id: str | None
    times: tuple[datetime, datetime] | None  # None: it was cancelled
    rank: tuple[int, datetime, str]


def read_booked(event: Event) -> Iterator[News]:
    data = event.data
    times = datetime.fromisoformat(data["starts_at"]), datetime.fromisoformat(data["ends_at"])
    yield News(data["review_id"], data["partnership_id"], data["guardian_id"], data["staff_id"], times,
               (event.version, event.time, event.id))


def read_cancelled(event: Event) -> Iterator[News]:
    data = event.data
    for guardian_id in data.get("guardian_ids", ()):
        yield News(data["review_id"], data["partnership_id"], guardian_id, None, None,
                   (event.version, event.time, event.id))
