"""What can be asked about evenings and their slots."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.models import Block, BlockStaff, Evening, EveningClass, EveningPupil, Slot
from services.scheduling.evenings.rules import place_of
from services.scheduling.paging import Page
from services.scheduling.people import queries as people
from services.scheduling.solver.queries import in_order

SHOWN = ("open", "planned")  # the states in which families see an evening
MOST_ROOMS = 500


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom evenings are read: an adult with the pupils for whom they may book, a member of staff, or the office."""

    bookable: Sequence[str] | None = None
    staff_id: str | None = None


def read_as_guardian(uow: UnitOfWork, guardian_id: str) -> Reader:
    return Reader(bookable=people.list_bookable(uow, guardian_id))


def list_evenings(uow: UnitOfWork, reader: Reader, page: Page, evening_id: str | None = None) -> list[dict[str, Any]]:
    """Evenings that concern the reader, one more than the page holds; an adult sees those to come, and for whom."""
    conditions = [*page.conditions(Evening.starts_at, Evening.id)]
    if evening_id is not None:
        conditions.append(Evening.id == evening_id)
    invited = invitations(reader.bookable or ())
    if reader.bookable is not None:
        conditions += [Evening.ends_at > uow.now, Evening.state.in_(SHOWN),
                       Evening.id.in_(sa.select(invited.c.evening_id).where(invited.c.school_id == uow.school))]
    elif reader.staff_id is not None:
        conditions += [Evening.state != "draft", Evening.id.in_(
            sa.select(BlockStaff.evening_id).where(BlockStaff.staff_id == reader.staff_id))]
    wanted = sa.select(Evening.id).where(*conditions).order_by(Evening.starts_at, Evening.id).limit(page.limit + 1)
    pupil, is_outer = people.pupil_names(), reader.bookable is None
    rows = uow.rows(
        sa.select(Evening, EveningClass.class_id, pupil.c.id, pupil.c.given_name)
        .join(EveningClass, sa.and_(EveningClass.school_id == Evening.school_id,
                                    EveningClass.evening_id == Evening.id), isouter=True)
        .join(invited, sa.and_(invited.c.school_id == Evening.school_id, invited.c.evening_id == Evening.id),
              isouter=is_outer)
        .join(pupil, sa.and_(pupil.c.school_id == invited.c.school_id, pupil.c.id == invited.c.pupil_id),
              isouter=is_outer)
        .where(Evening.id.in_(wanted.scalar_subquery()))
        .order_by(Evening.starts_at, Evening.id, EveningClass.class_id, pupil.c.given_name, pupil.c.id))
    return _gather(rows)


def invitations(pupil_ids: Sequence[str]) -> sa.Subquery:
    """school_id, evening_id and pupil_id of each evening to which one of these children is invited, to join to."""
    in_class = people.class_pupils()
    by_class = (sa.select(EveningClass.school_id, EveningClass.evening_id, in_class.c.pupil_id)
                .join(in_class, sa.and_(in_class.c.school_id == EveningClass.school_id,
                                        in_class.c.class_id == EveningClass.class_id))
                .where(in_class.c.pupil_id.in_(pupil_ids)))
    by_name = sa.select(EveningPupil.school_id, EveningPupil.evening_id, EveningPupil.pupil_id).where(
        EveningPupil.pupil_id.in_(pupil_ids))
    return by_class.union(by_name).subquery("invited")


def list_invited(uow: UnitOfWork, evening_id: str) -> list[str]:
    """The children who are invited to an evening, and are here today."""
    in_class, here = people.class_pupils(), people.current_pupils()
    by_class = (sa.select(in_class.c.pupil_id)
                .join(EveningClass, sa.and_(in_class.c.school_id == EveningClass.school_id,
                                            in_class.c.class_id == EveningClass.class_id))
                .where(EveningClass.evening_id == evening_id))
    by_name = (sa.select(EveningPupil.pupil_id)
               .join(here, sa.and_(here.c.school_id == EveningPupil.school_id, here.c.id == EveningPupil.pupil_id))
               .where(EveningPupil.evening_id == evening_id))
    return sorted({*uow.all(by_class), *uow.all(by_name)})


