"""What can be asked about reviews: what waits, what is ahead, and when somebody can usually talk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.db import Utc
from chassis.errors import NotFound
from chassis.permissions import Answer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import find_clash, read_diary
from services.scheduling.diaries.queries import list_busy
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.reviews.models import Review, StaffHours
from services.scheduling.reviews.rules import LENGTH, OPEN, USUAL_HOURS, Hours, list_ways, may_choose

MOST = 100


@dataclass(frozen=True, slots=True)
class Case:
    """Where the two of a review are, beside it."""

    guardian_id: str
    review_id: str
    diary: Any
    busy: Sequence[tuple[datetime, datetime]]
    now: datetime

    def why_not(self, at: datetime) -> str:
        """Why a time cannot be had: 'past', 'yours' or 'taken'; empty when it can."""
        if at <= self.now:
            return "past"
        clash = find_clash(self.diary, self.guardian_id, (at, at + LENGTH), self.review_id)
        return clash or ("taken" if any(start < at + LENGTH and end > at for start, end in self.busy) else "")


SAID_HOURS = sa.select(StaffHours.staff_id, StaffHours.windows).where(
    StaffHours.staff_id.in_(sa.bindparam("staff", expanding=True)))


def read_hours(uow: UnitOfWork, staff_ids: Collection[str]) -> dict[str, Hours]:
    """The good hours of each of these members of staff; the usual ones of who never said."""
    _, zone = people.get_school(uow)
    said = {row.staff_id: row.windows for row in uow.rows(SAID_HOURS, staff=list(staff_ids))}
    return {one: make_hours(said.get(one, USUAL_HOURS), zone) for one in staff_ids}


def make_hours(windows: Sequence[Any], zone: ZoneInfo) -> Hours:
    """Hours of the week as they are kept ([weekday, from, to]), to ask for their instants."""
    return Hours([(day, start, end) for day, start, end in windows], zone)


def get_hours(uow: UnitOfWork, staff_id: str) -> dict[str, Any]:
    """One's own, to look at and change."""
    row = uow.get(StaffHours, staff_id)
    windows = USUAL_HOURS if row is None else row.windows
    return {"windows": [{"weekday": day, "from": start, "to": end} for day, start, end in windows],
            "link": "" if row is None else row.link}


def find_link(uow: UnitOfWork, row: Review) -> str:
    """Where the video call of a booked review is; '' where one meets in another way."""
    hours = uow.get(StaffHours, row.staff_id) if row.how == "video" else None
    return hours.link if hours is not None else ""


def find_review(uow: UnitOfWork, caller: Principal, review_id: str) -> Review:
    """The review, if it is this caller's: the adult's own, the teacher's own, or any for the office."""
    row: Review | None = uow.get(Review, review_id)
    if row is None:
        raise NotFound()
    if caller.hat == "guardian":
        if row.guardian_id != caller.person_id or row.is_staffs_alone:
            raise NotFound()
        people.PERMISSIONS.require(uow, caller.person_id, "book", row.pupil_id)
    elif row.staff_id == caller.person_id:
        people.require_current(uow, row.pupil_id)  # who leads is named by who opened it, and need not be a teacher
    elif caller.is_any("office") and not row.is_staffs_alone:
        people.ask(uow, caller, "see", row.pupil_id)
    else:
        raise NotFound()
    return row


def show_review(uow: UnitOfWork, caller: Principal, review_id: str) -> dict[str, Any]:
    """One review with the times that are free now."""
    uow.flush()
    row = find_review(uow, caller, review_id)
    item = _list_items(uow, [Review.id == review_id])[0]
    open_now = may_choose(row.state, row.cause) and not _has_begun(uow, row)
    free = list_free(row, read_case(uow, row)) if open_now else []
    if caller.hat == "guardian":
        item.pop("guardian")
    return {**item, "times": free, "ways": ways_for(uow, row), "is_open": open_now}


def _has_begun(uow: UnitOfWork, row: Review) -> bool:
    return row.state == "booked" and row.starts_at is not None and row.starts_at <= uow.now


