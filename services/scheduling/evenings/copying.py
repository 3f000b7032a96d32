"""Last year's evening on a new day, a part of the actions: its rooms and rhythm, for who teaches today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.blocks import add_usual_blocks, rhythm_of
from services.scheduling.evenings.inviting import Invited, find_invite_faults, list_teachers_of, write_invited
from services.scheduling.evenings.models import Block, BlockStaff, Evening, EveningClass, EveningPupil, Slot
from services.scheduling.evenings.rules import EveningTimes, block_instants, find_faults, instant_of
from services.scheduling.evenings.seating import list_seated
from services.scheduling.people import queries as people


@dataclass(frozen=True, slots=True)
class CopyEvening:
    """The day of the copy, the last day to answer, and whom it invites (None: those who were invited then)."""

    on: date
    respond_by: date
    invited: Invited | None = None


def copy_evening(uow: UnitOfWork, evening_id: str, wanted: CopyEvening) -> tuple[Evening, list[str], list[str]]:
    """A draft with the blocks, rooms and rhythm of that evening, who sat there and is left out, and who is new.

    Whoever no longer works here, or teaches nobody who is invited now, is left out; new teachers get usual times.
    """
    source: Evening | None = uow.get(Evening, evening_id)
    if source is None:
        raise NotFound()
    _, zone = people.get_school(uow)
    invited = wanted.invited or _still_invited(uow, source)
    times = EveningTimes(wanted.on, time.fromisoformat(source.from_time), time.fromisoformat(source.to_time),
                         source.slot_minutes, wanted.respond_by)
    faults = find_faults(times, zone, uow.now) | find_invite_faults(uow, invited)
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    evening = Evening(
        id=new_id(), title=source.title, held_on=times.on, from_time=source.from_time, to_time=source.to_time,
        slot_minutes=source.slot_minutes, respond_by_on=times.respond_by, place=source.place,
        starts_at=times.starts_at(zone), ends_at=times.ends_at(zone), way=source.way, state="draft",
        aims=list(source.aims), years=[], copied_from=source.id, version=1,
        walk_room_minutes=source.walk_room_minutes, walk_site_minutes=source.walk_site_minutes)
    uow.add(evening)
    write_invited(uow, evening, invited)
    teachers = list_teachers_of(uow, invited)
    here = {one["id"] for one in people.list_staff(uow)}
    for block in uow.all(sa.select(Block).where(Block.evening_id == evening_id).order_by(Block.id)):
        _copy_block(uow, evening, block, here if block.open_to == "all" else here & set(teachers))
    uow.flush()
    kept = set(list_seated(uow, evening.id))
    add_usual_blocks(uow, evening, teachers)
    sat = list_seated(uow, evening_id)
    return evening, [one for one in sat if one not in kept], [one for one in teachers if one not in sat]


def _still_invited(uow: UnitOfWork, source: Evening) -> Invited:
    """Those of the classes, years and children of then who are here today."""
    classes = uow.all(sa.select(EveningClass.class_id).where(EveningClass.evening_id == source.id)
                      .order_by(EveningClass.class_id))
    taught = {class_id for class_id, _ in people.list_members(uow, classes, "teacher")}
    years = [year for year, _ in people.list_years(uow) if year in source.years]
    pupils = uow.all(sa.select(EveningPupil.pupil_id).where(EveningPupil.evening_id == source.id)
                     .order_by(EveningPupil.pupil_id)) if not source.years else []
    return Invited([one for one in classes if one in people.list_class_ids(uow, classes) & taught], years,
                   sorted(people.list_current(uow, pupils)))


def _copy_block(uow: UnitOfWork, evening: Evening, block: Block, seats: Collection[str]) -> None:
    """The block at the same times of the new day, with those of its people who have a seat; nothing if none has."""
    sat = uow.all(sa.select(BlockStaff.staff_id).where(BlockStaff.block_id == block.id).order_by(BlockStaff.staff_id))
    staff = [one for one in sorted(sat, key=lambda one: one != block.staff_id) if one in seats]
    if not staff:
        return
    _, zone = people.get_school(uow)
    start, end = (_same_time(evening.held_on, at, zone) for at in (block.starts_at, block.ends_at))
    copied = Block(
        id=new_id(), evening_id=evening.id, staff_id=staff[0], starts_at=start, ends_at=end,
        slot_minutes=block.slot_minutes, gap_minutes=block.gap_minutes, run=block.run,
        break_minutes=block.break_minutes, room=block.room, site=block.site, is_step_free=block.is_step_free,
        ways=list(block.ways), link=block.link, open_to=block.open_to, beside=staff[1:], version=1)
    uow.add(copied)
    rhythm = rhythm_of(block)
    _seat(uow, copied, staff, block_instants(start, end, rhythm))


def _same_time(on: date, at: datetime, zone: ZoneInfo) -> datetime:
    return instant_of(on, at.astimezone(zone).time(), zone)


def _seat(uow: UnitOfWork, block: Block, staff_ids: Sequence[str],
          instants: Sequence[tuple[datetime, datetime]]) -> None:
    uow.insert(BlockStaff, [{"block_id": block.id, "staff_id": one, "evening_id": block.evening_id}
                            for one in staff_ids])
    uow.insert(Slot, [{"id": new_id(), "evening_id": block.evening_id, "block_id": block.id,
                       "staff_id": block.staff_id, "starts_at": start, "ends_at": end} for start, end in instants])