def _gather(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """One item per evening from a row per evening, class and child."""
    items: dict[str, dict[str, Any]] = {}
    for evening, class_id, pupil_id, given_name in rows:
        item = items.setdefault(evening.id, evening_item(evening))
        if class_id is not None and class_id not in item["class_ids"]:
            item["class_ids"].append(class_id)
        child = {"id": pupil_id, "given_name": given_name}
        if pupil_id is not None and child not in item["pupils"]:
            item["pupils"].append(child)
    return list(items.values())


def get_evening(uow: UnitOfWork, evening_id: str, reader: Reader) -> dict[str, Any]:
    """One evening, if it concerns the reader."""
    found = list_evenings(uow, reader, Page(1), evening_id)
    if not found:
        raise NotFound()
    return found[0]


def evening_item(evening: Evening, class_ids: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "id": evening.id, "title": evening.title, "way": evening.way, "state": evening.state, "on": evening.held_on,
        "from": evening.from_time, "to": evening.to_time, "slot_minutes": evening.slot_minutes,
        "respond_by": evening.respond_by_on, "place": evening.place, "starts_at": evening.starts_at,
        "ends_at": evening.ends_at, "class_ids": list(class_ids), "pupils": [],
        "aims": list(in_order(evening.aims)), "version": evening.version,
        "walk_room_minutes": evening.walk_room_minutes, "walk_site_minutes": evening.walk_site_minutes,
    }


def taught_slots(school_id: Any, pupil_id: Any) -> sa.Subquery:
    """The slots that this child's adults may have, to join to: of their own teachers, and of who is there for all.

    school_id, id, evening_id, block_id, staff_id, starts_at, ends_at, and the evening's place, way, state and minutes
    to walk, the block's room, site, is_step_free, ways, link and beside (who else sits there). A slot of several
    teachers is open to the children of each of them. Who is invited and who is taught are lists that are looked up:
    joined, thinking of a plan took PostgreSQL three times as long as carrying it out.
    """
    in_class = people.class_pupils()
    by_class = sa.select(EveningClass.evening_id).join(in_class, sa.and_(
        in_class.c.school_id == EveningClass.school_id, in_class.c.class_id == EveningClass.class_id)).where(
        EveningClass.school_id == school_id, in_class.c.pupil_id == pupil_id)
    by_name = sa.select(EveningPupil.evening_id).where(
        EveningPupil.school_id == school_id, EveningPupil.pupil_id == pupil_id)
    taught = sa.select(BlockStaff.block_id).where(
        BlockStaff.school_id == school_id, BlockStaff.staff_id.in_(people.teachers_of(school_id, pupil_id)))
    return (sa.select(Slot.school_id, Slot.id, Slot.evening_id, Slot.block_id, Slot.staff_id, Slot.starts_at,
                      Slot.ends_at, Evening.place, Evening.way, Evening.state, Evening.walk_room_minutes,
                      Evening.walk_site_minutes, Block.room, Block.site, Block.is_step_free, Block.ways, Block.link,
                      Block.beside)
            .join(Evening, sa.and_(Evening.school_id == Slot.school_id, Evening.id == Slot.evening_id))
            .join(Block, sa.and_(Block.school_id == Slot.school_id, Block.id == Slot.block_id))
            .where(Slot.school_id == school_id, Evening.state.in_(SHOWN),
                   sa.or_(Slot.evening_id.in_(by_class), Slot.evening_id.in_(by_name)),
                   sa.or_(Block.open_to == "all", Slot.block_id.in_(taught)))
            .subquery("taught_slot"))


def has_slots(uow: UnitOfWork, evening_id: str, staff_id: str) -> bool:
    """Whether this member of staff sees families in this evening."""
    return bool(uow.rows(sa.select(BlockStaff.block_id).where(
        BlockStaff.evening_id == evening_id, BlockStaff.staff_id == staff_id).limit(1)))


def sittings() -> sa.Subquery:
    """Who sits where, to join to: school_id, evening_id, block_id, staff_id (who sits there), owner_id (whose slots
    they are), open_to and ways; a row for each who sits in a block.
    """
    return (sa.select(BlockStaff.school_id, BlockStaff.evening_id, BlockStaff.block_id, BlockStaff.staff_id,
                      Block.staff_id.label("owner_id"), Block.open_to, Block.ways)
            .join(Block, sa.and_(Block.school_id == BlockStaff.school_id, Block.id == BlockStaff.block_id))
            .subquery("sitting"))


def find_evening(uow: UnitOfWork, evening_id: str) -> Evening:
    """An evening as it is kept, for this service's own work on the whole of it."""
    found: Evening | None = uow.get(Evening, evening_id)
    if found is None:
        raise NotFound()
    return found


def list_sat_slots(uow: UnitOfWork, evening_id: str) -> Sequence[Any]:
    """All slots of an evening with what their block says of them, in order of block and time."""
    return uow.rows(
        sa.select(Slot.id, Slot.block_id, Slot.staff_id, Slot.starts_at, Slot.ends_at, Block.room, Block.site,
                  Block.is_step_free, Block.ways, Block.link, Block.open_to, Block.beside)
        .join(Block, sa.and_(Block.school_id == Slot.school_id, Block.id == Slot.block_id))
        .where(Slot.evening_id == evening_id).order_by(Slot.block_id, Slot.starts_at))


def list_sitters(uow: UnitOfWork, evening_id: str) -> Mapping[str, list[str]]:
    """Who sits in each block of an evening."""
    found: dict[str, list[str]] = {}
    for row in uow.rows(sa.select(BlockStaff.block_id, BlockStaff.staff_id).where(
            BlockStaff.evening_id == evening_id).order_by(BlockStaff.block_id, BlockStaff.staff_id)):
        found.setdefault(row.block_id, []).append(row.staff_id)
    return found


def list_seats(uow: UnitOfWork, slot_ids: Collection[str]) -> dict[str, Any]:
    """Where these slots are, by id: site, room and ways of their block. Those that are gone are left out."""
    seat = seats()
    return {row.id: row for row in uow.rows(sa.select(seat.c.id, seat.c.site, seat.c.room, seat.c.ways).where(
        seat.c.school_id == uow.school, seat.c.id.in_(slot_ids)))} if slot_ids else {}


def seats() -> sa.Subquery:
    """Where each slot is, to join to: school_id, id, and its block's site, room and ways."""
    return sa.select(Slot.school_id, Slot.id, Block.site, Block.room, Block.ways).join(
        Block, sa.and_(Block.school_id == Slot.school_id, Block.id == Slot.block_id)).subquery("seat")


OFFERED = sa.select(Slot.id).join(Evening, sa.and_(
    Evening.school_id == Slot.school_id, Evening.id == Slot.evening_id)).where(
    Slot.id.in_(sa.bindparam("slots", expanding=True)), Evening.state.in_(SHOWN))


def are_offered(uow: UnitOfWork, slot_ids: Collection[str]) -> bool:
    """Whether all these slots are there now, in an evening that stands: who has locked their teacher asks again."""
    wanted = set(slot_ids)
    return len(uow.all(OFFERED, slots=list(wanted))) == len(wanted)


def name_sitters(uow: UnitOfWork, block_ids: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Who sits in each of these blocks, by name: first whose slots they are."""
    teacher, found = people.staff_names(), dict[str, list[dict[str, str]]]()
    for row in uow.rows(
            sa.select(BlockStaff.block_id, teacher.c.id, teacher.c.given_name, teacher.c.family_name)
            .join(Block, sa.and_(Block.school_id == BlockStaff.school_id, Block.id == BlockStaff.block_id))
            .join(teacher, sa.and_(teacher.c.school_id == BlockStaff.school_id, teacher.c.id == BlockStaff.staff_id))
            .where(BlockStaff.block_id.in_(block_ids))
            .order_by(Block.staff_id != BlockStaff.staff_id, teacher.c.family_name, teacher.c.given_name,
                      teacher.c.id)):
        found.setdefault(row.block_id, []).append(
            {"id": row.id, "given_name": row.given_name, "family_name": row.family_name})
    return found


def list_slots_of(uow: UnitOfWork, evening_id: str, staff_id: str) -> set[str]:
    """The ids of the slots at which this member of staff sits, alone or with others."""
    return set(uow.all(sa.select(Slot.id).join(BlockStaff, sa.and_(
        BlockStaff.school_id == Slot.school_id, BlockStaff.block_id == Slot.block_id)).where(
        Slot.evening_id == evening_id, BlockStaff.staff_id == staff_id)))


def list_around(uow: UnitOfWork, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """The evenings that stand and touch this time, for the door."""
    found = uow.all(sa.select(Evening).where(
        Evening.state.in_(SHOWN), Evening.starts_at < end, Evening.ends_at > start).order_by(
        Evening.starts_at, Evening.id))
    return [evening_item(evening) for evening in found]


def list_free_rooms(uow: UnitOfWork, block_ids: Collection[str]) -> list[dict[str, Any]]:
    """Where these blocks could be instead: rooms of the same sites, of all evenings, in which nobody sits then.

    Where one of them is reached without steps, rooms of which that is known come first.
    """
    blocks = uow.all(sa.select(Block).where(Block.id.in_(block_ids)))
    if not blocks:
        return []
    start, end = min(one.starts_at for one in blocks), max(one.ends_at for one in blocks)
    rooms = sa.select(Block.room, Block.site, Block.is_step_free).where(
        Block.room != "", Block.site.in_({one.site for one in blocks})).distinct()
    used = {place_of(row.site, row.room) for row in uow.rows(rooms.join(Evening, sa.and_(
        Evening.school_id == Block.school_id, Evening.id == Block.evening_id)).where(
        Block.starts_at < end, Block.ends_at > start, Evening.state != "cancelled"))}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in uow.rows(rooms.order_by(Block.room, Block.site, Block.is_step_free).limit(MOST_ROOMS)):
        one = found.setdefault(place_of(row.site, row.room), {"room": row.room, "site": row.site, "step_free": False})
        one["step_free"] = one["step_free"] or row.is_step_free
    is_needed = any(one.is_step_free for one in blocks)
    return sorted((one for place, one in found.items() if place not in used),
                  key=lambda one: (is_needed and not one["step_free"], one["room"], one["site"]))
