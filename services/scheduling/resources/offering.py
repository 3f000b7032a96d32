"""What an evening offers, a part of the actions: nothing that a family has been given is taken away here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, Stale
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.actions import hold_evening, note_change, require_changeable
from services.scheduling.people.queries import get_school
from services.scheduling.resources.actions import hold_resources
from services.scheduling.resources.models import Resource
from services.scheduling.resources.queries import key_of, list_uses, tag_of
from services.scheduling.resources.rules import Offered, Taken, find_faults, peak, span_of


def set_resources(uow: UnitOfWork, evening_id: str, wanted: Sequence[Offered], tag: str) -> None:
    """Offer this and nothing else. Conflict, and all stays, where a family would lose what it has been given.

    `tag` is of the list that this changes: Stale when a colleague was faster.
    """
    evening = hold_evening(uow, evening_id)
    require_changeable(uow, evening)
    rows = {row.id: row for row in hold_resources(uow, evening_id)}
    if tag_of(rows.values()) != tag:
        raise Stale("A colleague changed this list a moment ago.")
    _, zone = get_school(uow)
    frame = (evening.starts_at.astimezone(zone), evening.ends_at.astimezone(zone))
    faults = find_faults(wanted, frame, set(rows))
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    taken = {row_id: [Taken(use.starts_at, use.ends_at) for use in list_uses(uow, evening_id)
                      if use.resource_id == row_id] for row_id in rows}
    for gone in set(rows) - {one.id for one in wanted}:
        if taken[gone]:
            _refuse(rows[gone])
        uow.session.delete(rows[gone])
    for one in wanted:
        row, (start, end) = rows.get(one.id), span_of(one, frame)
        if row is None:
            row = Resource(id=new_id(), evening_id=evening_id)
            uow.add(row)
        elif taken[row.id] and not _keeps(row, one, taken[row.id], (start, end)):
            _refuse(row)
        row.kind, row.language, row.name, row.units = one.kind, one.language, one.name, one.units
        row.starts_at, row.ends_at = start, end
    note_change(uow, evening, "needs")


def _keeps(row: Resource, wanted: Offered, taken: Sequence[Taken], span: tuple[datetime, datetime]) -> bool:
    """Whether all who have been given it keep it."""
    return ((row.kind, row.language) == (wanted.kind, wanted.language) and peak(taken) <= wanted.units
            and all(span[0] <= use.starts_at and use.ends_at <= span[1] for use in taken))


def _refuse(row: Resource) -> None:
    raise Conflict(f"Families have been given “{key_of(row)}”, and some of them would lose it, so nothing was changed. "
                   "Find them another time first.")
