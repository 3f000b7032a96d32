"""What can be asked of the rule. A refusal is NotFound: what may not be seen does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import WHOLE_SCHOOL, teaches
from services.profiles.people.models import Guardian, Pupil
from services.profiles.relationships.actions import pair_of
from services.profiles.relationships.models import Relationship
from services.profiles.relationships.rules import effective_restriction, rights_of


def ask(uow: UnitOfWork, caller: Principal, right: str, pupil_id: str) -> None:
    """Raise NotFound unless this caller has this right about this pupil now."""
    if caller.hat == "guardian":
        row = uow.session.execute(
            sa.select(Relationship, Pupil.status).join(Pupil, Pupil.id == Relationship.pupil_id)
            .where(Relationship.pupil_id == pupil_id, Relationship.guardian_id == caller.person_id)).first()
        if row is not None and rights_of(pair_of(row[0], row[1] == "current"))[right].allowed:
            return
    elif caller.hat == "staff" and right == "see" and _concerns(uow, caller, pupil_id):
        return
    raise NotFound()


def _concerns(uow: UnitOfWork, caller: Principal, pupil_id: str) -> bool:
    """Whether a member of staff has to do with this child: teaches them, or answers for the whole school."""
    if uow.get(Pupil, pupil_id) is None:
        return False
    return bool(caller.roles.intersection(WHOLE_SCHOOL)) or teaches(uow, caller.person_id, pupil_id)


def list_children(uow: UnitOfWork, guardian_id: str) -> Sequence[tuple[Pupil, dict[str, bool]]]:
    """The children whom this adult may see now, with what else they may do."""
    rows = uow.rows(sa.select(Relationship, Pupil).join(Pupil, Pupil.id == Relationship.pupil_id)
                    .where(Relationship.guardian_id == guardian_id).order_by(Pupil.given_name, Pupil.id))
    answers = [(pupil, {name: right.allowed for name, right in
                        rights_of(pair_of(row, pupil.status == "current")).items()}) for row, pupil in rows]
    return [(pupil, may) for pupil, may in answers if may["see"]]


def child_item(pupil: Pupil, may: dict[str, bool]) -> dict[str, Any]:
    """A child as a parent's list shows it."""
    return {"id": pupil.id, "given_name": pupil.given_name, "family_name": pupil.family_name,
            "year_group": pupil.year_group, "status": pupil.status, "may": may}


@dataclass(frozen=True, slots=True)
class WantedPairs:
    """Which pairs the office looks for: unchecked restrictions, one pupil's, or those with words in a name.

    `after` is the last pair of the page before, as "pupil:guardian".
    """

    to_check: bool = False
    pupil_id: str | None = None
    find: str | None = None
    limit: int = 50
    after: str | None = None


def list_relationships(uow: UnitOfWork, wanted: WantedPairs) -> tuple[Sequence[dict[str, Any]], str | None]:
    """A page of pairs for the office, by the child's name; and where the next page begins."""
    query = (
        sa.select(Relationship, Pupil, Guardian).join(Pupil, Pupil.id == Relationship.pupil_id)
        .join(Guardian, Guardian.id == Relationship.guardian_id)
        .where(Relationship.status == "current", Pupil.status == "current")
        .order_by(*IN_ORDER).limit(wanted.limit + 1))
    if wanted.pupil_id is not None:
        query = query.where(Relationship.pupil_id == wanted.pupil_id)
    if wanted.to_check:  # as `effective_restriction` has it: the file does not know, and the office has not looked
        query = query.where(Relationship.restriction == "unknown", Relationship.office_restriction.is_(None))
    if wanted.after:
        query = query.where(sa.tuple_(*IN_ORDER) > _place_of(uow, wanted.after))
    for word in (wanted.find or "").split():
        names = (Pupil.given_name, Pupil.family_name, Guardian.given_name, Guardian.family_name)
        query = query.where(sa.or_(*(name.icontains(word, autoescape=True) for name in names)))
    rows = uow.rows(query)
    shown = [_shown(*row) for row in rows[:wanted.limit]]
    more = len(rows) > wanted.limit
    return shown, f"{shown[-1]['pupil'].id}:{shown[-1]['guardian'].id}" if more else None


IN_ORDER = (Pupil.family_name, Pupil.given_name, Pupil.id, Relationship.guardian_id)


def _place_of(uow: UnitOfWork, after: str) -> sa.ColumnElement[Any]:
    """Where a pair stands in the order; the names are looked up, so that a cursor holds none."""
    pupil_id, _, guardian_id = after.partition(":")
    pupil = uow.get(Pupil, pupil_id)
    if pupil is None:
        raise Invalid(errors={"/after": "Use the value of 'after' from the page before."})
    return sa.tuple_(*(sa.literal(part) for part in (pupil.family_name, pupil.given_name, pupil.id, guardian_id)))


def _shown(row: Relationship, pupil: Pupil, guardian: Guardian) -> dict[str, Any]:
    pair = pair_of(row, pupil.status == "current")
    return {"pupil": pupil, "guardian": guardian, "kind": row.kind, "lives_with": row.lives_with,
            "parental_responsibility": row.parental_responsibility, "restriction": effective_restriction(pair),
            "rights": {name: {"allowed": right.allowed, "reason": right.reason}
                       for name, right in rights_of(pair).items()}}
