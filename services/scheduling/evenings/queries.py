"""What can be asked about evenings and their slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.models import Evening, EveningClass, Slot
from services.scheduling.paging import Page
from services.scheduling.people import queries as people


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
    in_class = people.class_pupils()
    invited = sa.and_(in_class.c.school_id == EveningClass.school_id, in_class.c.class_id == EveningClass.class_id,
                      in_class.c.pupil_id.in_(reader.bookable or ()))
    if reader.bookable is not None:
        conditions += [Evening.ends_at > uow.now,
                       Evening.id.in_(sa.select(EveningClass.evening_id).join(in_class, invited))]
    elif reader.staff_id is not None:
        conditions.append(Evening.id.in_(sa.select(Slot.evening_id).where(Slot.staff_id == reader.staff_id)))
    wanted = sa.select(Evening.id).where(*conditions).order_by(Evening.starts_at, Evening.id).limit(page.limit + 1)
    pupil = people.pupil_names()
    rows = uow.rows(
        sa.select(Evening, EveningClass.class_id, pupil.c.id, pupil.c.given_name)
        .join(EveningClass, sa.and_(EveningClass.school_id == Evening.school_id,
                                    EveningClass.evening_id == Evening.id))
        .join(in_class, invited, isouter=reader.bookable is None)
        .join(pupil, sa.and_(pupil.c.school_id == in_class.c.school_id, pupil.c.id == in_class.c.pupil_id),
              isouter=reader.bookable is None)
        .where(Evening.id.in_(wanted.scalar_subquery()))
        .order_by(Evening.starts_at, Evening.id, EveningClass.class_id, pupil.c.given_name))
    return _gather(rows)


def _gather(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """One item per evening from a row per evening, class and child."""
    items: dict[str, dict[str, Any]] = {}
    for evening, class_id, pupil_id, given_name in rows:
        item = items.setdefault(evening.id, evening_item(evening))
        if class_id not in item["class_ids"]:
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
        "id": evening.id, "title": evening.title, "on": evening.held_on, "from": evening.from_time,
        "to": evening.to_time, "slot_minutes": evening.slot_minutes, "respond_by": evening.respond_by_on,
        "place": evening.place, "starts_at": evening.starts_at, "ends_at": evening.ends_at,
        "class_ids": list(class_ids), "pupils": [],
    }


def taught_slots(pupil_id: str) -> sa.Subquery:
    """id, evening_id, staff_id, starts_at, ends_at and place of the slots of this child's own teachers, to join to."""
    taught, in_class = people.teaching_pairs(), people.class_pupils()
    invited = sa.exists().where(
        EveningClass.school_id == Slot.school_id, EveningClass.evening_id == Slot.evening_id,
        in_class.c.school_id == EveningClass.school_id, in_class.c.class_id == EveningClass.class_id,
        in_class.c.pupil_id == pupil_id)
    return (sa.select(Slot.school_id, Slot.id, Slot.evening_id, Slot.staff_id, Slot.starts_at, Slot.ends_at,
                      Evening.place)
            .join(Evening, sa.and_(Evening.school_id == Slot.school_id, Evening.id == Slot.evening_id))
            .join(taught, sa.and_(taught.c.school_id == Slot.school_id, taught.c.staff_id == Slot.staff_id,
                                  taught.c.pupil_id == pupil_id))
            .where(invited).subquery("taught_slot"))


def has_slots(uow: UnitOfWork, evening_id: str, staff_id: str) -> bool:
    """Whether this member of staff sees families in this evening."""
    return bool(uow.rows(sa.select(Slot.id).where(
        Slot.evening_id == evening_id, Slot.staff_id == staff_id).limit(1)))
