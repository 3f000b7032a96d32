"""When times are lost: the fewest changes, shown before anybody is told, and carried out when the office says yes."""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import bulk, release
from services.scheduling.appointments.queries import read_diary
from services.scheduling.evenings import queries as evenings
from services.scheduling.evenings.actions import hold_evening, lose_slots
from services.scheduling.people import queries as people
from services.scheduling.planning.building import (
    Seats,
    find_free,
    make_parties,
    party_of,
    read_resources,
    read_seats,
)
from services.scheduling.planning.models import Replan
from services.scheduling.planning.queries import REPLANNED, get_replan, list_ranks
from services.scheduling.planning.rules import WALK_ROOM, WALK_SITE
from services.scheduling.planning.units import Need, share_units
from services.scheduling.resources.actions import Use, free_units, hold_resources, use_units
from services.scheduling.solver import queries as solver
from services.scheduling.wishes.queries import PlanWish, list_wishes_for_plan

BUDGET_S = 1.0
Elsewhere = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """What has happened: `kind` is ill (staff_id), flooded (room), changed (block_id) or lost (slot_ids).

    `starts_at` and `ends_at` are from when to when somebody is ill or a room cannot be used (None: all the evening),
    and the new times of a block.
    """

    kind: str
    staff_id: str = ""
    room: str = ""
    block_id: str = ""
    slot_ids: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def takes(self, slot: Any, sitters: Collection[str], place: str) -> bool:
        """Whether that slot is lost by it."""
        begins, ends = self.starts_at or slot.starts_at, self.ends_at or slot.ends_at
        if self.kind == "changed":
            return bool(slot.block_id == self.block_id and (slot.starts_at < begins or slot.ends_at > ends))
        if slot.ends_at <= begins or slot.starts_at >= ends:
            return False
        if self.kind == "ill":
            return bool(slot.staff_id == self.staff_id or set(sitters) == {self.staff_id})
        return bool((slot.room or place) == self.room if self.kind == "flooded" else slot.id in self.slot_ids)


@dataclass(frozen=True, slots=True)
class Standing:
    """An evening as it stands: appointments with their guests, which slots each has, and who must not meet."""

    evening: Any
    talks: Sequence[tuple[Any, list[Any]]]
    slots: Mapping[str, Any]
    held: Mapping[str, tuple[str, ...]]
    apart: Sequence[tuple[str, str]]

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


def find_changes(uow: UnitOfWork, evening_id: str, cause: Cause,
                 clock: Callable[[], float] = time.monotonic) -> dict[str, Any]:
    """The fewest changes for what is lost: columns of a replan, all but who asked. It only reads."""
    standing = read_standing(uow, evening_id)
    evening = standing.evening
    if evening.state not in evenings.SHOWN or evening.ends_at <= uow.now:
        raise Conflict("Nothing of this evening can be planned anew: it is not open, or it is over.")
    sitters = evenings.list_sitters(uow, evening_id)
    lost = frozenset(row.id for row in standing.slots.values() if row.starts_at > uow.now
                     and cause.takes(row, sitters.get(row.block_id, ()), evening.place))
    if not lost:
        raise Invalid(errors={"/kind": "No times of this evening are lost by this. Look at it again."})
    before = {key: slots for key, slots in standing.held.items() if slots}
    found = solver.replan(_problem(uow, standing), before, lost, 0, BUDGET_S, clock)
    moved = {talk.wish: list(talk.slots) for talk in found.moved}
    return {"basis": standing.basis, "measure": _measure(standing, found, lost),
            "changes": {"moved": moved, "dropped": sorted(found.dropped), "lost": sorted(lost),
                        "talks": list(_list_talks(standing, moved, found.dropped))}}


def _list_talks(standing: Standing, moved: Mapping[str, Sequence[str]],
                dropped: Collection[str]) -> Iterable[dict[str, Any]]:
    """Each talk that changes: when it was and when it would be (None: not that evening)."""
    for row, _guests in standing.talks:
        if row.id in moved or row.id in dropped:
            to = standing.slots[moved[row.id][0]].starts_at.isoformat() if row.id in moved else None
            yield {"appointment_id": row.id, "pupil_id": row.pupil_id, "staff_id": row.staff_id,
                   "was_at": row.starts_at.isoformat(), "starts_at": to}