def ways_for(uow: UnitOfWork, row: Review) -> list[str]:
    """How this adult may come to this review."""
    hours = uow.get(StaffHours, row.staff_id)
    may_attend = people.PERMISSIONS.may(uow, row.guardian_id, "attend", row.pupil_id) is Answer.ALLOWED
    return list_ways(may_attend, bool(hours and hours.link), row.prefers)


def read_case(uow: UnitOfWork, row: Review, apart: Sequence[tuple[str, str]] | None = None) -> Case:
    """Where the adult and the teacher of a review are."""
    return Case(row.guardian_id, row.id, read_diary(uow, [row.guardian_id], apart),
                [one for one in list_busy(uow, [row.staff_id], uow.now)[row.staff_id]
                 if row.state != "booked" or one != (row.starts_at, row.ends_at)], uow.now)


def list_free(row: Review, case: Case) -> list[datetime]:
    """The offered times at which both can be there; why another is left out is never said."""
    return [at for at in read_times(row) if not case.why_not(at)]


def read_times(row: Review) -> list[datetime]:
    return [datetime.fromisoformat(at) for at in row.times]


def list_reviews(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """What waits or is ahead: an adult's own, of the children for whom they may book; a member of staff's own."""
    if caller.hat == "guardian":
        return list_adults_reviews(uow, caller.person_id, people.list_bookable(uow, caller.person_id))
    return _list_items(uow, [Review.staff_id == caller.person_id, *_waiting(uow.now)])


def list_adults_reviews(uow: UnitOfWork, guardian_id: str, bookable: Collection[str]) -> list[dict[str, Any]]:
    """An adult's own, about the children for whom they may book."""
    items = _list_items(uow, [Review.guardian_id == guardian_id, Review.pupil_id.in_(bookable),
                              ~Review.is_staffs_alone, *_waiting(uow.now)])
    for item in items:
        item.pop("guardian")
    return items


def pick_adults_reviews(school_id: Any, guardian_id: Any, pupil_ids: Any, now: Any) -> sa.Select[Any]:
    """The same reviews, to gather with other things: id, pupil_id and staff_id of each."""
    return (sa.select(Review.id, Review.pupil_id, Review.staff_id)
            .where(Review.school_id == school_id, Review.guardian_id == guardian_id, Review.pupil_id.in_(pupil_ids),
                   ~Review.is_staffs_alone, *_waiting(now))
            .order_by(Review.starts_at, Review.by_on, Review.id).limit(MOST))


def add_reviews(wanted: sa.Select[Any], school_id: Any, *which: sa.ColumnElement[bool],
                review_id: sa.ColumnElement[str]) -> sa.Select[Any]:
    """A gathered read with what `item_of` needs of its reviews, in their order."""
    hours = sa.and_(StaffHours.school_id == school_id, StaffHours.staff_id == Review.staff_id)
    return (wanted.add_columns(Review, StaffHours.link)
            .join(Review, sa.and_(Review.school_id == school_id, Review.id == review_id, *which), isouter=True)
            .join(StaffHours, hours, isouter=True).order_by(Review.starts_at, Review.by_on, Review.id))


def _waiting(now: Any) -> list[sa.ColumnElement[bool]]:
    return [Review.state.in_(OPEN), sa.or_(Review.ends_at.is_(None), Review.ends_at > now)]


def list_past(uow: UnitOfWork, after: datetime, kind: str = "review") -> list[tuple[str, str, datetime]]:
    """(pupil, adult, when) of each review, or talk, that has taken place since `after`."""
    return [(row.pupil_id, row.guardian_id, row.last) for row in uow.rows(
        sa.select(Review.pupil_id, Review.guardian_id, sa.func.max(Review.ends_at, type_=Utc()).label("last"))
        .where(Review.kind == kind, Review.state == "booked", Review.ends_at > after, Review.ends_at <= uow.now)
        .group_by(Review.pupil_id, Review.guardian_id))]


def list_calendar(uow: UnitOfWork, guardian_id: str, bookable: Sequence[str], after: datetime) -> list[dict[str, Any]]:
    """An adult's meetings that end after that instant, for a calendar; 'cancelled' what was booked and given back."""
    rows = _list_rows(uow, [
        Review.guardian_id == guardian_id, Review.pupil_id.in_(bookable),
        sa.case((sa.and_(Review.state == "booked", ~Review.is_staffs_alone), Review.ends_at),
                else_=Review.was_ends_at) > after])
    return [item if item["state"] == "booked" and not row.Review.is_staffs_alone else {
        **item, "state": "cancelled", "starts_at": row.Review.was_starts_at, "ends_at": row.Review.was_ends_at}
        for row, item in ((row, item_of(row)) for row in rows)]


def list_talks(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Talks outside evenings that wait or are ahead, with whom each is."""
    return _list_items(uow, [Review.kind == "talk", *_waiting(uow.now), *conditions])


def of_talks(pupil_id: str, guardian_id: str | None = None, staff_id: str | None = None
             ) -> list[sa.ColumnElement[bool]]:
    """For `list_talks`: those about a child, of one adult or of one member of staff if they are named."""
    return [Review.pupil_id == pupil_id, *([Review.guardian_id == guardian_id] if guardian_id else []),
            *([Review.staff_id == staff_id] if staff_id else [])]


def list_of_meeting(uow: UnitOfWork, meeting_id: str) -> list[tuple[str, str]]:
    """(review, adult) of each adult's part in a meeting outside evenings."""
    return [(row.id, row.guardian_id) for row in uow.rows(sa.select(Review.id, Review.guardian_id).where(
        Review.kind == "talk", Review.partnership_id == meeting_id).order_by(Review.id))]


def _list_items(uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]]) -> list[dict[str, Any]]:
    return [{**item_of(row), "guardian": {"id": row.Review.guardian_id, "given_name": row.adult_given or "",
                                          "family_name": row.adult_family or ""}}
            for row in _list_rows(uow, conditions)]


