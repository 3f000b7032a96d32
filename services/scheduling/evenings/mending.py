"""Blocks that change while families have times in them, a part of the actions: what it would do, and doing it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import relocate
from services.scheduling.evenings.blocks import (
    Instants,
    WantedBlock,
    find_possible_faults,
    hold_evening,
    note_change,
    open_slots,
    rhythm_of,
)
from services.scheduling.evenings.models import Block, BlockStaff, Evening, Slot
from services.scheduling.evenings.rules import Sitting, block_instants, find_room_clash
from services.scheduling.evenings.seating import list_sittings, read_slots
from services.scheduling.people import queries as people

NAMES = {"/from": "/starts_at", "/to": "/ends_at"}


@dataclass(frozen=True, slots=True)
class SatSlot:
    """A slot that is not there yet, with what its block says of it."""

    id: str
    block_id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime
    room: str
    site: str
    is_step_free: bool
    ways: tuple[str, ...]
    link: str
    open_to: str
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewTimes:
    """A block from one instant to another: which of its slots to come would go, and when new ones would be."""

    block: Any
    starts_at: datetime
    ends_at: datetime
    gone: frozenset[str]
    new: tuple[Instants, ...]

    def as_slots(self, ids: Sequence[str]) -> list[SatSlot]:
        """The new slots, under these ids."""
        one = self.block
        return [SatSlot(slot_id, one.id, one.staff_id, start, end, one.room, one.site, one.is_step_free,
                        tuple(one.ways), one.link, one.open_to, tuple(one.beside))
                for slot_id, (start, end) in zip(ids, self.new, strict=True)]


def find_new_times(uow: UnitOfWork, evening: Evening, block_id: str,
                   wanted: tuple[datetime | None, datetime | None]) -> NewTimes:
    """What it would do to a block to be from then to then (None: as it is); Invalid says why it cannot be."""
    block: Block | None = uow.get(Block, block_id)
    if block is None or block.evening_id != evening.id:
        raise Invalid(errors={"/block_id": "These times (block_id) are not there any more. Look at the evening again."})
    start, end = wanted[0] or block.starts_at, wanted[1] or block.ends_at
    zone, rhythm = people.get_school(uow)[1], rhythm_of(block)
    here = [at.astimezone(zone) for at in (start, end)]
    faults = {name: "This is not on the day of the evening." for name, at in zip(NAMES.values(), here, strict=True)
              if at.date() != evening.held_on}
    faults = faults or find_possible_faults(uow, evening, block_id, WantedBlock(
        _sitters(uow, block), here[0].time().replace(fold=0), here[1].time().replace(fold=0), rhythm, block.room,
        block.site, block.is_step_free, block.ways, block.link, block.open_to), block)
    if faults:
        raise Invalid(" ".join(faults.values()), {NAMES.get(name, "/block_id"): words for name, words in faults.items()}
                      if not set(faults) & set(NAMES.values()) else faults)
    slots, instants = read_slots(uow, Slot.block_id == block_id), block_instants(start, end, rhythm)
    there = {(slot.starts_at, slot.ends_at): slot for slot in slots}
    gone = frozenset(slot.id for time, slot in there.items() if time not in instants and slot.starts_at > uow.now)
    return NewTimes(block, start, end, gone, tuple(
        time for time in instants if time not in there and time[0] > uow.now))


def _sitters(uow: UnitOfWork, block: Block) -> list[str]:
    """Who sits there, first whose slots they are."""
    sat = uow.all(sa.select(BlockStaff.staff_id).where(BlockStaff.block_id == block.id).order_by(BlockStaff.staff_id))
    return sorted(sat, key=lambda one: one != block.staff_id)


def set_new_times(uow: UnitOfWork, evening_id: str, times: NewTimes, slots: Sequence[SatSlot]) -> None:
    """The block is from then to then, and has these slots too; what goes is taken away by `lose_slots`."""
    evening = hold_evening(uow, evening_id)
    times.block.starts_at, times.block.ends_at = times.starts_at, times.ends_at
    times.block.version += 1
    uow.flush()
    open_slots(uow, [{"id": slot.id, "evening_id": evening_id, "block_id": slot.block_id, "staff_id": slot.staff_id,
                      "starts_at": slot.starts_at, "ends_at": slot.ends_at} for slot in slots])
    note_change(uow, evening, "blocks")


def require_room(uow: UnitOfWork, block_ids: Collection[str], room: str) -> None:
    """Invalid where another block is in that room at the time of one of these."""
    blocks = uow.all(sa.select(Block).where(Block.id.in_(block_ids)))
    zone = people.get_school(uow)[1]
    for block in blocks:
        others = [one for one, _ in list_sittings(uow, block.starts_at, block.ends_at) if one.block_id not in block_ids]
        clash = find_room_clash(Sitting(block.id, (), block.starts_at, block.ends_at, block.site, room), others, zone)
        if clash:
            raise Invalid(errors={"/to_room": clash["/room"]})


def move_rooms(uow: UnitOfWork, evening_id: str, block_ids: Collection[str], to: tuple[str, bool]) -> None:
    """These blocks are in that room, to which steps lead or not; who has a time there in person hears of it.

    Blocks without a room of their own are where the evening is: for them the evening is somewhere else.
    """
    evening, (room, is_step_free), changed = hold_evening(uow, evening_id), to, {"blocks"}
    require_room(uow, block_ids, room)
    for block in uow.all(sa.select(Block).where(Block.id.in_(block_ids)).order_by(Block.id)):
        slots = [slot.id for slot in read_slots(uow, Slot.block_id == block.id)]
        block.is_step_free, block.version = is_step_free, block.version + 1
        if block.room:
            block.room = room
            relocate(uow, slots, room=room)
        else:
            evening.place = room
            changed.add("place")
            relocate(uow, slots, place=room)
    note_change(uow, evening, *changed)
