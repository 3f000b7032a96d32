"""What can be asked of class pages: what staff write, what families read, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import classes_of, get_class, list_classes, list_classes_of
from services.profiles.expectations.models import Expectation, PublishedExpectation
from services.profiles.expectations.rules import DUE_AFTER, WORDS, state_of
from services.profiles.parts import part
from services.profiles.school_year.queries import get_year, half_term_now, today_here
from services.profiles.signed import list_names

HalfTerm = tuple[date, date]


def require_taught(uow: UnitOfWork, caller: Principal, class_id: str) -> None:
    """Raise NotFound unless the caller teaches this class."""
    if class_id not in {item.id for item in list_classes(uow, caller.person_id, frozenset())}:
        raise NotFound()


def find_page(uow: UnitOfWork, class_id: str, half_term: HalfTerm) -> Expectation | None:
    """The page of a class in this half-term; its first day may have been set anew since it was begun."""
    found = uow.all(sa.select(Expectation).where(
        Expectation.class_id == class_id, Expectation.half_term_on.between(*half_term))
        .order_by(Expectation.half_term_on.desc()).limit(1))
    return found[0] if found else None


def show_class(uow: UnitOfWork, caller: Principal, class_id: str) -> dict[str, Any]:
    """The page of a class for its staff: the draft with its version, and when it was published."""
    taught = get_class(uow, class_id, caller.person_id, caller.roles)
    year, today = get_year(uow), today_here(uow)
    half_term = year.half_term(today)
    page = find_page(uow, class_id, half_term)
    mine = {item.id for item in list_classes(uow, caller.person_id, frozenset())}
    return {"id": taught.id, "title": taught.title, "begins_on": half_term[0], "ends_on": half_term[1],
            "due_on": year.school_day_number(half_term[0], DUE_AFTER), "may_write": class_id in mine,
            "version": page.version if page else 0,
            "state": state_of(page.version if page else None, page.published_version if page else None),
            "page": {name: getattr(page, name) for name in WORDS} if page else None,
            "written_by": list_names(uow, [page.written_by]).get(page.written_by) if page else None,
            "written_at": page.written_at if page else None}


def list_pages(uow: UnitOfWork, pupil_id: str) -> list[dict[str, Any]]:
    """What the child's classes say to families: the newest page of each, with whether it is of this half-term."""
    classes = list_classes_of(uow, pupil_id)
    half_term = half_term_now(uow)
    newest = _newest(uow, [item.id for item in classes])
    names = list_names(uow, {row.published_by for row in newest.values()})
    return [_published(item.title, newest[item.id], names, half_term) for item in classes if item.id in newest]


def _newest(uow: UnitOfWork, class_ids: Sequence[str]) -> dict[str, PublishedExpectation]:
    place = sa.func.row_number().over(
        partition_by=PublishedExpectation.class_id,
        order_by=(PublishedExpectation.half_term_on.desc(), PublishedExpectation.version.desc())).label("place")
    ranked = (sa.select(PublishedExpectation.expectation_id, PublishedExpectation.version, place)
              .where(PublishedExpectation.school_id == uow.school, PublishedExpectation.class_id.in_(class_ids))
              .subquery())
    rows = uow.all(sa.select(PublishedExpectation).join(ranked, sa.and_(
        ranked.c.expectation_id == PublishedExpectation.expectation_id,
        ranked.c.version == PublishedExpectation.version, ranked.c.place == 1)))
    return {row.class_id: row for row in rows}


def _published(title: str, row: PublishedExpectation, names: dict[str, str], half_term: HalfTerm) -> dict[str, Any]:
    return {"id": row.expectation_id, "class_id": row.class_id, "class_title": title,
            "by": names.get(row.published_by), "published_at": row.published_at, "begins_on": row.half_term_on,
            "is_current": half_term[0] <= row.half_term_on <= half_term[1],
            **{name: getattr(row, name) for name in WORDS}}


def list_due(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """The caller's classes that have no published page in this half-term, with the day by which they should."""
    year, today = get_year(uow), today_here(uow)
    half_term = year.half_term(today)
    taught = list_classes(uow, caller.person_id, frozenset())
    done = set(uow.all(sa.select(Expectation.class_id).where(
        Expectation.class_id.in_([item.id for item in taught]), Expectation.published_version.is_not(None),
        Expectation.half_term_on.between(*half_term))))
    due_on = year.school_day_number(half_term[0], DUE_AFTER)
    return [{"class_id": item.id, "title": item.title, "due_on": due_on} for item in taught if item.id not in done]


def select_part(uow: UnitOfWork, _caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """What the child's classes learn: the newest page of each, with the first day of its half-term."""
    page, newer = PublishedExpectation, aliased(PublishedExpectation)
    is_newer = sa.or_(newer.half_term_on > page.half_term_on,
                      sa.and_(newer.half_term_on == page.half_term_on, newer.version > page.version))
    outdated = sa.exists().where(newer.school_id == uow.school, newer.class_id == page.class_id, is_newer)
    return [part("expectations", 10, [page.class_id], [
        page.school_id == uow.school, page.class_id.in_(classes_of(uow, pupil_id)), ~outdated],
        id=page.expectation_id, written_at=page.published_at, words=page.learning, due_on=page.half_term_on,
        more=page.class_id)]
