"""When times are lost: the fewest changes, shown before anybody is told, and carried out when the office says yes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.clock import new_id
from chassis.errors import Conflict
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import bulk, release
from services.scheduling.appointments.queries import read_diary
from services.scheduling.diaries.queries import list_busy
from services.scheduling.evenings import queries as evenings
from services.scheduling.evenings.actions import hold_evening, lose_slots, move_rooms, set_new_times
from services.scheduling.people import queries as people
from services.scheduling.planning.building import (
    Seats,
    find_free,
    make_parties,
    party_of,
    read_resources,
    read_seats,
)
from services.scheduling.planning.causes import CHANGED, Cause, Effect, find_effect, find_moves, read_cause
from services.scheduling.planning.models import Replan
from services.scheduling.planning.queries import REPLANNED, get_replan, list_ranks
from services.scheduling.planning.standing import Standing, read_standing
from services.scheduling.planning.units import Need, share_units
from services.scheduling.resources.actions import Use, free_units, hold_resources, use_units
from services.scheduling.solver import queries as solver
from services.scheduling.wishes.queries import PlanWish, list_wishes_for_plan

BUDGET_S = 1.0
CHANGED_SINCE = ("Somebody booked, changed or gave back a time meanwhile, so nothing was changed. Look at the changes "
                 "as they would be now.")
Elsewhere = tuple[datetime, datetime, str]


def find_changes(uow: UnitOfWork, evening_id: str, cause: Cause,
                 clock: Callable[[], float] = time.monotonic) -> dict[str, Any]:
    """The fewest changes for what has happened: columns of a replan, all but who asked. It only reads."""
    standing = read_standing(uow, evening_id)
    evening = standing.evening
    if evening.state not in evenings.SHOWN or evening.ends_at <= uow.now:
        raise Conflict("Nothing of this evening can be planned anew: it is not open, or it is over.")
    effect = find_effect(uow, evening, standing.slots, cause)
    if effect.rooms:
        return {"basis": standing.basis, **find_moves(uow, standing, cause, effect)}
    after, lost = _as_it_would_be(uow, standing, effect), effect.lost
    before = {key: slots for key, slots in standing.held.items() if slots}
    found = solver.replan(_problem(uow, after), before, lost, 0, BUDGET_S, clock)
    moved = {talk.wish: list(talk.slots) for talk in found.moved}
    return {"basis": standing.basis, "measure": {**_measure(standing, found, lost), "new_slots": len(effect.new)},
            "changes": {"moved": moved, "dropped": sorted(found.dropped), "lost": sorted(lost), "added": effect.added,
                        "talks": list(_list_talks(after, moved, found.dropped))}}


def _as_it_would_be(uow: UnitOfWork, standing: Standing, effect: Effect) -> Standing:
    """With the slots that a changed block would have: not those that go, and of the new ones those at which all who
    sit there are free once the talks that lose their times have left them."""
    if effect.times is None:
        return standing
    gone = {(standing.slots[key].starts_at, standing.slots[key].ends_at) for key in effect.lost}
    sitters = {effect.times.block.staff_id, *evenings.list_sitters(uow, standing.evening.id)[effect.times.block.id]}
    busy = [span for ones in list_busy(uow, sitters, standing.evening.starts_at).values() for span in ones]
    new = [slot for slot in effect.new if not any(
        start < slot.ends_at and slot.starts_at < end and (start, end) not in gone for start, end in busy)]
    stay = {key: slot for key, slot in standing.slots.items() if key not in effect.lost}
    return replace(standing, slots=stay | {slot.id: slot for slot in new}, new=[slot.id for slot in new])


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
    return solver.Problem(seats.desks, parties, talks, resources, frozenset(apart), evening.walk_room_minutes,
                          evening.walk_site_minutes, tuple(evening.aims or solver.DEFAULT_ORDER))


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
        raise Conflict(CHANGED_SINCE)
    cause = read_cause(made.cause)
    if cause.to_room:
        move_rooms(uow, made.evening_id, made.changes["rooms"], (cause.to_room, cause.to_step_free))
    else:
        _carry_out(uow, standing, made, cause)
    made.state, made.confirmed_at = "confirmed", uow.now
    uow.flush()
    return made


def _carry_out(uow: UnitOfWork, standing: Standing, made: Replan, cause: Cause) -> None:
    """New times first, then who moves to them, then what is lost."""
    changes = made.changes
    if cause.kind == CHANGED:
        standing = _give_times(uow, standing, cause, changes)
    moved, dropped = dict(changes["moved"]), set(changes["dropped"])
    _require_free(uow, standing, moved, dropped)
    units = _share_anew(uow, standing, moved, dropped)
    dropped |= set(moved) - set(units)
    guests = {row.id: ones for row, ones in standing.talks}
    release(uow, [guest for key in sorted(dropped) for guest in guests[key]], REPLANNED)
    _move(uow, standing, {key: moved[key] for key in units}, units)
    if lose_slots(uow, changes["lost"]):
        raise Conflict("Somebody is just choosing one of the lost times. Try again in five minutes.")


def _give_times(uow: UnitOfWork, standing: Standing, cause: Cause, changes: Mapping[str, Any]) -> Standing:
    """The block has its new times; Conflict where they are others than those that were looked at."""
    added = dict(changes.get("added", {}))
    effect = find_effect(uow, standing.evening, standing.slots, cause, {at: key for key, at in added.items()})
    if effect.times is None or effect.added != added or sorted(effect.lost) != changes["lost"]:
        raise Conflict(CHANGED_SINCE)
    after = _as_it_would_be(uow, standing, effect)
    set_new_times(uow, standing.evening.id, effect.times, effect.new)
    return after


def _seats(uow: UnitOfWork, standing: Standing, talks: Iterable[str]) -> Seats:
    """Who sits where, with what is free once these talks have given their times back."""
    mine = {*standing.new, *(key for talk in talks for key in standing.held[talk])}
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
    bulk.hold_teachers(uow, {one for row in standing.slots.values() for one in (row.staff_id, *row.beside)})


def _share_anew(uow: UnitOfWork, standing: Standing, moved: Mapping[str, Sequence[str]],
                dropped: Collection[str]) -> Mapping[str, list[str]]:
    """The resources of each talk that moves, by appointment; one that would go without what it needs is missing."""
    seats = _seats(uow, standing, standing.held)
    rows = {row.id: row for row, _ in standing.talks}
    return share_units(uow, standing.evening.id, [
        Need(key, standing.slots[slots[0]].starts_at, standing.slots[slots[-1]].ends_at,
             seats.lacking(rows[key].staff_id, rows[key].needs), standing.slots[slots[0]])
        for key, slots in moved.items()],
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
                       slots[0].link, (), tuple(row.needs), tuple(slots[0].beside))
