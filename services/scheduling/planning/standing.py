"""An evening as it stands when something happens to it: a part of the queries."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import bulk
from services.scheduling.evenings import queries as evenings
from services.scheduling.people import queries as people


@dataclass(frozen=True, slots=True)
class Standing:
    """An evening as it stands: appointments with their guests, which slots each has, and who must not meet.

    `new`: those of the slots that a changed block would have beside the others.
    """

    evening: Any
    talks: Sequence[tuple[Any, list[Any]]]
    slots: Mapping[str, Any]
    held: Mapping[str, tuple[str, ...]]
    apart: Sequence[tuple[str, str]]
    new: Collection[str] = ()

    @property
    def basis(self) -> str:
        """One hash of all that a change of it would change."""
        told = [*(f"{row.id} {row.sequence} {row.slot_id} {len(guests)}" for row, guests in self.talks),
                *sorted(self.slots), *(f"{one} {other}" for one, other in sorted(self.apart))]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def read_standing(uow: UnitOfWork, evening_id: str) -> Standing:
    evening, talks = evenings.find_evening(uow, evening_id), bulk.list_standing(uow, evening_id)
    rows = evenings.list_sat_slots(uow, evening_id)
    by_staff: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.starts_at):
        by_staff.setdefault(row.staff_id, []).append(row)
    apart = people.list_kept_apart(uow, {guest.guardian_id for _, guests in talks for guest in guests})
    held = {talk.id: _slots_of(talk, by_staff.get(talk.staff_id, [])) for talk, _ in talks}
    return Standing(evening, talks, {row.id: row for row in rows}, held, apart)


def _slots_of(talk: Any, slots: Sequence[Any]) -> tuple[str, ...]:
    """Those of its teacher's slots, in order of time, that a talk takes."""
    first = bisect_left(slots, talk.starts_at, key=lambda slot: slot.starts_at)
    return tuple(slot.id for slot in takewhile(lambda slot: slot.ends_at <= talk.ends_at, slots[first:]))
