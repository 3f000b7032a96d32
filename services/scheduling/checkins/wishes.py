"""What is wished of the talks: how often a school wants them, and when an adult can. A part of the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid, Stale
from chassis.unit_of_work import UnitOfWork
from services.scheduling.checkins.models import Cadence, FamilyHours
from services.scheduling.checkins.rules import USUAL
from services.scheduling.tables import table_of


def set_cadence(uow: UnitOfWork, wanted: Mapping[str, int], based_on: int) -> None:
    """How often from now on; Stale when a colleague was faster."""
    row = hold_cadence(uow)
    if row.version != based_on:
        raise Stale()
    row.usual, row.closer, row.reviews, row.most_a_day = (wanted[name] for name in USUAL)
    row.version += 1


def hold_cadence(uow: UnitOfWork) -> Cadence:
    """The school's wish, and nobody else changes it until this unit of work has ended."""
    row: Cadence | None = uow.get(Cadence)
    if row is None:
        row = Cadence(**USUAL, version=0, swept_at=None)
        uow.add(row)
        uow.flush()
    else:
        uow.session.refresh(row, with_for_update=True)
    return row


def set_family_hours(uow: UnitOfWork, guardian_id: str, windows: Sequence[Mapping[str, Any]]) -> None:
    """When this adult can usually talk, about any child; nobody else learns of it."""
    found = [[one["weekday"], one["start"], one["end"]] for one in windows]
    if any(start >= end for _, start, end in found):
        raise Invalid(errors={"/windows": "The end of a time must be later than its start."})
    table = table_of(FamilyHours)
    uow.connection.execute(sa.delete(table).where(table.c.school_id == uow.school, table.c.guardian_id == guardian_id))
    uow.insert(FamilyHours, [{"guardian_id": guardian_id, "windows": sorted(found), "changed_at": uow.now}])