def _list_rows(uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]]) -> Sequence[Any]:
    pupil, teacher, adult = people.pupil_names(), people.staff_names(), adult_names()
    return uow.rows(
        sa.select(Review, pupil.c.given_name, pupil.c.family_name, teacher.c.given_name.label("teacher_given"),
                  teacher.c.family_name.label("teacher_family"), StaffHours.link,
                  adult.c.given_name.label("adult_given"), adult.c.family_name.label("adult_family"))
        .join(pupil, sa.and_(pupil.c.school_id == Review.school_id, pupil.c.id == Review.pupil_id))
        .join(teacher, sa.and_(teacher.c.school_id == Review.school_id, teacher.c.id == Review.staff_id))
        .join(StaffHours, sa.and_(StaffHours.school_id == Review.school_id, StaffHours.staff_id == Review.staff_id),
              isouter=True)
        .join(adult, sa.and_(adult.c.school_id == Review.school_id, adult.c.id == Review.guardian_id), isouter=True)
        .where(*conditions).order_by(Review.starts_at, Review.by_on, Review.id).limit(MOST))


def item_of(row: Any) -> dict[str, Any]:
    """A review, or a talk, as the adult whom it is with is shown it; a talk is of no loop."""
    one = row.Review
    return {
        "id": one.id, "kind": one.kind, "about": one.about,
        "partnership_id": one.partnership_id if one.kind == "review" else None, "state": one.state, "by_on": one.by_on,
        "from_on": one.from_on, "starts_at": one.starts_at, "ends_at": one.ends_at, "how": one.how,
        "link": row.link if one.how == "video" and one.state == "booked" else None, "sequence": one.sequence,
        "can": [{"on": day, "from": start, "to": end} for day, start, end in one.can], "changed_at": one.changed_at,
        "pupil": {"id": one.pupil_id, "given_name": row.given_name, "family_name": row.family_name},
        "staff": {"id": one.staff_id, "given_name": row.teacher_given, "family_name": row.teacher_family},
    }
