"""What can be done with reviews: choose a time, offer others, and take back what may stand no longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import Conflict, Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.actions import Held, disengage, engage, hold_time
from services.scheduling.diaries.queries import list_busy
from services.scheduling.people import queries as people
from services.scheduling.people.actions import Losses
from services.scheduling.reviews import events
from services.scheduling.reviews.models import Review, StaffHours
from services.scheduling.reviews.queries import (
    find_link,
    find_review,
    list_free,
    read_case,
    read_times,
    ways_for,
)
from services.scheduling.reviews.rules import (
    LENGTH,
    OPEN,
    UNSAID,
    find_window_faults,
    may_choose,
    moment_words,
    taken_words,
)
from services.scheduling.reviews.talks import TALK_OVER, TalkWish, await_end, offer_talk, on_talk_over

__all__ = ["TALK_OVER", "TalkWish", "offer_talk", "on_talk_over"]
FURTHEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ChooseTime:
    """A wish: this review at this time, in this way (None: the usual one)."""

    review_id: str
    starts_at: datetime
    how: str | None = None


def change(uow: UnitOfWork, row: Review, state: str, cause: str | None) -> None:
    """Its state from now on; what is not booked has no time."""
    row.state, row.cause, row.changed_at = state, cause, uow.now
    row.version += 1
    if state != "booked":
        if row.starts_at is not None:
            row.was_starts_at, row.was_ends_at = row.starts_at, row.ends_at
        row.starts_at = row.ends_at = row.how = None
    if cause in UNSAID:
        row.was_starts_at = row.was_ends_at = None


def choose_time(uow: UnitOfWork, caller: Principal, wish: ChooseTime) -> None:
    """Have the review at that time, also instead of another; or Conflict with what is free, and all stays."""
    row = _hold_review(uow, find_review(uow, caller, wish.review_id))
    people.require_booking(people.hold_family(uow, row.pupil_id), row.guardian_id)
    if row.is_staffs_alone or not may_choose(row.state, row.cause):
        raise Conflict("This meeting was called off, so no time can be chosen.")
    _require_ahead(uow, row, "moved")
    how = wish.how or (row.how if row.state == "booked" else None) or ways_for(uow, row)[0]
    if how not in ways_for(uow, row):
        raise Invalid(errors={"/how": "You can't choose this way of meeting."})
    if wish.starts_at not in read_times(row):
        raise Invalid(errors={"/starts_at": "Choose one of the times that are offered."})
    if row.state == "booked" and (row.starts_at, row.how) == (wish.starts_at, how):
        return
    case = read_case(uow, row, people.list_kept_apart(uow, [row.guardian_id], hold=True))
    reason = case.why_not(wish.starts_at)
    if reason or not _hold_time(uow, row, wish.starts_at):
        _, zone = people.get_school(uow)
        free = [moment_words(at, zone) for at in list_free(row, case) if at != wish.starts_at]
        raise Conflict(taken_words(moment_words(wish.starts_at, zone), reason or "taken", free))
    row.sequence += row.starts_at is not None or row.sequence > 0
    change(uow, row, "booked", None)
    row.starts_at, row.ends_at, row.how = wish.starts_at, wish.starts_at + LENGTH, how
    uow.record(events.review_booked(row, find_link(uow, row)))
    if row.kind == events.TALK:
        await_end(uow, row)


def _hold_review(uow: UnitOfWork, row: Review) -> Review:
    """The row as it is now, and nobody else changes it until this unit of work has ended."""
    uow.session.refresh(row, with_for_update=True)
    return row


def _hold_time(uow: UnitOfWork, row: Review, at: datetime) -> bool:
    disengage(uow, [row.id])
    held = Held(row.id, row.id, row.staff_id, at, at + LENGTH)
    if not hold_time(uow, held):
        return False
    engage(uow, held, row.guardian_id)
    return True


def _require_ahead(uow: UnitOfWork, row: Review, done: str) -> None:
    if row.state == "booked" and row.starts_at is not None and row.starts_at <= uow.now:
        raise Conflict(f"This meeting has begun, so it cannot be {done}.")


def say_unsuited(uow: UnitOfWork, caller: Principal, review_id: str, can: Sequence[Mapping[str, Any]]) -> None:
    """No time suits; this is when the adult can come. The teacher sees it and offers other times."""
    row = _hold_review(uow, find_review(uow, caller, review_id))
    if row.state == "booked":
        raise Conflict("A time is booked. Give it back before you ask for others.")
    if not may_choose(row.state, row.cause):
        raise Conflict("This meeting was called off, so no time can be asked for.")
    words = find_window_faults([(0, one["start"], one["end"]) for one in can])
    if words:
        raise Invalid(words, {"/can": words})
    row.can = [[one["on"].isoformat(), one["start"], one["end"]] for one in can]
    change(uow, row, "unsuited", None)


def set_times(uow: UnitOfWork, caller: Principal, review_id: str, starts: Sequence[datetime]) -> None:
    """Other times, by the member of staff; the adult is told that there are some."""
    row = _hold_review(uow, find_review(uow, caller, review_id))
    if row.state == "booked":
        raise Conflict("A time is booked. Cancel it before you offer others.")
    if not may_choose(row.state, row.cause):
        raise Conflict("This meeting was called off, so no times can be offered.")
    busy = list_busy(uow, [row.staff_id], uow.now)[row.staff_id]
    for at in starts:
        if not uow.now < at < uow.now + FURTHEST:
            raise Invalid(errors={"/times": "Choose times in the next two months."})
        if any(start < at + LENGTH and end > at for start, end in busy):
            raise Invalid(errors={"/times": "You are somewhere else at one of these times."})
    row.times, row.can = [at.isoformat() for at in sorted(set(starts))], []
    change(uow, row, "offered", None)
    uow.record(events.review_offered(row, [row.guardian_id], []))


def cancel_review(uow: UnitOfWork, caller: Principal, review_id: str) -> None:
    """Give the time back, or say that there will be no meeting. Cancelling what is cancelled changes nothing."""
    row = _hold_review(uow, find_review(uow, caller, review_id))
    if row.state in OPEN:
        _require_ahead(uow, row, "cancelled")
        take_back(uow, [row], caller.hat if caller.hat == "guardian" else "staff")


def release_losses(uow: UnitOfWork, losses: Losses) -> None:
    """Take back what is ahead of adults who may book no longer; who may not come any more may choose another way."""
    lost, absent = set(losses.book), set(losses.attend)
    rows = _list_ahead(uow, Review.pupil_id.in_({pupil_id for pupil_id, _ in lost | absent})) if lost | absent else []
    take_back(uow, [row for row in rows if (row.pupil_id, row.guardian_id) in lost], "right_ended")
    take_back(uow, [row for row in rows if row.how == "in-person" and (row.pupil_id, row.guardian_id) in absent],
               "right_ended", "offered")


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Take back what is ahead for pupils who have left."""
    if pupil_ids:
        take_back(uow, _list_ahead(uow, Review.pupil_id.in_(pupil_ids)), "pupil_left")


