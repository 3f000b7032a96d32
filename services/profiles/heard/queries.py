"""What can be asked: which families have not heard from school, and how much contact whole classes have had.

Never of how a child behaves, never ranked, and nothing here goes to a family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import WHOLE_SCHOOL, enrolled_in, get_class, list_classes, taught_by
from services.profiles.heard.models import ContactCount, Heard, HeardSetting
from services.profiles.heard.rules import USUAL_WEEKS, Half, heard_by, may_be_counted, weeks_of
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone
from services.profiles.school_year.queries import get_year, half_term_now

KINDS = {"good-news": "good_news", "talk": "talks", "note": "notes", "worry": "worries"}
MOST_HALVES = 6  # a school year of them


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list, and of which class alone if any."""

    limit: int = 50
    after: str | None = None
    class_id: str | None = None


def get_weeks(uow: UnitOfWork) -> int:
    """After how many weeks of school without a word a family has not been heard from."""
    row: HeardSetting | None = uow.get(HeardSetting)
    return USUAL_WEEKS if row is None else row.weeks


def needs_good_news(uow: UnitOfWork, pupil_id: str) -> bool:
    """Whether a family has heard no good news this half-term."""
    last = uow.session.scalar(sa.select(Heard.last_good_at).where(Heard.pupil_id == pupil_id))
    return last is None or last.astimezone(get_zone(uow)).date() < half_term_now(uow)[0]


def list_unheard(uow: UnitOfWork, caller: Principal, wanted: Wanted) -> dict[str, Any]:
    """The caller's pupils whose family has heard nothing for a while, or only worries this half-term; by name."""
    weeks, zone, year = get_weeks(uow), get_zone(uow), get_year(uow)
    today = uow.now.astimezone(zone).date()
    by, half = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (
        heard_by(today, weeks, year.is_school_day), year.half_term(today)[0]))
    scope = _scope(uow, caller, wanted.class_id)
    rows = uow.rows(select_unheard(uow, (by, half), [*scope, *_after(uow, scope, wanted.after)], wanted.limit + 1))
    shown = rows[:wanted.limit]
    return {"weeks": weeks, "after": shown[-1].id if len(rows) > len(shown) else None, "items": [{
        "pupil": {"id": row.id, "given_name": row.given_name, "family_name": row.family_name},
        "since": None if row.last_at is None else row.last_at.astimezone(zone).date(),
        "only_worries": bool(row.only_worries)} for row in shown]}


def select_unheard(uow: UnitOfWork, since: tuple[datetime, datetime], scope: Sequence[sa.ColumnElement[bool]],
                   most: int) -> sa.Select[Any]:
    """One row of `heard` for each pupil, however long the history is.

    `since`: from when on a family should have heard anything, and when this half-term began.
    """
    by, half = since
    only_worries = sa.func.coalesce(sa.and_(
        Heard.last_worry_at >= half, sa.or_(Heard.last_good_at.is_(None), Heard.last_good_at < half),
        sa.or_(Heard.last_other_at.is_(None), Heard.last_other_at < half)), sa.false())
    return (
        sa.select(Pupil.id, Pupil.given_name, Pupil.family_name, Heard.last_at, only_worries.label("only_worries"))
        .outerjoin(Heard, sa.and_(Heard.school_id == uow.school, Heard.pupil_id == Pupil.id))
        .where(Pupil.school_id == uow.school, Pupil.status == "current", *scope,
               sa.or_(Heard.last_at.is_(None), Heard.last_at < by, only_worries))
        .order_by(Pupil.family_name, Pupil.given_name, Pupil.id).limit(most))


def _scope(uow: UnitOfWork, caller: Principal, class_id: str | None) -> list[sa.ColumnElement[bool]]:
    """Whose pupils: of one class, of all that the caller teaches, or everybody's."""
    if class_id is not None:
        get_class(uow, class_id, caller.person_id, caller.roles)
        return [Pupil.id.in_(sa.select(enrolled_in(uow, [class_id]).c.person_id))]
    if caller.roles.intersection(WHOLE_SCHOOL):
        return []
    return [Pupil.id.in_(taught_by(uow, caller.person_id))]


def _after(uow: UnitOfWork, scope: Sequence[sa.ColumnElement[bool]], last_id: str | None
           ) -> list[sa.ColumnElement[bool]]:
    """What comes after the last that was shown. The cursor is an id, so that no address holds a name."""
    if last_id is None:
        return []
    last = uow.session.scalar(sa.select(Pupil).where(Pupil.id == last_id, *scope))
    if last is None:
        raise Invalid(errors={"/after": "Use the value of 'after' from the page before."})
    names = sa.tuple_(Pupil.family_name, Pupil.given_name, Pupil.id)
    return [names > sa.tuple_(*(sa.literal(words) for words in (last.family_name, last.given_name, last.id)))]


def list_contact_made(uow: UnitOfWork, caller: Principal, half_on: date | None) -> dict[str, Any]:
    """Contact that was made in one half-term, class by class in the order of their names; for a meeting of staff.

    A class of very few pupils has no counts: they would say something of one child.
    """
    halves = list_halves(uow)
    half = halves[-1] if half_on is None else next((one for one in halves if one[0] == half_on), None)
    if half is None:
        raise Invalid(errors={"/half_on": "Choose one of the half-terms that are listed."})
    classes = list_classes(uow, caller.person_id, caller.roles)
    class_ids = [one.id for one in classes]
    pupils, made = _count_pupils(uow, class_ids), _count_contacts(uow, weeks_of(half, halves), class_ids)
    return {"half": _days(half), "halves": [_days(one) for one in halves], "items": [
        {"school_class": one, "made": {said: made.get((one.id, kind), 0) for kind, said in KINDS.items()}
         if may_be_counted(pupils.get(one.id, 0)) else None} for one in classes]}


def list_halves(uow: UnitOfWork) -> list[Half]:
    """The half-terms that have begun, of about a year, oldest first; where no terms are known, the one that it is."""
    now = half_term_now(uow)
    begun = [half for term in get_year(uow).terms for half in term.halves() if half[0] <= now[0]]
    return begun[-MOST_HALVES:] if now in begun else [now]


def _days(half: Half) -> dict[str, date]:
    return {"from_on": half[0], "to_on": half[1]}


def _count_pupils(uow: UnitOfWork, class_ids: Sequence[str]) -> dict[str, int]:
    enrolled = enrolled_in(uow, class_ids)
    rows = uow.rows(sa.select(enrolled.c.class_id, sa.func.count(Pupil.id)).join_from(
        Pupil, enrolled, enrolled.c.person_id == Pupil.id)
        .where(Pupil.school_id == uow.school, Pupil.status == "current").group_by(enrolled.c.class_id))
    return {class_id: int(pupils) for class_id, pupils in rows}


def _count_contacts(uow: UnitOfWork, weeks: tuple[date, date], class_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """By class and kind, in the weeks from the first to before the second: the weeks' rows, and never the contacts."""
    enrolled = enrolled_in(uow, class_ids)
    rows = uow.rows(
        sa.select(enrolled.c.class_id, ContactCount.kind, sa.func.sum(ContactCount.made).label("made"))
        .join_from(ContactCount, enrolled, enrolled.c.person_id == ContactCount.pupil_id)
        .where(ContactCount.school_id == uow.school, ContactCount.week_on >= weeks[0], ContactCount.week_on < weeks[1])
        .group_by(enrolled.c.class_id, ContactCount.kind))
    return {(row.class_id, row.kind): int(row.made) for row in rows}
