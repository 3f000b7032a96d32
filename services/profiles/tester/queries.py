"""What the tester can ask: now, at a day to come, or as it was known on a day gone by, and who had changed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Guardian, Pupil
from services.profiles.people.queries import list_staff_names
from services.profiles.relationships.models import PastRelationship, Relationship, RightsChange
from services.profiles.relationships.queries import explain, list_known
from services.profiles.tester.models import RightsLook


def list_answers(uow: UnitOfWork, pupil_id: str | None, guardian_id: str | None,
                 at: datetime | None) -> list[dict[str, Any]]:
    """Each pair of this child or this adult (or both), with the rights at an instant and their reasons.

    Of an instant gone by it says what was known then: what somebody entered later, even for that day, is not in it.
    """
    at = at or uow.now
    rows = _rows_at(uow, pupil_id, guardian_id, at)
    known = list_known(uow, rows, min(at, uow.now))
    pupils = _people(uow, Pupil, {row.pupil_id for row in rows})
    guardians = _people(uow, Guardian, {row.guardian_id for row in rows})
    found = [{"pupil": pupils[row.pupil_id], "guardian": guardians[row.guardian_id], "kind": row.kind,
              "rights": explain(known[row.pupil_id, row.guardian_id], at)} for row in rows
             if row.pupil_id in pupils and row.guardian_id in guardians]
    return sorted(found, key=lambda item: (item["pupil"].family_name, item["pupil"].given_name, item["pupil"].id,
                                           item["guardian"].family_name, item["guardian"].id))


def _rows_at(uow: UnitOfWork, pupil_id: str | None, guardian_id: str | None, at: datetime) -> Sequence[Any]:
    """The pairs as they were then: what is now, if it began before, or else the state that ended later."""
    rows: list[Any] = []
    for model, then in ((Relationship, [Relationship.since <= at]),
                        (PastRelationship, [PastRelationship.since <= at, PastRelationship.until > at])):
        wanted = sa.select(model).where(*then)
        if pupil_id is not None:
            wanted = wanted.where(model.pupil_id == pupil_id)
        if guardian_id is not None:
            wanted = wanted.where(model.guardian_id == guardian_id)
        rows += uow.all(wanted)
    return list({(row.pupil_id, row.guardian_id): row for row in rows}.values())


def _people(uow: UnitOfWork, model: Any, ids: set[str]) -> dict[str, Any]:
    return {row.id: row for row in uow.all(sa.select(model).where(model.id.in_(sorted(ids))))}


def list_changes(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """Who changed what about this pair, about the child as a whole, and about the policy; the newest first."""
    names = list_staff_names(uow)
    rows = uow.all(sa.select(RightsChange).where(
        sa.or_(RightsChange.pupil_id == pupil_id, RightsChange.pupil_id.is_(None)),
        sa.or_(RightsChange.guardian_id == guardian_id, RightsChange.guardian_id.is_(None)))
        .order_by(RightsChange.at.desc(), RightsChange.id.desc()).limit(200))
    return [{"what": row.what, "by": names.get(row.by, row.by), "at": row.at, "lost": row.lost, "gained": row.gained}
            for row in rows]


def list_looks(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The last two hundred looks at rights, the newest first."""
    names = list_staff_names(uow)
    rows = uow.all(sa.select(RightsLook).order_by(RightsLook.id.desc()).limit(200))
    return [{"what": row.what, "by": names.get(row.by, row.by), "at": row.at, "pupil_id": row.pupil_id,
             "guardian_id": row.guardian_id} for row in rows]
