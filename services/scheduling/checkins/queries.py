"""What can be asked about check-ins: who has not been spoken with, and what is proposed or was held."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from chassis.auth import Principal
from chassis.db import Utc
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.checkins.models import Cadence, Checkin, FamilyHours, Spoken, SpokenWith
from services.scheduling.checkins.rules import USUAL, Proposed, review_since, since
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.reviews import queries as reviews
from services.scheduling.sharing import queries as sharing

OPEN = ("proposed", "offered", "declined")
DONE_SHOWN = timedelta(days=42)
MOST = 200
# Written out, not bound: only so does a database know that the partial index of what stands will do.
STANDING = sa.text("standing.state NOT IN ('ended', 'held')")


def get_cadence(uow: UnitOfWork) -> dict[str, int]:
    """How often this school wishes to speak with families; the usual until it says so."""
    row = uow.get(Cadence)
    if row is None:
        return {**USUAL, "version": 0}
    return {"usual": row.usual, "closer": row.closer, "reviews": row.reviews, "most_a_day": row.most_a_day,
            "version": row.version}


def list_due(uow: UnitOfWork, staff_id: str | None = None) -> Sequence[Any]:
    """The children who have not been spoken about since they should have been, and have no proposal: one read.

    It looks at one row a child and at open proposals, never at what was long ago.
    """
    return uow.rows(select_due(uow, staff_id))


def select_due(uow: UnitOfWork, staff_id: str | None = None) -> sa.Select[Any]:
    """Of all children, or of those whom this member of staff teaches."""
    today, cadence = people.today_here(uow), get_cadence(uow)
    zone, half = people.get_school(uow)[1], people.get_year(uow).half_term(today)
    usual, closer = (since(half, cadence[name], today) for name in ("usual", "closer"))
    support = people.supports()
    is_closer = sa.func.coalesce(support.c.reviews, "usual") == "closer"
    review_due = sa.and_(is_closer, sa.or_(Spoken.last_review_at.is_(None), Spoken.last_review_at < midnight(
        review_since(today, cadence["reviews"]), zone)))
    since_on = sa.case((is_closer, sa.literal(closer, sa.Date())), else_=sa.literal(usual, sa.Date()))
    since_at = sa.case((is_closer, midnight(closer, zone)), else_=midnight(usual, zone))
    pupil, current = people.pupil_names(), people.current_pupils()
    standing = aliased(Checkin, name="standing")
    wanted = (
        sa.select(pupil.c.id, pupil.c.given_name, pupil.c.family_name, Spoken.last_spoken_at,
                  since_on.label("since_on"), review_due.label("review_due"))
        .join(current, sa.and_(current.c.school_id == pupil.c.school_id, current.c.id == pupil.c.id))
        .join(Spoken, sa.and_(Spoken.school_id == pupil.c.school_id, Spoken.pupil_id == pupil.c.id), isouter=True)
        .join(support, sa.and_(support.c.school_id == pupil.c.school_id, support.c.pupil_id == pupil.c.id),
              isouter=True)
        .join(standing, sa.and_(standing.school_id == pupil.c.school_id, standing.pupil_id == pupil.c.id,
                                standing.since_on == since_on, STANDING), isouter=True)
        .where(pupil.c.school_id == uow.school, standing.id.is_(None),
               sa.or_(Spoken.last_spoken_at.is_(None), Spoken.last_spoken_at < since_at))
        .order_by(pupil.c.family_name, pupil.c.given_name, pupil.c.id))
    if staff_id is not None:
        taught = people.teaching_pairs()
        wanted = wanted.join(taught, sa.and_(taught.c.school_id == pupil.c.school_id,
                                             taught.c.pupil_id == pupil.c.id)).where(taught.c.staff_id == staff_id)
    return wanted


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def read_family_hours(uow: UnitOfWork, guardian_ids: Collection[str]) -> dict[str, Any]:
    """The good hours that these adults have said."""
    return {row.guardian_id: row.windows for row in uow.rows(
        sa.select(FamilyHours.guardian_id, FamilyHours.windows).where(FamilyHours.guardian_id.in_(guardian_ids)))}


def list_spoken_with(uow: UnitOfWork, pupil_ids: Collection[str]) -> dict[tuple[str, str], datetime]:
    """When school last spoke with each (pupil, adult)."""
    return {(row.pupil_id, row.guardian_id): row.last_spoken_at for row in uow.all(
        sa.select(SpokenWith).where(SpokenWith.pupil_id.in_(pupil_ids)))}


def get_family_hours(uow: UnitOfWork, guardian_id: str) -> dict[str, Any]:
    """One's own, to look at and change; nothing until one says."""
    windows = read_family_hours(uow, [guardian_id]).get(guardian_id, ())
    return {"windows": [{"weekday": day, "from": start, "to": end} for day, start, end in windows]}


