"""Facts announced of loops, which carry none of their words, and how news of review meetings is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chassis.envelope import Event, Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.partnerships.models import Partnership
from services.profiles.people.events import state_version

Told = tuple[Collection[str], Collection[str]]
"""(guardian ids, staff ids) of those who are to be told; empty ones are left out."""


def loop_fact(uow: UnitOfWork, loop: Partnership, happened: str, told: Told, **more: object) -> Fact:
    """Something happened in a loop, and who is to hear of it."""
    return _loop_fact(loop, happened, told, state_version(uow), more)


def loop_opened(loop: Partnership, told: Told, after: int, voice: str) -> Fact:
    """`after` is the state version that this and the wish to meet were decided on."""
    return _loop_fact(loop, "opened", told, after, {"voice": voice, "review_on": loop.review_on.isoformat()})


def _loop_fact(loop: Partnership, happened: str, told: Told, after: int, more: Mapping[str, object]) -> Fact:
    adults, staff = told
    hear = {**({"guardian_ids": list(adults)} if adults else {}), **({"staff_ids": list(staff)} if staff else {})}
    return Fact(f"tandem.profiles.partnership.{happened}.v1", loop.pupil_id, 1, {
        "partnership_id": loop.id, "pupil_id": loop.pupil_id, **hear, **more}, after=after)


def review_asked(loop: Partnership, told: Told, days: tuple[date, date], after: int) -> Fact:
    """Home and school want to meet about a loop, between these days."""
    return Fact("tandem.profiles.review.asked.v1", loop.id, _next_version(loop), {
        "partnership_id": loop.id, "pupil_id": loop.pupil_id, "guardian_ids": list(told[0]),
        "staff_ids": list(told[1]), "from_on": days[0].isoformat(), "by_on": days[1].isoformat()}, after=after)


def review_dropped(uow: UnitOfWork, loop: Partnership) -> Fact:
    """Nobody needs to meet about this loop any more."""
    return Fact("tandem.profiles.review.dropped.v1", loop.id, _next_version(loop), {
        "partnership_id": loop.id, "pupil_id": loop.pupil_id}, after=state_version(uow))


def _next_version(loop: Partnership) -> int:
    """Whatever is said of a loop's review meeting counts more than what was said before."""
    loop.review_version += 1
    return loop.review_version


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
    """Nothing of one that ended for the adult alone: for the member of staff it is as it was."""
    data = event.data
    told = data.get("guardian_ids", ())
    if not told or data.get("staff_ids"):
        for guardian_id in told or [one for one in [data.get("guardian_id")] if one]:
            yield News(data["review_id"], data["partnership_id"], guardian_id, None, None,
                       (event.version, event.time, event.id))
