"""Blocks and their slots, a part of the actions: a time that a family holds is never taken away here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import relocate
from services.scheduling.diaries.actions import KEPT, Held, add_times, sit_beside
from services.scheduling.evenings.events import evening_changed
from services.scheduling.evenings.models import Block, BlockStaff, Evening, Slot
from services.scheduling.evenings.queries import SHOWN, find_evening
from services.scheduling.evenings.rules import (
    WAYS,
    BlockTimes,
    Rhythm,
    Sitting,
    block_instants,
    find_block_faults,
    find_room_clash,
    find_staff_clash,
    find_way_faults,
)
from services.scheduling.evenings.seating import list_sittings, read_slots
from services.scheduling.people import queries as people
from services.scheduling.tables import table_of

Instants = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WantedBlock:
    """A block as the office wants it: whose slots they are comes first in `staff_ids`. Times are the school's."""

    staff_ids: Sequence[str]
    start: time
    end: time
    rhythm: Rhythm
    room: str = ""
    site: str = ""
    is_step_free: bool = False
    ways: Sequence[str] = WAYS
    link: str = ""
    open_to: str = "taught"


def hold_evening(uow: UnitOfWork, evening_id: str) -> Evening:
    """The evening, and nobody else changes it until this unit of work has ended."""
    found: Evening | None = next(iter(uow.all(
        sa.select(Evening).where(Evening.id == evening_id).with_for_update())), None)
    if found is None:
        raise NotFound()
    return found


def require_version(evening: Evening, version: int) -> None:
    if evening.version != version:
        raise Stale("A colleague changed this evening a moment ago.")


def require_changeable(uow: UnitOfWork, evening: Evening) -> None:
    if evening.state == "cancelled":
        raise Conflict("This evening was cancelled. Copy it to a new day instead.")
    if evening.ends_at <= uow.now:
        raise Conflict("This evening is over. Copy it to a new day instead.")


def add_usual_blocks(uow: UnitOfWork, evening: Evening, staff_ids: Sequence[str]) -> None:
    """A block over the whole evening for each of these who has none yet."""
    seated = set(uow.all(sa.select(BlockStaff.staff_id).where(BlockStaff.evening_id == evening.id)))
    blocks = {new_id(): staff_id for staff_id in staff_ids if staff_id not in seated}
    rhythm = Rhythm(evening.slot_minutes)
    uow.insert(Block, [
        {"id": block_id, "evening_id": evening.id, "staff_id": staff_id, "starts_at": evening.starts_at,
         "ends_at": evening.ends_at, "slot_minutes": rhythm.slot_minutes, "gap_minutes": rhythm.gap_minutes,
         "run": rhythm.run, "break_minutes": rhythm.break_minutes, "room": "", "site": "", "is_step_free": False,
         "ways": list(WAYS), "link": "", "open_to": "taught", "beside": [], "version": 1}
        for block_id, staff_id in blocks.items()])
    uow.insert(BlockStaff, [{"block_id": block_id, "staff_id": staff_id, "evening_id": evening.id}
                            for block_id, staff_id in blocks.items()])
    instants = block_instants(evening.starts_at, evening.ends_at, rhythm)
    uow.insert(Slot, [row for block_id, staff_id in blocks.items()
                      for row in _slot_rows(evening.id, block_id, staff_id, instants)])


def _slot_rows(evening_id: str, block_id: str, staff_id: str, instants: Sequence[Instants]) -> list[dict[str, Any]]:
    return [{"id": new_id(), "evening_id": evening_id, "block_id": block_id, "staff_id": staff_id,
             "starts_at": start, "ends_at": end} for start, end in instants]


def add_block(uow: UnitOfWork, evening_id: str, wanted: WantedBlock) -> Block:
    """More times; Invalid says what stands in the way."""
    evening = hold_evening(uow, evening_id)
    require_changeable(uow, evening)
    block = Block(id=new_id(), evening_id=evening_id, version=0)
    _require_possible(uow, evening, block.id, wanted)
    uow.add(block)
    _write(uow, evening, block, wanted)
    return block