def list_standing(uow: UnitOfWork) -> Sequence[Checkin]:
    """All proposals that are open."""
    return uow.all(sa.select(Checkin).where(Checkin.state.in_(OPEN)).order_by(Checkin.starts_at, Checkin.id))


def list_placed(uow: UnitOfWork) -> list[Proposed]:
    """They, as a plan takes them into account."""
    return [Proposed(row.pupil_id, row.guardian_id, row.staff_id, row.on_day, row.starts_at)
            for row in list_standing(uow)]


def find_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str) -> Checkin:
    """The check-in, if it is this caller's: staff who teach the child, or the adult whom it is with, once offered."""
    row: Checkin | None = uow.get(Checkin, checkin_id)
    if row is None:
        raise NotFound()
    if caller.hat == "guardian":
        if row.guardian_id != caller.person_id or row.state not in ("offered", "held", "declined"):
            raise NotFound()
        people.PERMISSIONS.require(uow, caller.person_id, "book", row.pupil_id)
    else:
        people.ask(uow, caller, "see", row.pupil_id)
    return row


def show_checkin(uow: UnitOfWork, caller: Principal, checkin_id: str) -> dict[str, Any]:
    uow.flush()
    find_checkin(uow, caller, checkin_id)
    return _for(caller, _list_items(uow, [Checkin.id == checkin_id]))[0]


def list_mine(uow: UnitOfWork, staff_id: str) -> dict[str, Any]:
    """A member of staff's list: who is due, what is proposed, what was done lately."""
    mine = [Checkin.staff_id == staff_id, Checkin.pupil_id.in_(people.taught_by(uow.school, staff_id))]
    due = [{"pupil": _pupil(row), "review_due": bool(row.review_due),
            "last_spoken_on": row.last_spoken_at.date() if row.last_spoken_at else None}
           for row in list_due(uow, staff_id)]
    done = _list_items(uow, [*mine, Checkin.state == "held", Checkin.changed_at > uow.now - DONE_SHOWN])
    return {"due": due[:MOST], "proposed": _list_items(uow, [*mine, Checkin.state.in_(OPEN)]), "done": done[::-1]}


