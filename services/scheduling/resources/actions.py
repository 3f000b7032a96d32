"""What can be done with resources: give units to appointments, and take them back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.resources.models import Resource, ResourceUse
from services.scheduling.resources.queries import key_of, read_stock
from services.scheduling.tables import table_of


@dataclass(frozen=True, slots=True)
class Ask:
    """A need of one appointment, by its key, for its time; `slot` is where it is (None: wherever it may be)."""

    evening_id: str
    need_key: str
    appointment_id: str
    starts_at: datetime
    ends_at: datetime
    slot: Any = None


def hold_resources(uow: UnitOfWork, evening_id: str) -> Sequence[Resource]:
    """What there is, in a fixed order; nobody else gives a unit of it until this unit of work has ended."""
    return uow.all(sa.select(Resource).where(Resource.evening_id == evening_id)
                   .order_by(Resource.ends_at, Resource.id).with_for_update())


def use_resource(uow: UnitOfWork, ask: Ask) -> bool:
    """Whether the appointment has a unit of it now; never more are given than there are at one time, and who walks
    from room to room has time for it.

    Of two that ask at once the second waits for the first, and sees what it got.
    """
    kind, _, language = ask.need_key.partition(":")
    uow.all(sa.select(Resource).where(
        Resource.evening_id == ask.evening_id, Resource.kind == kind, Resource.language == language)
        .order_by(Resource.ends_at, Resource.id).with_for_update())
    found = read_stock(uow, ask.evening_id).find(ask.need_key, ask.starts_at, ask.ends_at, ask.slot)
    if found is not None:
        use_units(uow, ask.evening_id, [Use(found.id, ask.appointment_id, ask.starts_at, ask.ends_at)])
    return found is not None


@dataclass(frozen=True, slots=True)
class Use:
    """One unit, for the time of one appointment."""

    resource_id: str
    appointment_id: str
    starts_at: datetime
    ends_at: datetime


def use_units(uow: UnitOfWork, evening_id: str, uses: Sequence[Use]) -> None:
    """Note who has what. The caller has seen that there is enough."""
    uow.insert(ResourceUse, [{"resource_id": one.resource_id, "appointment_id": one.appointment_id,
                              "evening_id": evening_id, "starts_at": one.starts_at, "ends_at": one.ends_at}
                             for one in uses])


Span = tuple[datetime, datetime]


def shift_resources(uow: UnitOfWork, evening_id: str, shift: Callable[[Span], Span]) -> None:
    """The evening is at another time, and nobody has any of this yet: what there is goes along.

    Invalid where something would be there at no time of it.
    """
    for row in hold_resources(uow, evening_id):
        row.starts_at, row.ends_at = shift((row.starts_at, row.ends_at))
        if row.starts_at >= row.ends_at:
            words = (f"“{row.name or key_of(row)}” would be there at no time of the new hours. Change what families "
                     "can ask for first.")
            raise Invalid(words, {"/from": words})
    uow.flush()


def free_units(uow: UnitOfWork, appointment_ids: Collection[str]) -> None:
    """These appointments need nothing any more."""
    table = table_of(ResourceUse)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.appointment_id.in_(appointment_ids)))
