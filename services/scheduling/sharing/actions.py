"""What can be done with sharing."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.sharing.models import SharingWish
from services.scheduling.tables import table_of


def set_wish(uow: UnitOfWork, pupil_id: str, guardian_id: str, shows_times: bool, together: bool) -> None:
    """Keep what this adult wishes from now on; what is booked stays as it is."""
    row = uow.get(SharingWish, pupil_id, guardian_id)
    if row is None:
        row = SharingWish(pupil_id=pupil_id, guardian_id=guardian_id)
        uow.add(row)
    row.shows_times, row.together, row.changed_at = shows_times, together, uow.now


def forget_wishes(uow: UnitOfWork, pairs: Collection[tuple[str, str]]) -> None:
    """Of (pupil, guardian) pairs who may book no longer no wish is kept: a right that comes back restores nothing."""
    if not pairs:
        return
    held = uow.rows(sa.select(SharingWish.pupil_id, SharingWish.guardian_id).where(
        SharingWish.pupil_id.in_({pupil_id for pupil_id, _ in pairs})))
    table, wanted = table_of(SharingWish), set(pairs)
    for row in held:
        if (row.pupil_id, row.guardian_id) in wanted:
            uow.connection.execute(sa.delete(table).where(
                table.c.school_id == uow.school, table.c.pupil_id == row.pupil_id,
                table.c.guardian_id == row.guardian_id))
