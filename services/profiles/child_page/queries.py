"""What can be asked: a child's page, put together of the parts that the rooms give."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me import queries as about_me
from services.profiles.agreements import queries as agreements
from services.profiles.classes import queries as classes
from services.profiles.expectations import queries as expectations
from services.profiles.partnerships import queries as partnerships
from services.profiles.parts import read_kept
from services.profiles.people.models import Guardian, Pupil, StaffMember
from services.profiles.praise import queries as praise
from services.profiles.progress import queries as progress
from services.profiles.relationships.queries import get_child
from services.profiles.signed import signature
from services.profiles.strategies import queries as strategies
from services.profiles.voice import queries as voice
from services.profiles.wellbeing import queries as wellbeing

PARTS = tuple(room.select_part for room in (
    classes, about_me, strategies, agreements, partnerships, praise, wellbeing, voice, progress, expectations))


def show_page(uow: UnitOfWork, caller: Principal, pupil_id: str) -> dict[str, Any]:
    """The child, what this caller may do for them, and every part, newest or first things first.

    Three reads however much is there: the child, the school's day, the parts. The guard has asked for the right.
    """
    pupil, may = get_child(uow, caller, pupil_id)
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in read_kept(_select_all, uow, caller, pupil_id):
        parts.setdefault(row.part, []).append(_item(caller, row, pupil))
    return {"pupil": pupil, "may": may, "parts": parts}


def _select_all(uow: UnitOfWork, caller: Principal, pupil_id: str) -> sa.Select[Any]:
    some = [select for room in PARTS for select in room(uow, caller, pupil_id)]
    page = sa.union_all(*some).subquery("page")
    return (sa.select(*page.c, StaffMember.given_name, StaffMember.family_name,
                      Guardian.given_name.label("home_given_name"), Guardian.family_name.label("home_family_name"))
            .outerjoin(StaffMember, sa.and_(StaffMember.school_id == uow.school, StaffMember.id == page.c.author_id))
            .outerjoin(Guardian, sa.and_(Guardian.school_id == uow.school, Guardian.id == page.c.author_id)))


def _item(caller: Principal, row: Any, pupil: Pupil) -> dict[str, Any]:
    signed = None
    if row.voice is not None:
        names = {"school": f"{row.given_name or ''} {row.family_name or ''}", "child": pupil.given_name,
                 "home": f"{row.home_given_name or ''} {row.home_family_name or ''}"}
        signed = signature(caller, row, {row.author_id: names.get(row.voice, "").strip()})
    return {"id": row.id, "kind": row.kind, "words": row.words, "state": row.state, "due_on": row.due_on,
            "more": row.more, "at": row.written_at, "signature": signed}