def _problem(uow: UnitOfWork, standing: Standing) -> solver.Problem:
    """Each appointment as a wish for the teacher it is with, at the times at which its adults can come."""
    evening = standing.evening
    seats = _seats(uow, standing, standing.held)
    adults = {guest.guardian_id for _, guests in standing.talks for guest in guests}
    apart = standing.apart
    wishes = list_wishes_for_plan(uow, evening.id).wishes if evening.way == "plan" else []
    said = {wish.guardian_id: wish for wish in wishes}
    free = find_free(uow, evening, {adult: said[adult].free if adult in said else None for adult in adults}, apart,
                     [row.id for row, _ in standing.talks])
    parties = make_parties(evening, [_coming(guests, said) for _, guests in standing.talks], free)
    resources = read_resources(uow, evening)
    ranks = list_ranks(uow, evening.id)
    talks = tuple(_talk(seats, row, guests, (standing, {one.kind for one in resources}, ranks))
                  for row, guests in standing.talks)
    return solver.Problem(seats.desks, parties, talks, resources, frozenset(apart), WALK_ROOM, WALK_SITE,
                          tuple(evening.aims or solver.DEFAULT_ORDER))


def _coming(guests: Iterable[Any], said: Mapping[str, PlanWish]) -> tuple[list[str], list[Elsewhere]]:
    adults = [guest.guardian_id for guest in guests]
    return adults, [item for adult in adults if adult in said for item in said[adult].elsewhere]


def _talk(seats: Seats, row: Any, guests: Sequence[Any],
          known: tuple[Standing, Collection[str], Mapping[tuple[str, str, str], tuple[int, bool]]]) -> solver.Wish:
    standing, offered, ranks = known
    rank, please_come = next((ranks[key] for guest in guests
                              if (key := (guest.guardian_id, row.pupil_id, row.staff_id)) in ranks), (1, False))
    needs = tuple(need for need in seats.lacking(row.staff_id, row.needs) if need in offered)
    return solver.Wish(row.id, party_of(guest.guardian_id for guest in guests), row.pupil_id, row.staff_id, rank,
                       please_come, max(1, len(standing.held[row.id])), needs)


def _measure(standing: Standing, found: solver.Replan, lost: Collection[str]) -> dict[str, Any]:
    """What the school sees: how many keep their time, move, or fall out, and how many adults are told."""
    adults = {row.id: {guest.guardian_id for guest in guests} for row, guests in standing.talks}
    hit = {adult for key, slots in standing.held.items() if not set(lost).isdisjoint(slots) for adult in adults[key]}
    changed = {adult for key in (*(talk.wish for talk in found.moved), *found.dropped) for adult in adults[key]}
    return {"keep": len(found.kept), "move": len(found.moved), "fall_out": len(found.dropped),
            "lost_slots": len(lost), "adults_told": len(changed), "unaffected_changed": len(changed - hit)}


def keep_replan(uow: UnitOfWork, evening_id: str, found: Mapping[str, Any],
                said: tuple[Mapping[str, Any], str]) -> Replan:
    """Keep what was found, for a yes. `said`: the cause as it was written, and by whom."""
    cause, who = said
    made = Replan(id=new_id(), evening_id=evening_id, cause=dict(cause), state="ready", requested_by=who,
                  created_at=uow.now, confirmed_at=None, **found)
    uow.add(made)
    uow.flush()
    return made


