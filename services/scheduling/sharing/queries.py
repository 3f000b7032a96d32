"""What can be asked of sharing: one's own wish, and, of this service alone, what is in force."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.people.queries import Family, list_families, list_kept_apart
from services.scheduling.sharing.models import SharingWish
from services.scheduling.sharing.rules import is_in_force
from services.scheduling.tables import table_of

_wish = table_of(SharingWish)
TOGETHER = sa.select(_wish.c.guardian_id).where(  # made once: bookings ask it
    _wish.c.school_id == sa.bindparam("school"), _wish.c.pupil_id == sa.bindparam("pupil"), _wish.c.together)


def get_wish(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> dict[str, bool]:
    """What this adult wishes; nothing is shared by one who never said."""
    row = uow.get(SharingWish, pupil_id, guardian_id)
    return {"shows_times": row is not None and row.shows_times, "together": row is not None and row.together}


def pick_wishes(school_id: Any, guardian_id: Any, pupil_ids: Any) -> sa.Select[Any]:
    """Those of these children whose times this adult wishes to share: id (there is none), pupil_id and staff_id."""
    nothing = sa.cast(sa.null(), sa.String(36))
    return sa.select(nothing.label("id"), SharingWish.pupil_id, nothing.label("staff_id")).where(
        SharingWish.school_id == school_id, SharingWish.guardian_id == guardian_id,
        SharingWish.pupil_id.in_(pupil_ids), SharingWish.shows_times)


def list_shown(uow: UnitOfWork, guardian_id: str, pupil_ids: Collection[str],
               wished: Sequence[str] | None = None) -> list[str]:
    """Those of these children of whom all adults let each other see their times.

    `wished`, the children about whom this adult wishes it, spares a read where the caller has asked already.
    """
    mine = wished if wished is not None else uow.all(sa.select(SharingWish.pupil_id).where(
        SharingWish.guardian_id == guardian_id, SharingWish.pupil_id.in_(pupil_ids), SharingWish.shows_times))
    if not mine:
        return []
    wishing: dict[str, set[str]] = {pupil_id: set() for pupil_id in mine}
    for row in uow.rows(sa.select(SharingWish.pupil_id, SharingWish.guardian_id).where(
            SharingWish.pupil_id.in_(mine), SharingWish.shows_times)):
        wishing[row.pupil_id].add(row.guardian_id)
    families = list_families(uow, mine)
    apart = list_kept_apart(uow, {holder for family in families.values() for holder in family})
    return [pupil_id for pupil_id in mine if _is_agreed(wishing[pupil_id], families[pupil_id], apart)]


def list_companions(uow: UnitOfWork, pupil_id: str, family: Family, apart: Sequence[tuple[str, str]]) -> list[str]:
    """All who come together for this child, when they all wish it; nobody otherwise."""
    everyone = _bookers(family)
    if not _is_agreed(everyone, family, apart):  # whatever they wish
        return []
    wishing = uow.connection.scalars(TOGETHER, {"school": uow.school, "pupil": pupil_id}).all()
    return sorted(everyone) if _is_agreed(wishing, family, apart) else []


def _is_agreed(wishing: Collection[str], family: Family, apart: Sequence[tuple[str, str]]) -> bool:
    """Of a family of whom we cannot say all, nothing is in force."""
    is_known = not any(rights.is_held for rights in family.values())
    return is_known and is_in_force(wishing, _bookers(family), apart)


def _bookers(family: Family) -> set[str]:
    return {guardian_id for guardian_id, rights in family.items() if rights.may_book}