def change_block(uow: UnitOfWork, evening_id: str, block_id: str, wanted: WantedBlock, version: int) -> Block:
    """Other times, people or places. Conflict, and all stays, where a family would lose its time by it.

    Where a family that has a time here finds it in another room, or under another link, that family is told.
    """
    evening = hold_evening(uow, evening_id)
    block = _find_block(uow, evening_id, block_id, version)
    require_changeable(uow, evening)
    _require_possible(uow, evening, block_id, wanted, block)
    _write(uow, evening, block, wanted)
    return block


def remove_block(uow: UnitOfWork, evening_id: str, block_id: str, version: int) -> None:
    """No times there any more; Conflict, and all stays, where a family has one."""
    evening = hold_evening(uow, evening_id)
    block = _find_block(uow, evening_id, block_id, version)
    require_changeable(uow, evening)
    _refuse_to_lose(replace_block_slots(uow, block_id, ()))
    for model in (BlockStaff, Block):
        table, key = table_of(model), "id" if model is Block else "block_id"
        uow.connection.execute(sa.delete(table).where(table.c.school_id == uow.school, table.c[key] == block_id))
    uow.session.expunge(block)
    note_change(uow, evening, "blocks")


def _find_block(uow: UnitOfWork, evening_id: str, block_id: str, version: int) -> Block:
    block: Block | None = uow.get(Block, block_id)
    if block is None or block.evening_id != evening_id:
        raise NotFound()
    if block.version != version:
        raise Stale("A colleague changed these times a moment ago.")
    return block


def _require_possible(uow: UnitOfWork, evening: Evening, block_id: str, wanted: WantedBlock,
                      before: Block | None = None) -> None:
    faults = find_possible_faults(uow, evening, block_id, wanted, before)
    if faults:
        raise Invalid(" ".join(faults.values()), faults)


def find_possible_faults(uow: UnitOfWork, evening: Evening, block_id: str, wanted: WantedBlock,
                         before: Block | None = None) -> dict[str, str]:
    """Why it cannot be: the times, who sits there, and where; plain words by field, {} when all of it can."""
    _, zone = people.get_school(uow)
    names = {one["id"]: f"{one['given_name']} {one['family_name']}" for one in people.list_staff(uow)}
    faults = find_block_faults(_times(evening, wanted), (evening.starts_at, evening.ends_at), zone)
    faults |= find_way_faults(wanted.ways, wanted.link)
    if set(wanted.staff_ids) - set(names):
        faults["/staff_ids"] = "One of these people (staff_ids) does not work at this school today."
    if not faults:
        sitting = _sitting(evening, block_id, wanted, zone)
        if sitting.starts_at <= uow.now and (before is None or sitting.starts_at != before.starts_at):
            faults["/from"] = "The start (from) has gone by. Choose a later time."
        others = list_sittings(uow, sitting.starts_at, sitting.ends_at)
        here = [one for one, evening_id in others if evening_id == evening.id or sitting.is_joint or one.is_joint]
        faults |= find_staff_clash(sitting, here, names, zone)
        faults |= find_room_clash(sitting, [one for one, _ in others], zone)
    return faults


def rhythm_of(block: Block) -> Rhythm:
    """How its talks follow one another."""
    return Rhythm(block.slot_minutes, block.gap_minutes, block.run, block.break_minutes)


def _times(evening: Evening, wanted: WantedBlock) -> BlockTimes:
    return BlockTimes(evening.held_on, wanted.start, wanted.end, wanted.rhythm)


def _sitting(evening: Evening, block_id: str, wanted: WantedBlock, zone: ZoneInfo) -> Sitting:
    start, end = _times(evening, wanted).span(zone)
    return Sitting(block_id, tuple(wanted.staff_ids), start, end, wanted.site, wanted.room)


