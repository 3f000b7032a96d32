"""What can be asked about duplicates: who may be one adult, and what a merge would open and close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.duplicates.rules import Entry, find_alike
from services.profiles.people.models import Guardian, Pupil
from services.profiles.relationships.models import Relationship
from services.profiles.relationships.queries import list_known
from services.profiles.relationships.rules import rights_at


def list_duplicates(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Two current entries with one name, and what else they share; the surest first."""
    guardians = {row.id: row for row in uow.all(sa.select(Guardian).where(Guardian.status == "current"))}
    alike = find_alike(Entry(row.id, f"{row.given_name} {row.family_name}", row.email, row.phone)
                       for row in guardians.values())
    ids = {guardian_id for pair in alike for guardian_id in pair}
    children = _children(uow, ids)
    found = [{"one": guardians[one], "other": guardians[other], "shared": shared,
              "children_of_one": children.get(one, []), "children_of_other": children.get(other, [])}
             for (one, other), shared in alike.items()]
    return sorted(found, key=lambda item: (-len(item["shared"]), item["one"].family_name, item["one"].id))


def _children(uow: UnitOfWork, guardian_ids: set[str]) -> dict[str, list[Pupil]]:
    found: dict[str, list[Pupil]] = {}
    for guardian_id, pupil in uow.rows(
            sa.select(Relationship.guardian_id, Pupil).join(Pupil, Pupil.id == Relationship.pupil_id)
            .where(Relationship.guardian_id.in_(sorted(guardian_ids)), Relationship.status == "current")
            .order_by(Pupil.given_name, Pupil.id)):
        found.setdefault(guardian_id, []).append(pupil)
    return found


def get_two(uow: UnitOfWork, keep_id: str, drop_id: str) -> tuple[Guardian, Guardian]:
    """The entry that stays and the one that goes, both current."""
    if keep_id == drop_id:
        raise Invalid(errors={"/drop_id": "Choose two different entries."})
    keep, drop = uow.get(Guardian, keep_id), uow.get(Guardian, drop_id)
    if keep is None or drop is None or keep.status != "current" or drop.status != "current":
        raise NotFound()
    return keep, drop


def list_pairs_of(uow: UnitOfWork, guardian_id: str) -> dict[str, Relationship]:
    """The current pairs of an adult, by pupil."""
    return {row.pupil_id: row for row in uow.all(sa.select(Relationship).where(
        Relationship.guardian_id == guardian_id, Relationship.status == "current"))}


def allowed_now(uow: UnitOfWork, rows: Sequence[Any]) -> dict[tuple[str, str], frozenset[str]]:
    """What each of these pairs may do now."""
    return {place: frozenset(name for name, right in rights_at(pair, uow.now).items() if right.allowed)
            for place, pair in list_known(uow, rows).items()}


def preview_merge(uow: UnitOfWork, keep_id: str, drop_id: str) -> dict[str, Any]:
    """For each child: what each entry may do now, and what the one that stays may do afterwards.

    Where both have the child the merged entry may do what both may; where one has, what that one may.
    """
    keep, drop = get_two(uow, keep_id, drop_id)
    kept, dropped = list_pairs_of(uow, keep_id), list_pairs_of(uow, drop_id)
    allowed = allowed_now(uow, [*kept.values(), *dropped.values()])
    pupils = {row.id: row for row in uow.all(sa.select(Pupil).where(Pupil.id.in_(sorted({*kept, *dropped}))))}
    items = []
    for pupil_id in sorted(pupils, key=lambda one: (pupils[one].given_name, one)):
        before = allowed.get((pupil_id, keep_id), frozenset())
        other = allowed.get((pupil_id, drop_id), frozenset())
        after = before & other if pupil_id in kept and pupil_id in dropped else before | other
        items.append({"pupil": pupils[pupil_id], "keep": sorted(before), "drop": sorted(other), "after": sorted(after),
                      "opens": sorted(after - before), "closes": sorted((before | other) - after)})
    return {"keep": keep, "drop": drop, "items": items}
