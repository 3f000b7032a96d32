"""What teachers mark for a child before an evening: please come, or no need this time, with a kind sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import Conflict, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings import queries as evenings
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.tables import table_of
from services.scheduling.wishes.models import TeacherMark, Wish, WishForm
from services.scheduling.wishes.queries import read_desks
from services.scheduling.wishes.rules import wishes_end

NO_MARK = "none"


def list_mine(uow: UnitOfWork, evening_id: str, staff_id: str) -> dict[str, Any]:
    """The children whom this member of staff sees families about, with their marks and who asks for another day."""
    uow.flush()
    evening = evenings.get_evening(uow, evening_id, evenings.Reader(staff_id=staff_id))
    until = _until(uow, evening)
    mine = _list_children(uow, evening_id, staff_id)
    marks = {row.pupil_id: row for row in uow.all(sa.select(TeacherMark).where(
        TeacherMark.evening_id == evening_id, TeacherMark.staff_id == staff_id))}
    later = _list_another_day(uow, evening_id, staff_id, mine)
    pupil = people.pupil_names()
    rows = uow.rows(sa.select(pupil).where(pupil.c.school_id == uow.school, pupil.c.id.in_(mine)).order_by(
        pupil.c.family_name, pupil.c.given_name, pupil.c.id))
    return {"evening": evening, "until": until, "is_open": _is_open(uow, evening, until), "items": [
        {"pupil": {"id": row.id, "given_name": row.given_name, "family_name": row.family_name},
         "mark": marks[row.id].mark if row.id in marks else NO_MARK,
         "sentence": marks[row.id].sentence if row.id in marks else "",
         "another_day": later.get(row.id, [])} for row in rows]}


def set_mark(uow: UnitOfWork, staff_id: str, about: tuple[str, str], said: tuple[str, str]) -> None:
    """`about` an (evening, child) `said` a (mark, sentence); 'none' takes it back. Conflict once wishes have ended."""
    evening_id, pupil_id = about
    mark, sentence = said
    people.hold_staff(uow, staff_id)
    evening = evenings.get_evening(uow, evening_id, evenings.Reader(staff_id=staff_id))
    if pupil_id not in _list_children(uow, evening_id, staff_id):
        raise NotFound()
    if not _is_open(uow, evening, _until(uow, evening)):
        raise Conflict("Families have said what they wish, so this can no longer be changed.")
    row = uow.get(TeacherMark, evening_id, staff_id, pupil_id)
    if mark == NO_MARK:
        if row is not None:
            uow.session.delete(row)
        return
    if row is None:
        row = TeacherMark(evening_id=evening_id, staff_id=staff_id, pupil_id=pupil_id)
        uow.add(row)
    row.mark, row.sentence, row.changed_at = mark, sentence.strip(), uow.now


def forget_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Nothing stays marked about children who have left."""
    table = table_of(TeacherMark)
    uow.connection.execute(sa.delete(table).where(table.c.school_id == uow.school, table.c.pupil_id.in_(pupil_ids)))


def _until(uow: UnitOfWork, evening: Mapping[str, Any]) -> datetime:
    """Where families choose times themselves, marks count until the evening begins."""
    starts_at: datetime = evening["starts_at"]
    if evening["way"] != "plan":
        return starts_at
    return wishes_end(evening["respond_by"], starts_at, people.get_school(uow)[1])


def _is_open(uow: UnitOfWork, evening: Mapping[str, Any], until: datetime) -> bool:
    return evening["state"] == "open" and uow.now < until


def _list_children(uow: UnitOfWork, evening_id: str, staff_id: str) -> set[str]:
    """The invited children about whom this member of staff sees families: those whom they teach, or all."""
    desks = [desk for desk in read_desks(uow, evening_id) if staff_id in desk.sitters]
    invited = set(evenings.list_invited(uow, evening_id)) if desks else set()
    if any(desk.is_for_all for desk in desks):
        return invited
    return invited & set(uow.all(people.taught_by(uow.school, staff_id)))


def _list_another_day(uow: UnitOfWork, evening_id: str, staff_id: str,
                      pupil_ids: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Who cannot come and would like to talk with this teacher, or with any, another day; by child."""
    forms = uow.all(sa.select(WishForm).where(WishForm.evening_id == evening_id, WishForm.comes == "cannot"))
    if not forms:
        return {}
    owners = {desk.owner_id for desk in read_desks(uow, evening_id) if staff_id in desk.sitters}
    wished: dict[tuple[str, str], set[str]] = {}
    for row in uow.rows(sa.select(Wish.guardian_id, Wish.pupil_id, Wish.staff_id).where(
            Wish.evening_id == evening_id, Wish.guardian_id.in_([form.guardian_id for form in forms]))):
        wished.setdefault((row.guardian_id, row.pupil_id), set()).add(row.staff_id)
    families, adult = people.list_families(uow, pupil_ids), adult_names()
    names = {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(adult).where(adult.c.school_id == uow.school, adult.c.id.in_([one.guardian_id for one in forms])))}
    found: dict[str, list[dict[str, str]]] = {}
    for form in forms:
        for pupil_id in set(form.pupil_ids) & set(pupil_ids):
            rights = families[pupil_id].get(form.guardian_id)
            whom = wished.get((form.guardian_id, pupil_id), owners)
            if rights is not None and rights.may_book and whom & owners and form.guardian_id in names:
                found.setdefault(pupil_id, []).append(names[form.guardian_id])
    return found
