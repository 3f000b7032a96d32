"""What can be asked about resources: what a family may ask for at an evening."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from chassis.db import dump_json
from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.queries import slot_held
from services.scheduling.evenings import queries as evenings
from services.scheduling.people.queries import get_school
from services.scheduling.resources.models import Resource, ResourceUse
from services.scheduling.resources.rules import AT_ONCE, INTERPRETER, MOVING, NO_PLACE, Minutes, Taken, is_free


def list_offered(uow: UnitOfWork, evening_id: str) -> list[str]:
    """The keys of what there is: 'bsl', 'step-free', 'longer', 'creche' and 'interpreter:<language>', in order."""
    rows = uow.rows(sa.select(Resource.kind, Resource.language).where(
        Resource.evening_id == evening_id, Resource.units > 0).distinct())
    return sorted(f"{row.kind}:{row.language}" if row.kind == INTERPRETER else row.kind for row in rows)


def list_resources(uow: UnitOfWork, evening_id: str) -> Sequence[Resource]:
    """What there is at an evening, each from one instant to another, in a fixed order; `key_of` says what it is."""
    return uow.all(sa.select(Resource).where(Resource.evening_id == evening_id).order_by(
        Resource.ends_at, Resource.id))


def key_of(resource: Resource) -> str:
    """By what name families ask for it: 'bsl', 'interpreter:<language>'."""
    return f"{resource.kind}:{resource.language}" if resource.kind == INTERPRETER else resource.kind


def list_uses(uow: UnitOfWork, evening_id: str) -> Sequence[Any]:
    """resource_id, appointment_id, starts_at and ends_at of each unit that an appointment has."""
    return uow.rows(sa.select(ResourceUse.resource_id, ResourceUse.appointment_id, ResourceUse.starts_at,
                              ResourceUse.ends_at).where(ResourceUse.evening_id == evening_id))


def moves(key: str) -> bool:
    """Whether what families ask for by this name walks from room to room."""
    return key.partition(":")[0] in MOVING


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is at an evening, what of it is in use when and where, and how long the ways are: read once, and asked
    alike by bookings, held itineraries, offers and plans."""

    place: str
    walks: Minutes
    rows: Sequence[Resource]
    taken: Mapping[str, list[Taken]]

    def find(self, key: str, starts_at: datetime, ends_at: datetime, slot: Any) -> Resource | None:
        """The first that has a unit for that time at that slot; None when there is none. Without a slot it may be
        anywhere."""
        return next(self.list_free(key, starts_at, ends_at, slot), None)

    def list_free(self, key: str, starts_at: datetime, ends_at: datetime, slot: Any) -> Iterator[Resource]:
        """Each that has one, the first to end first."""
        span = self._span(starts_at, ends_at, slot)
        return (one for one in self.rows if key_of(one) == key
                and one.starts_at <= starts_at and ends_at <= one.ends_at
                and is_free(one.units, self.taken[one.id], span, self.walks if moves(key) else AT_ONCE))

    def use(self, resource_id: str, starts_at: datetime, ends_at: datetime, slot: Any) -> None:
        """Reckon with a unit of it that is in use then."""
        self.taken[resource_id].append(self._span(starts_at, ends_at, slot))

    def give_back(self, resource_id: str, starts_at: datetime, ends_at: datetime, slot: Any) -> None:
        """What `use` reckoned with is not in use."""
        self.taken[resource_id].remove(self._span(starts_at, ends_at, slot))

    def _span(self, starts_at: datetime, ends_at: datetime, slot: Any) -> Taken:
        """An interpreter is in the teacher's room, however the family comes. Rooms without a name are all where the
        evening is; who only calls is in no room."""
        is_there = slot is not None and slot.ways is not None and "in-person" in slot.ways
        return Taken(starts_at, ends_at, (slot.site, slot.room or self.place) if is_there else NO_PLACE)


def read_stock(uow: UnitOfWork, evening_id: str, but: Collection[str] = ()) -> Stock:
    """The stock of an evening; what the appointments in `but` have is free."""
    evening, rows = evenings.find_evening(uow, evening_id), list_resources(uow, evening_id)
    stock = Stock(evening.place, (evening.walk_room_minutes, evening.walk_site_minutes), rows,
                  {one.id: [] for one in rows})
    uses = [use for use in uow.rows(
        sa.select(ResourceUse.resource_id, ResourceUse.appointment_id, ResourceUse.starts_at, ResourceUse.ends_at,
                  slot_held(ResourceUse.school_id, ResourceUse.appointment_id).label("slot_id"))
        .where(ResourceUse.evening_id == evening_id))
        if use.appointment_id not in but and use.resource_id in stock.taken]
    slots = evenings.list_seats(uow, {use.slot_id for use in uses if use.slot_id})
    for use in uses:
        stock.use(use.resource_id, use.starts_at, use.ends_at, slots.get(use.slot_id))
    return stock


def list_needs(uow: UnitOfWork, evening_id: str) -> dict[str, list[str]]:
    """What each appointment of an evening has, by keys: for who sits there."""
    keys, found = {one.id: key_of(one) for one in list_resources(uow, evening_id)}, dict[str, list[str]]()
    for use in list_uses(uow, evening_id):
        if use.resource_id in keys:
            found.setdefault(use.appointment_id, []).append(keys[use.resource_id])
    return {appointment_id: sorted(needs) for appointment_id, needs in found.items()}


def show_resources(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """What there is, as the office sees it, how much of it is given, and the tag of the list."""
    uow.flush()
    zone, uses, rows = get_school(uow)[1], list_uses(uow, evening_id), list_resources(uow, evening_id)
    return {"tag": tag_of(rows), "items": [{
        "id": row.id, "kind": row.kind, "language": row.language, "key": key_of(row), "name": row.name,
        "units": row.units, "from": f"{row.starts_at.astimezone(zone):%H:%M}",
        "to": f"{row.ends_at.astimezone(zone):%H:%M}", "starts_at": row.starts_at, "ends_at": row.ends_at,
        "used": sum(use.resource_id == row.id for use in uses)} for row in rows]}


def tag_of(rows: Iterable[Resource]) -> str:
    """Changes with every change of the list."""
    said = sorted([row.id, row.kind, row.language, row.name, row.units, row.starts_at.isoformat(),
                   row.ends_at.isoformat()] for row in rows)
    return sha256(dump_json(said).encode()).hexdigest()[:16]