def release_near(uow: UnitOfWork, review_ids: Collection[str]) -> None:
    """These would bring two together who must not meet: another time can be chosen."""
    if review_ids:
        take_back(uow, [row for row in _list_ahead(uow, Review.id.in_(review_ids)) if row.state == "booked"],
                   "office", "offered")


def _list_ahead(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> Sequence[Review]:
    return uow.all(sa.select(Review).where(
        Review.state.in_(OPEN), sa.or_(Review.ends_at.is_(None), Review.ends_at > uow.now), *conditions)
        .order_by(Review.id).with_for_update())


def take_back(uow: UnitOfWork, rows: Sequence[Review], cause: str, state: str = "cancelled") -> None:
    if not rows:
        return
    disengage(uow, [row.id for row in rows])
    for row in rows:
        was = events.read_time(row)
        row.sequence += 1
        change(uow, row, state, cause)
        uow.record(events.review_cancelled(row, cause, was))
    uow.flush()


def set_hours(uow: UnitOfWork, staff_id: str, windows: Sequence[Mapping[str, Any]], link: str) -> None:
    """When I can usually talk; what is offered or booked stays as it is."""
    found = [(one["weekday"], one["start"], one["end"]) for one in windows]
    words = find_window_faults(found)
    if words:
        raise Invalid(words, {"/windows": words})
    row = uow.get(StaffHours, staff_id)
    if row is None:
        row = StaffHours(staff_id=staff_id)
        uow.add(row)
    row.windows, row.link, row.changed_at = [list(one) for one in sorted(set(found))], link, uow.now