def list_about(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[dict[str, Any]]:
    """What was held and what is ahead about a child: all of it for staff, an adult's own for an adult."""
    conditions = [Checkin.pupil_id == pupil_id, Checkin.state.in_(("offered", "held", *(
        () if caller.hat == "guardian" else ("proposed", "declined"))))]
    if caller.hat == "guardian":
        conditions.append(Checkin.guardian_id == caller.person_id)
    return _for(caller, _list_items(uow, conditions)[::-1])


@dataclass(frozen=True, slots=True)
class Planned:
    """What there is for one adult beside evenings; `sharing` holds the children whose times they wish to share."""

    reviews: list[dict[str, Any]] = field(default_factory=list)
    talks: list[dict[str, Any]] = field(default_factory=list)
    sharing: list[str] = field(default_factory=list)


def list_planned(uow: UnitOfWork, guardian_id: str, pupil_ids: Collection[str]) -> Planned:
    """An adult's own reviews that wait, talks offered or held, the latest first, and wishes to share: one read."""
    values = {"its_school": uow.school, "its_adult": guardian_id, "its_pupils": list(pupil_ids), "its_now": uow.now}
    found = Planned()
    for row in uow.session.execute(_select_planned(), values):
        if row.kind == "wish":
            found.sharing.append(row.about_id)
        elif row.kind == "review":
            found.reviews.append(reviews.item_of(row))
        else:
            found.talks.insert(0, _item(row))
    return found


@cache
def _select_planned() -> sa.Select[Any]:
    """The ids of all of it, joined to what is shown of each. Built once: to build it takes longer than to read it."""
    school, adult = (sa.bindparam(name, type_=sa.String()) for name in ("its_school", "its_adult"))
    pupils, now = sa.bindparam("its_pupils", type_=sa.String(), expanding=True), sa.bindparam("its_now", type_=Utc())
    talks = (sa.select(Checkin.id, Checkin.pupil_id, Checkin.staff_id)
             .where(Checkin.school_id == school, Checkin.guardian_id == adult, Checkin.pupil_id.in_(pupils),
                    Checkin.state.in_(("offered", "held"))).order_by(Checkin.starts_at, Checkin.id).limit(MOST))
    kinds = {"review": reviews.pick_adults_reviews(school, adult, pupils, now), "talk": talks,
             "wish": sharing.pick_wishes(school, adult, pupils)}
    mine = sa.union_all(*(sa.select(sa.literal(kind).label("kind"), *some.subquery().c)
                          for kind, some in kinds.items())).subquery("mine")
    pupil, teacher = people.pupil_names(), people.staff_names()
    wanted = (
        sa.select(mine.c.kind, mine.c.pupil_id.label("about_id"), Checkin, pupil.c.id, pupil.c.given_name,
                  pupil.c.family_name, teacher.c.given_name.label("teacher_given"),
                  teacher.c.family_name.label("teacher_family"))
        .select_from(mine)
        .join(pupil, sa.and_(pupil.c.school_id == school, pupil.c.id == mine.c.pupil_id), isouter=True)
        .join(teacher, sa.and_(teacher.c.school_id == school, teacher.c.id == mine.c.staff_id), isouter=True)
        .join(Checkin, sa.and_(Checkin.school_id == school, Checkin.id == mine.c.id, mine.c.kind == "talk"),
              isouter=True)
        .where(sa.or_(mine.c.kind == "wish", sa.and_(pupil.c.id.is_not(None), teacher.c.id.is_not(None))))
        .order_by(mine.c.kind, Checkin.starts_at, Checkin.id))
    return reviews.add_reviews(wanted, school, mine.c.kind == "review", review_id=mine.c.id)


def list_adults(uow: UnitOfWork, pupil_id: str) -> list[dict[str, str]]:
    """The adults of a child with whom school may talk: for staff alone."""
    family = people.list_families(uow, [pupil_id])[pupil_id]
    adult = adult_names()
    return [{"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(adult).where(adult.c.school_id == uow.school, adult.c.id.in_(
            [one for one, rights in family.items() if rights.may_book]))
        .order_by(adult.c.family_name, adult.c.given_name, adult.c.id))]


def _for(caller: Principal, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the caller may see it: to an adult nothing is said of who they are."""
    for item in items if caller.hat == "guardian" else ():
        item.pop("guardian")
    return items


def _list_items(uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]]) -> list[dict[str, Any]]:
    pupil, teacher, adult = people.pupil_names(), people.staff_names(), adult_names()
    rows = uow.rows(
        sa.select(Checkin, pupil.c.id, pupil.c.given_name, pupil.c.family_name,
                  teacher.c.given_name.label("teacher_given"), teacher.c.family_name.label("teacher_family"),
                  adult.c.given_name.label("adult_given"), adult.c.family_name.label("adult_family"))
        .join(pupil, sa.and_(pupil.c.school_id == Checkin.school_id, pupil.c.id == Checkin.pupil_id))
        .join(teacher, sa.and_(teacher.c.school_id == Checkin.school_id, teacher.c.id == Checkin.staff_id))
        .join(adult, sa.and_(adult.c.school_id == Checkin.school_id, adult.c.id == Checkin.guardian_id), isouter=True)
        .where(*conditions).order_by(Checkin.starts_at, Checkin.id).limit(MOST))
    return [{**_item(row), "guardian": {"id": row.Checkin.guardian_id, "given_name": row.adult_given or "",
                                        "family_name": row.adult_family or ""}} for row in rows]


def _pupil(row: Any) -> Mapping[str, str]:
    return {"id": row.id, "given_name": row.given_name, "family_name": row.family_name}


def _item(row: Any) -> dict[str, Any]:
    one = row.Checkin
    return {
        "id": one.id, "state": one.state, "how": one.how, "starts_at": one.starts_at, "held_on": one.held_on,
        "note": one.note if one.state == "held" else "", "said": "" if one.state == "held" else one.note,
        "pupil": _pupil(row),
        "staff": {"id": one.staff_id, "given_name": row.teacher_given, "family_name": row.teacher_family},
    }