def confirm_replan(uow: UnitOfWork, replan_id: str) -> Replan:
    """Carry it out; Conflict when anything was booked, changed or given back since it was found."""
    made = get_replan(uow, replan_id, hold=True)
    if made.state != "ready":
        raise Conflict("This was carried out already.")
    hold_evening(uow, made.evening_id)
    _hold_all(uow, read_standing(uow, made.evening_id))
    standing = read_standing(uow, made.evening_id)
    if standing.basis != made.basis:
        raise Conflict("Somebody booked, changed or gave back a time meanwhile, so nothing was changed. Look at the "
                       "changes as they would be now.")
    moved, dropped = dict(made.changes["moved"]), set(made.changes["dropped"])
    _require_free(uow, standing, moved, dropped)
    units = _share_anew(uow, standing, moved, dropped)
    dropped |= set(moved) - set(units)
    guests = {row.id: ones for row, ones in standing.talks}
    release(uow, [guest for key in sorted(dropped) for guest in guests[key]], REPLANNED)
    _move(uow, standing, {key: moved[key] for key in units}, units)
    if lose_slots(uow, made.changes["lost"]):
        raise Conflict("Somebody is just choosing one of the lost times. Try again in five minutes.")
    made.state, made.confirmed_at = "confirmed", uow.now
    uow.flush()
    return made


def _seats(uow: UnitOfWork, standing: Standing, talks: Iterable[str]) -> Seats:
    """Who sits where, with what is free once these talks have given their times back."""
    mine = {key for talk in talks for key in standing.held[talk]}
    return read_seats(uow, standing.evening, mine, list(standing.slots.values()))


def _require_free(uow: UnitOfWork, standing: Standing, moved: Mapping[str, Sequence[str]],
                  dropped: Collection[str]) -> None:
    """Conflict if somebody holds one of the new times for now, or who would come is elsewhere since."""
    free = _seats(uow, standing, (*moved, *dropped)).slots
    coming = {row.id: [guest.guardian_id for guest in guests] for row, guests in standing.talks if row.id in moved}
    ours = {row.id for row, _ in standing.talks}
    there = [one for one in read_diary(uow, {adult for ones in coming.values() for adult in ones}).engagements
             if one.appointment_id not in ours]
    for key, slots in moved.items():
        start, end = standing.slots[slots[0]].starts_at, standing.slots[slots[-1]].ends_at
        if not set(slots) <= set(free) or any(
                one.guardian_id in coming[key] and one.span.starts_at < end and start < one.span.ends_at
                for one in there):
            raise Conflict("One of the new times was taken meanwhile, so nothing was changed. Look at the changes as "
                           "they would be now.")


def _hold_all(uow: UnitOfWork, standing: Standing) -> None:
    """Nobody who comes books, changes or loses anything meanwhile, and nobody takes a time of these teachers."""
    adults = {guest.guardian_id for _, guests in standing.talks for guest in guests}
    people.hold_adults(uow, adults)
    people.list_kept_apart(uow, adults, hold=True)
    hold_resources(uow, standing.evening.id)
    bulk.hold_teachers(uow, {row.staff_id for row in standing.slots.values()})


def _share_anew(uow: UnitOfWork, standing: Standing, moved: Mapping[str, Sequence[str]],
                dropped: Collection[str]) -> Mapping[str, list[str]]:
    """The resources of each talk that moves, by appointment; one that would go without what it needs is missing."""
    seats = _seats(uow, standing, standing.held)
    rows = {row.id: row for row, _ in standing.talks}
    return share_units(uow, standing.evening.id, [
        Need(key, standing.slots[slots[0]].starts_at, standing.slots[slots[-1]].ends_at,
             seats.lacking(rows[key].staff_id, rows[key].needs)) for key, slots in moved.items()],
        but={*moved, *dropped})


def _move(uow: UnitOfWork, standing: Standing, moved: Mapping[str, Sequence[str]],
          units: Mapping[str, list[str]]) -> None:
    wanted = {row.id: _wanted(standing, row, moved[row.id]) for row, _ in standing.talks if row.id in moved}
    bulk.move_many(uow, wanted)
    free_units(uow, list(wanted))
    use_units(uow, standing.evening.id, [Use(unit, key, one.span.starts_at, one.span.ends_at)
                                         for key, one in wanted.items() for unit in units[key]])


def _wanted(standing: Standing, row: Any, slot_ids: Sequence[str]) -> bulk.Wanted:
    slots = [standing.slots[key] for key in slot_ids]
    times = tuple(bulk.SlotTime(slot.id, slot.starts_at, slot.ends_at) for slot in slots)
    return bulk.Wanted(row.id, row.evening_id, row.pupil_id, row.staff_id, times, row.place, slots[0].room,
                       slots[0].link, (), tuple(row.needs))
