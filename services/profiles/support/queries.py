"""What can be asked of support: one child's, which children have it, and any child of the school by name.

The relationship rule asks here, so nothing here asks the rule: who may know is settled at the edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Pupil
from services.profiles.support.models import Support
from services.profiles.support.rules import NONE

IN_ORDER = (Pupil.family_name, Pupil.given_name, Pupil.id)
SUPPORTED = sa.select(Support.pupil_id).join(
    Pupil, sa.and_(Pupil.school_id == Support.school_id, Pupil.id == Support.pupil_id)).where(
    Support.pupil_id == sa.bindparam("pupil"), Support.status != NONE, Pupil.status == "current")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which children: with words in a name, or all who have support; `after` is the last one of the page before."""

    find: str = ""
    limit: int = 50
    after: str | None = None


def has_support(uow: UnitOfWork, pupil_id: str) -> bool:
    """Whether support is recorded for a child who is at this school now."""
    return bool(uow.all(SUPPORTED, pupil=pupil_id))


def get_support(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """How a child is supported; a child of whom nothing is said has none."""
    pupil: Pupil | None = uow.get(Pupil, pupil_id)
    if pupil is None:
        raise NotFound()
    row: Support | None = uow.get(Support, pupil_id)
    if row is None:
        return {"pupil": pupil, "status": NONE, "plan_reference": "", "areas": [], "set_at": None, "version": 0}
    return {"pupil": pupil, "status": row.status, "plan_reference": row.plan_reference, "areas": row.areas,
            "set_at": row.set_at, "version": row.version}


def list_supported(uow: UnitOfWork, wanted: Wanted) -> tuple[list[dict[str, Any]], str | None]:
    """A page of children by name, each with what is recorded of support; and where the next page begins."""
    rows = uow.rows(_select_named(uow, wanted).order_by(*IN_ORDER).limit(wanted.limit + 1))
    shown = [{"pupil": pupil, "status": row.status if row else NONE,
              "plan_reference": row.plan_reference if row else ""} for pupil, row in rows[:wanted.limit]]
    return shown, shown[-1]["pupil"].id if len(rows) > wanted.limit else None


def _select_named(uow: UnitOfWork, wanted: Wanted) -> sa.Select[Any]:
    query = sa.select(Pupil, Support).outerjoin(
        Support, sa.and_(Support.school_id == Pupil.school_id, Support.pupil_id == Pupil.id)).where(
        Pupil.status == "current", *_after(uow, wanted.after))
    words = wanted.find.split()
    for word in words:
        query = query.where(sa.or_(*(name.icontains(word, autoescape=True)
                                     for name in (Pupil.given_name, Pupil.family_name))))
    return query if words else query.where(Support.status != NONE)


def _after(uow: UnitOfWork, last_id: str | None) -> Sequence[sa.ColumnElement[bool]]:
    """What comes after the last that was shown. The cursor is an id, so that no address holds a name."""
    if last_id is None:
        return []
    last: Pupil | None = uow.get(Pupil, last_id)
    if last is None:
        raise Invalid(errors={"/after": "Use the value of 'after' from the page before."})
    return [sa.tuple_(*IN_ORDER) > sa.tuple_(*(sa.literal(words) for words in (
        last.family_name, last.given_name, last.id)))]
