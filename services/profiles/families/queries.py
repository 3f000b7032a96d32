"""What the office can ask about families. Rights and reasons come from the rule's own function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Guardian, Pupil
from services.profiles.people.queries import get_zone
from services.profiles.relationships.models import CareOrder, Relationship
from services.profiles.relationships.queries import explain, list_homes, list_known, select_named
from services.profiles.restrictions.models import Restriction
from services.profiles.restrictions.queries import list_keep_apart, list_open, list_taking

REVIEWS_WITHIN = timedelta(days=14)
ENDINGS_WITHIN = timedelta(days=30)
IN_ORDER = (Pupil.family_name, Pupil.given_name, Pupil.id, Relationship.guardian_id)


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
    query = select_named().order_by(*IN_ORDER).limit(wanted.limit + 1)
    if wanted.pupil_id is not None:
        query = query.where(Relationship.pupil_id == wanted.pupil_id)
    if wanted.to_check:
        query = query.where(Relationship.restriction == "unknown", Relationship.checked_by.is_(None))
    if wanted.after:
        query = query.where(sa.tuple_(*IN_ORDER) > _place_of(uow, wanted.after))
    for word in (wanted.find or "").split():
        names = (Pupil.given_name, Pupil.family_name, Guardian.given_name, Guardian.family_name)
        query = query.where(sa.or_(*(name.icontains(word, autoescape=True) for name in names)))
    rows = uow.rows(query)
    shown = describe(uow, rows[:wanted.limit])
    more = len(rows) > wanted.limit
    return shown, f"{shown[-1]['pupil'].id}:{shown[-1]['guardian'].id}" if more else None


def _place_of(uow: UnitOfWork, after: str) -> sa.ColumnElement[Any]:
    """Where a pair stands in the order; the names are looked up, so that a cursor holds none."""
    pupil_id, _, guardian_id = after.partition(":")
    pupil = uow.get(Pupil, pupil_id)
    if pupil is None:
        raise Invalid(errors={"/after": "Use the value of 'after' from the page before."})
    return sa.tuple_(*(sa.literal(part) for part in (pupil.family_name, pupil.given_name, pupil.id, guardian_id)))


def describe(uow: UnitOfWork, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """(relationship, pupil, guardian) rows as the office sees them, with each right and its reason now."""
    known = list_known(uow, [row for row, _, _ in rows])
    shown = []
    for row, pupil, guardian in rows:
        pair = known[row.pupil_id, row.guardian_id]
        state = "unknown" if not pair.is_checked else "restricted" if pair.orders else "none"
        shown.append({"pupil": pupil, "guardian": guardian, "kind": row.kind, "lives_with": row.lives_with,
                      "parental_responsibility": row.parental_responsibility, "restriction": state,
                      "responsibility_seen": row.responsibility_seen, "checked_by": row.checked_by,
                      "file_says": row.restriction, "since": row.since, "changed_by": row.changed_by,
                      "rights": explain(pair, uow.now)})
    return shown


def get_family(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """One child with every adult, right, reason and restriction: the whole screen in a handful of reads."""
    pupil: Pupil | None = uow.get(Pupil, pupil_id)
    if pupil is None:
        raise NotFound()
    adults = describe(uow, uow.rows(select_named().where(Relationship.pupil_id == pupil_id).order_by(
        Guardian.family_name, Guardian.given_name, Guardian.id)))
    taking = list_taking(uow, [pupil_id], uow.now)
    for adult in adults:
        found = taking.get((pupil_id, adult["guardian"].id))
        adult["restrictions"] = [] if found is None else found.restrictions
        adult["held"] = [] if found is None else found.held
    ids = {adult["guardian"].id for adult in adults}
    authority = uow.session.scalar(sa.select(CareOrder.authority).where(
        CareOrder.pupil_id == pupil_id, CareOrder.ended_at.is_(None)))
    return {"pupil": pupil, "adults": adults, "homes": list_homes(uow, pupil_id), "looked_after_by": authority,
            "keep_apart": [row for row in list_keep_apart(uow, ids) if {row.first_id, row.second_id} <= ids]}


def list_checks(uow: UnitOfWork) -> dict[str, Any]:
    """What waits for somebody: by kind, each with the pair that it is about."""
    today = uow.now.astimezone(get_zone(uow)).date()
    unseen = sa.or_(Restriction.document.is_(None), Restriction.document == "")
    lists = {
        "reviews": list_open(uow, Restriction.review_on <= today + REVIEWS_WITHIN),
        "ending": list_open(uow, Restriction.ends_at <= uow.now + ENDINGS_WITHIN),
        "evidence": list_open(uow, unseen, Restriction.source == "office"),
        "flags": list_open(uow, unseen, Restriction.source != "office"),
        "liftings": list_open(uow, Restriction.lift_asked_by.is_not(None)),
    }
    named = _names(uow, [row for rows in lists.values() for row in rows])
    found: dict[str, Any] = {
        kind: [{"restriction": row, **named[row.pupil_id, row.guardian_id]} for row in rows
               if (row.pupil_id, row.guardian_id) in named] for kind, rows in lists.items()}
    found["unchecked"] = list_relationships(uow, WantedPairs(to_check=True, limit=200))[0]
    return found


def _names(uow: UnitOfWork, rows: Sequence[Restriction]) -> dict[tuple[str, str], dict[str, Any]]:
    pairs = uow.rows(select_named().where(Relationship.pupil_id.in_({row.pupil_id for row in rows})))
    return {(row.pupil_id, row.guardian_id): {"pupil": pupil, "guardian": guardian} for row, pupil, guardian in pairs}