def _write(uow: UnitOfWork, evening: Evening, block: Block, wanted: WantedBlock) -> None:
    """The block as it is wanted, with its slots; those that stay as they were keep who holds them."""
    _, zone = people.get_school(uow)
    owner, (start, end), rhythm = wanted.staff_ids[0], _times(evening, wanted).span(zone), wanted.rhythm
    if block.version and block.staff_id != owner:
        _refuse_to_lose(replace_block_slots(uow, block.id, ()))
    has_moved = bool(block.version) and (block.room, block.link) != (wanted.room, wanted.link)
    block.staff_id, block.starts_at, block.ends_at = owner, start, end
    block.slot_minutes, block.gap_minutes = rhythm.slot_minutes, rhythm.gap_minutes
    block.run, block.break_minutes = rhythm.run, rhythm.break_minutes
    block.room, block.site, block.is_step_free = wanted.room, wanted.site, wanted.is_step_free
    block.ways, block.link, block.open_to = list(wanted.ways), wanted.link, wanted.open_to
    block.beside = list(wanted.staff_ids[1:])
    block.version += 1
    uow.flush()
    _seat(uow, block, wanted.staff_ids)
    _refuse_to_lose(replace_block_slots(uow, block.id, block_instants(start, end, rhythm)))
    slots = read_slots(uow, Slot.block_id == block.id)
    if not sit_beside(uow, [slot.id for slot in slots if slot.is_held], (owner, *block.beside)):
        raise Conflict("One of these people is elsewhere at a time that a family has here, so nothing was changed.")
    if has_moved:
        relocate(uow, [slot.id for slot in slots], room=block.room, link=block.link)
    note_change(uow, evening, "blocks")


def _seat(uow: UnitOfWork, block: Block, staff_ids: Sequence[str]) -> None:
    table = table_of(BlockStaff)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.block_id == block.id))
    uow.insert(BlockStaff, [{"block_id": block.id, "staff_id": staff_id, "evening_id": block.evening_id}
                            for staff_id in dict.fromkeys(staff_ids)])


def _refuse_to_lose(held: Collection[str]) -> None:
    if held:
        many = "A family has a time" if len(held) == 1 else f"{len(held)} families have times"
        raise Conflict(f"{many} here that would be lost, so nothing was changed. It needs a new plan: choose "
                       "“Something changed” on the evening's page. It shows who would move before anybody is told.")


def note_change(uow: UnitOfWork, evening: Evening, *changed: str) -> None:
    """Another version of it, and, once families see it, a fact."""
    evening.version += 1
    uow.flush()
    if evening.state != "draft":
        uow.record(evening_changed(evening, changed))


def open_slots(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Let these slots be there, as columns; where families see them, who waits for their teacher comes first."""
    uow.insert(Slot, rows)
    add_times(uow, [Held(row["id"], KEPT, row["staff_id"], row["starts_at"], row["ends_at"]) for row in rows
                    if find_evening(uow, row["evening_id"]).state in SHOWN])


def lose_slots(uow: UnitOfWork, slot_ids: Collection[str]) -> list[str]:
    """Take away those of these slots that nobody holds; return the ids of those that stay because they are held.

    Nobody books one of them meanwhile: their teachers' rows are locked, as they are by who holds a time.
    """
    owners = uow.all(sa.select(Slot.staff_id).where(Slot.id.in_(slot_ids)).distinct())
    for staff_id in sorted(owners):
        people.hold_staff(uow, staff_id)
    return _delete_free(uow, read_slots(uow, Slot.id.in_(slot_ids)))


def replace_block_slots(uow: UnitOfWork, block_id: str, instants: Sequence[Instants]) -> list[str]:
    """Let the block have slots at these times and no others; return the ids of those that stay because they are held.

    A slot that is there already stays as it is; a new one that would lie over a held one is not made.
    """
    block: Block | None = uow.get(Block, block_id)
    if block is None:
        raise NotFound()
    for staff_id in uow.all(sa.select(Slot.staff_id).where(Slot.block_id == block_id).distinct()):
        people.hold_staff(uow, staff_id)
    slots, wanted = read_slots(uow, Slot.block_id == block.id), set(instants)
    stay = {(slot.starts_at, slot.ends_at) for slot in slots} & wanted
    lost = [slot for slot in slots if (slot.starts_at, slot.ends_at) not in wanted]
    held = _delete_free(uow, lost)
    over = [slot for slot in lost if slot.id in held]
    open_slots(uow, _slot_rows(block.evening_id, block_id, block.staff_id, [
        (start, end) for start, end in sorted(wanted - stay)
        if not any(slot.starts_at < end and slot.ends_at > start for slot in over)]))
    return held


def _delete_free(uow: UnitOfWork, slots: Sequence[Any]) -> list[str]:
    """Delete those that nobody holds; the ids of the others."""
    table = table_of(Slot)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.id.in_([slot.id for slot in slots if not slot.is_held])))
    return sorted(slot.id for slot in slots if slot.is_held)
