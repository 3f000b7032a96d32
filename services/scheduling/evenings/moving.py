"""Another day or other hours before anybody has a time, a part of the actions: blocks and what there is go along."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.errors import Conflict, Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.blocks import Instants, replace_block_slots, rhythm_of
from services.scheduling.evenings.models import Block, BlockStaff, Evening
from services.scheduling.evenings.rules import (
    BlockTimes,
    EveningTimes,
    Sitting,
    block_instants,
    find_block_faults,
    find_room_clash,
    find_staff_clash,
    instant_of,
)
from services.scheduling.evenings.seating import list_sittings
from services.scheduling.people import queries as people
from services.scheduling.resources.actions import shift_resources


def require_movable(evening: Evening) -> None:
    """Conflict, with the way to go, once families have times or may have them."""
    if evening.state != "draft" and (evening.state, evening.way) != ("open", "plan"):
        raise Conflict("Families may have times at this evening, so its day and hours stay. For another day, copy it "
                       "to that day and cancel this one. For other hours of a teacher, choose “Something changed”.")


def move_evening(uow: UnitOfWork, evening: Evening, times: EveningTimes) -> list[str]:
    """It is then; return what is different. The caller has looked at the times.

    Invalid, and all stays, where a block would have no time left. A block over the whole evening is over the whole of
    it again; others keep their hours, cut to those of the evening.
    """
    zone = people.get_school(uow)[1]
    old, new = (evening.starts_at, evening.ends_at), (times.starts_at(zone), times.ends_at(zone))
    blocks = uow.all(sa.select(Block).where(Block.evening_id == evening.id).order_by(Block.id))
    spans = {block.id: _shift((block.starts_at, block.ends_at), (old, new), times.on, zone) for block in blocks}
    _require_possible(uow, evening, {block.id: (block, spans[block.id]) for block in blocks}, (new, times.on))
    changed = [name for name, value in (("on", times.on != evening.held_on), (
        "from", f"{times.start:%H:%M}" != evening.from_time), ("to", f"{times.end:%H:%M}" != evening.to_time)) if value]
    evening.held_on, evening.from_time, evening.to_time = times.on, f"{times.start:%H:%M}", f"{times.end:%H:%M}"
    evening.starts_at, evening.ends_at = new
    for block in blocks:
        block.starts_at, block.ends_at = spans[block.id]
        block.version += 1
        uow.flush()
        if replace_block_slots(uow, block.id, block_instants(*spans[block.id], rhythm_of(block))):
            raise Conflict("Somebody holds a time of this evening just now. Try again in five minutes.")
    shift_resources(uow, evening.id, lambda span: _shift(span, (old, new), times.on, zone))
    return changed


def _shift(span: Instants, frames: tuple[Instants, Instants], on: date, zone: ZoneInfo) -> Instants:
    """The same hours on that day, cut to the new frame; what filled the old frame fills the new one."""
    old, new = frames
    if span == old:
        return new
    start, end = (instant_of(on, at.astimezone(zone).time(), zone) for at in span)
    return max(start, new[0]), min(end, new[1])


def _require_possible(uow: UnitOfWork, evening: Evening, moved: dict[str, tuple[Block, Instants]],
                      to: tuple[Instants, date]) -> None:
    """Invalid where somebody would have no time left, or be where somebody else is: said with who it is."""
    (frame, on), zone, faults = to, people.get_school(uow)[1], dict[str, str]()
    names = {one["id"]: f"{one['given_name']} {one['family_name']}" for one in people.list_staff(uow)}
    sits: dict[str, list[str]] = {}
    for row in uow.rows(sa.select(BlockStaff.block_id, BlockStaff.staff_id).where(
            BlockStaff.evening_id == evening.id).order_by(BlockStaff.staff_id)):
        sits.setdefault(row.block_id, []).append(row.staff_id)
    others = [one for one, evening_id in list_sittings(uow, *frame) if evening_id != evening.id]
    for block, (start, end) in moved.values():
        name = names.get(block.staff_id, "Somebody")
        said = _find_time_faults(block, (start, end), (frame, on), zone)
        if not said:
            sitting = Sitting(block.id, tuple(sits[block.id]), start, end, block.site, block.room)
            near = [one for one in others if sitting.is_joint or one.is_joint]
            said = [*find_staff_clash(sitting, near, names, zone).values(),
                    *find_room_clash(sitting, others, zone).values()]
        if said:
            faults.setdefault("/on" if on != evening.held_on else "/from", f"{name}: {said[0]}")
    if faults:
        raise Invalid(" ".join(faults.values()), faults)


def _find_time_faults(block: Block, span: Instants, to: tuple[Instants, date], zone: ZoneInfo) -> list[str]:
    frame, on = to
    start, end = (at.astimezone(zone) for at in span)
    if span[0] >= span[1] or (start.date(), end.date()) != (on, on):
        begins, ends = (at.astimezone(zone) for at in (block.starts_at, block.ends_at))
        return [f"these times, {begins:%H:%M} to {ends:%H:%M}, are outside of the new hours. Change them first."]
    return list(find_block_faults(BlockTimes(on, start.time(), end.time(), rhythm_of(block)), frame, zone).values())
