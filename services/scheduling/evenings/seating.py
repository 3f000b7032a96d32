"""Who sits where, a part of the queries: blocks as the office sees them, and what of them is held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.queries import held_slots
from services.scheduling.evenings.models import Block, BlockStaff, Evening, EveningClass, EveningPupil, Slot
from services.scheduling.evenings.queries import find_evening, list_invited, name_sitters
from services.scheduling.evenings.rules import Sitting
from services.scheduling.people import queries as people


def list_blocks(uow: UnitOfWork, evening_id: str) -> list[dict[str, Any]]:
    """The blocks of an evening, by who sits there and time, with how many times they have and how many are held."""
    uow.flush()
    blocks = uow.all(sa.select(Block).where(Block.evening_id == evening_id))
    sitters = name_sitters(uow, [block.id for block in blocks])
    places, held = dict[str, int](), dict[str, int]()
    for slot in read_slots(uow, Slot.evening_id == evening_id):
        places[slot.block_id] = places.get(slot.block_id, 0) + 1
        held[slot.block_id] = held.get(slot.block_id, 0) + slot.is_held
    zone, items = people.get_school(uow)[1], []
    for block in blocks:
        start, end = (at.astimezone(zone) for at in (block.starts_at, block.ends_at))
        items.append({
            "id": block.id, "staff": sitters.get(block.id, []), "from": f"{start:%H:%M}", "to": f"{end:%H:%M}",
            "starts_at": block.starts_at, "ends_at": block.ends_at, "slot_minutes": block.slot_minutes,
            "gap_minutes": block.gap_minutes, "run": block.run, "break_minutes": block.break_minutes,
            "room": block.room, "site": block.site, "step_free": block.is_step_free, "ways": block.ways,
            "link": block.link, "open_to": block.open_to, "version": block.version,
            "places": places.get(block.id, 0), "held": held.get(block.id, 0)})
    return sorted(items, key=lambda one: (
        *((first["family_name"], first["given_name"]) for first in one["staff"][:1]), one["starts_at"], one["id"]))


def read_slots(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Slots in order of time: id, block_id, staff_id, starts_at, ends_at, and whether somebody holds it now."""
    held = held_slots()
    return uow.rows(
        sa.select(Slot.id, Slot.block_id, Slot.staff_id, Slot.starts_at, Slot.ends_at,
                  held.c.slot_id.is_not(None).label("is_held"))
        .join(held, sa.and_(held.c.school_id == Slot.school_id, held.c.slot_id == Slot.id), isouter=True)
        .where(*conditions).order_by(Slot.starts_at, Slot.id))


def list_sittings(uow: UnitOfWork, after: datetime, before: datetime) -> list[tuple[Sitting, str]]:
    """Who sits where at any time between these instants, and in which evening; of evenings that stand."""
    rows = uow.rows(
        sa.select(Block.id, Block.evening_id, Block.starts_at, Block.ends_at, Block.site, Block.room,
                  BlockStaff.staff_id)
        .join(BlockStaff, sa.and_(BlockStaff.school_id == Block.school_id, BlockStaff.block_id == Block.id))
        .join(Evening, sa.and_(Evening.school_id == Block.school_id, Evening.id == Block.evening_id))
        .where(Block.starts_at < before, Block.ends_at > after, Evening.state != "cancelled")
        .order_by(Block.id, BlockStaff.staff_id))
    staff: dict[str, list[str]] = {}
    for row in rows:
        staff.setdefault(row.id, []).append(row.staff_id)
    first = {row.id: row for row in reversed(rows)}
    return [(Sitting(row.id, tuple(staff[row.id]), row.starts_at, row.ends_at, row.site, row.room), row.evening_id)
            for row in sorted(first.values(), key=lambda row: (row.starts_at, row.id))]


def list_seated(uow: UnitOfWork, evening_id: str) -> list[str]:
    """The ids of all who sit in an evening."""
    return list(uow.all(sa.select(BlockStaff.staff_id).where(
        BlockStaff.evening_id == evening_id).distinct().order_by(BlockStaff.staff_id)))


def name_staff(uow: UnitOfWork, staff_ids: Collection[str]) -> list[dict[str, str]]:
    """Staff by name, also those who have left."""
    teacher = people.staff_names()
    return [{"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(teacher.c.id, teacher.c.given_name, teacher.c.family_name)
        .where(teacher.c.school_id == uow.school, teacher.c.id.in_(staff_ids))
        .order_by(teacher.c.family_name, teacher.c.given_name, teacher.c.id))]


def show_invited(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Who is invited: classes and years whole, the children who are named beside them, and how many that is."""
    uow.flush()
    evening = find_evening(uow, evening_id)
    classes = uow.all(sa.select(EveningClass.class_id).where(EveningClass.evening_id == evening_id)
                      .order_by(EveningClass.class_id))
    pupils = set(uow.all(sa.select(EveningPupil.pupil_id).where(EveningPupil.evening_id == evening_id)))
    named = pupils - set(people.list_year_pupils(uow, evening.years))
    child = people.pupil_names()
    children = uow.rows(sa.select(child.c.id, child.c.given_name, child.c.family_name).where(
        child.c.school_id == uow.school, child.c.id.in_(named))
        .order_by(child.c.family_name, child.c.given_name, child.c.id))
    return {"class_ids": list(classes), "years": evening.years, "children": len(list_invited(uow, evening_id)),
            "pupils": [{"id": row.id, "given_name": row.given_name, "family_name": row.family_name}
                       for row in children]}
