"""What has happened to an evening, and what that does to its times and rooms: a part of the actions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from chassis.clock import new_id
from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import queries as appointments
from services.scheduling.evenings import queries as evenings
from services.scheduling.evenings.actions import NewTimes, SatSlot, find_new_times, require_room
from services.scheduling.planning.standing import Standing

ILL, FLOODED, CHANGED, LOST = "ill", "flooded", "changed", "lost"
STEP_FREE, IN_PERSON = "step-free", "in-person"
NOTHING = "No times of this evening are lost by this. Look at it again."


@dataclass(frozen=True, slots=True)
class Cause:
    """What has happened: `kind` is ill (staff_id), flooded (room), changed (block_id) or lost (slot_ids).

    `starts_at` and `ends_at` are from when to when somebody is ill or a room cannot be used (None: all the evening),
    and the new times of a block (None: as before). Of a room that cannot be used `to_room` is where all go instead, at
    their times, and `to_step_free` whether one gets there without steps.
    """

    kind: str
    staff_id: str = ""
    room: str = ""
    block_id: str = ""
    slot_ids: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    to_room: str = ""
    to_step_free: bool = False

    def takes(self, slot: Any, sitters: Collection[str], place: str) -> bool:
        """Whether that slot is lost by it. What new times of a block take, the block says."""
        begins, ends = self.starts_at or slot.starts_at, self.ends_at or slot.ends_at
        if self.kind == CHANGED or slot.ends_at <= begins or slot.starts_at >= ends:
            return False
        if self.kind == ILL:
            return bool(slot.staff_id == self.staff_id or set(sitters) == {self.staff_id})
        return bool((slot.room or place) == self.room if self.kind == FLOODED else slot.id in self.slot_ids)


def read_cause(written: Mapping[str, Any]) -> Cause:
    """A cause as it was written down."""
    times = {name: datetime.fromisoformat(written[name]) for name in ("starts_at", "ends_at") if written.get(name)}
    return Cause(**{**written, **times, "slot_ids": tuple(written.get("slot_ids") or ())})


@dataclass(frozen=True, slots=True)
class Effect:
    """Slots that are lost, slots that are new (with the block's new times), and blocks that go to another room."""

    lost: frozenset[str] = frozenset()
    times: NewTimes | None = None
    new: tuple[SatSlot, ...] = ()
    rooms: frozenset[str] = frozenset()

    @property
    def added(self) -> dict[str, str]:
        """When each new slot begins, by its id."""
        return {slot.id: slot.starts_at.isoformat() for slot in self.new}


def find_effect(uow: UnitOfWork, evening: Any, slots: Mapping[str, Any], cause: Cause,
                ids: Mapping[str, str] | None = None) -> Effect:
    """What it does to these slots; Invalid when it is nothing, or cannot be. `ids` of new slots, by when they begin."""
    if cause.kind == CHANGED:
        times = find_new_times(uow, evening, cause.block_id, (cause.starts_at, cause.ends_at))
        new = times.as_slots([(ids or {}).get(start.isoformat()) or new_id() for start, _ in times.new])
        effect = Effect(times.gone, times, tuple(new))
        is_same = (times.starts_at, times.ends_at) == (times.block.starts_at, times.block.ends_at)
        if not times.gone and not new and is_same:
            raise Invalid(errors={"/kind": NOTHING})
        return effect
    sitters = evenings.list_sitters(uow, evening.id)
    lost = frozenset(row.id for row in slots.values() if row.starts_at > uow.now
                     and cause.takes(row, sitters.get(row.block_id, ()), evening.place))
    if not lost:
        raise Invalid(errors={"/kind": NOTHING})
    if not cause.to_room:
        return Effect(lost)
    if " ".join(cause.to_room.split()).casefold() == " ".join(cause.room.split()).casefold():
        raise Invalid(errors={"/to_room": "This is the room that cannot be used. Choose another."})
    rooms = frozenset(slots[key].block_id for key in lost)
    require_room(uow, rooms, cause.to_room)
    return Effect(rooms=rooms)


def find_moves(uow: UnitOfWork, standing: Standing, cause: Cause, effect: Effect) -> dict[str, Any]:
    """Who goes to another room at their time: the measure and the changes. Invalid where somebody cannot get there."""
    talks = [(row, guests) for row, guests in standing.talks
             if row.slot_id in standing.slots and standing.slots[row.slot_id].block_id in effect.rooms]
    if not cause.to_step_free and any(
            STEP_FREE in row.needs and standing.slots[row.slot_id].is_step_free for row, _ in talks):
        raise Invalid(errors={"/to_step_free": "A family there needs a room without steps. Choose one, and say that it "
                                               "has none."})
    walking = [(row, ones) for row, guests in talks if (ones := [one for one in guests if one.how == IN_PERSON])]
    adults = {guest.guardian_id for _, ones in walking for guest in ones}
    return {
        "measure": {"keep": len(standing.talks) - len(walking), "move": 0, "fall_out": 0, "lost_slots": 0,
                    "new_slots": 0, "adults_told": len(adults), "unaffected_changed": 0, "relocated": len(walking),
                    "rushed": len(_find_rushed(uow, standing, cause.to_room, walking))},
        "changes": {"moved": {}, "dropped": [], "lost": [], "rooms": sorted(effect.rooms), "talks": [
            {"appointment_id": row.id, "pupil_id": row.pupil_id, "staff_id": row.staff_id,
             "was_at": row.starts_at.isoformat(), "starts_at": row.starts_at.isoformat(),
             "was_room": row.room or row.place, "room": cause.to_room} for row, _ in walking]}}


def _find_rushed(uow: UnitOfWork, standing: Standing, room: str, walking: Sequence[tuple[Any, list[Any]]]) -> set[str]:
    """The adults who would have too little time to walk there, or on from there."""
    walks = appointments.walks_of(uow, standing.evening.id)
    diary = appointments.read_diary(uow, {guest.guardian_id for _, ones in walking for guest in ones}, standing.apart)
    rushed = set()
    for row, ones in walking:
        there = SimpleNamespace(starts_at=row.starts_at, ends_at=row.ends_at, room=room, place="",
                                site=standing.slots[row.slot_id].site)
        visit = appointments.plan_visit([there], IN_PERSON, walks)
        rushed |= {guest.guardian_id for guest in ones
                   if not appointments.can_walk(diary, guest.guardian_id, visit, row.id)}
    return rushed
