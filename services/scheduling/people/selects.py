"""Selects that other rooms join their own tables to: a part of the queries, which give them on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from services.scheduling.people.models import ClassMember, Pupil, StaffMember, Support


def pupil_names() -> sa.Subquery:
    """school_id, id, given_name and family_name of pupils, to join to."""
    return sa.select(Pupil.school_id, Pupil.id, Pupil.given_name, Pupil.family_name).subquery("pupil")


def current_pupils() -> sa.Subquery:
    """school_id and id of who is a pupil today, to join to."""
    return sa.select(Pupil.school_id, Pupil.id).where(Pupil.status == "current").subquery("current_pupil")


def staff_names() -> sa.Subquery:
    """school_id, id, given_name and family_name of staff, to join to."""
    return sa.select(StaffMember.school_id, StaffMember.id, StaffMember.given_name,
                     StaffMember.family_name).subquery("teacher")


def class_pupils() -> sa.Subquery:
    """school_id, class_id and pupil_id of the current pupils of classes, to join to."""
    return sa.select(ClassMember.school_id, ClassMember.class_id, ClassMember.person_id.label("pupil_id")).where(
        ClassMember.role == "pupil").subquery("class_pupil")


def teaching_pairs() -> sa.Subquery:
    """school_id, pupil_id and staff_id of everyone who is taught and by whom, to join to."""
    taught, teacher = aliased(ClassMember), aliased(ClassMember)
    return (sa.select(taught.school_id, taught.person_id.label("pupil_id"), teacher.person_id.label("staff_id"))
            .join(teacher, sa.and_(teacher.school_id == taught.school_id, teacher.class_id == taught.class_id,
                                   teacher.role == "teacher"))
            .where(taught.role == "pupil").distinct().subquery("teaching"))


def taught_by(school_id: str, staff_id: str) -> sa.Select[Any]:
    """The ids of the children whom this member of staff teaches, to look among."""
    taught = teaching_pairs()
    return sa.select(taught.c.pupil_id).where(taught.c.school_id == school_id, taught.c.staff_id == staff_id)


def teachers_of(school_id: Any, pupil_id: Any) -> sa.Select[Any]:
    """The ids of the staff who teach this child, to look among: asked once, whatever they are looked for in."""
    taught, teacher = aliased(ClassMember), aliased(ClassMember)
    return sa.select(teacher.person_id).join(taught, sa.and_(
        taught.school_id == teacher.school_id, taught.class_id == teacher.class_id, taught.role == "pupil")).where(
        teacher.school_id == school_id, teacher.role == "teacher", taught.person_id == pupil_id)


def supports() -> sa.Subquery:
    """school_id, pupil_id and reviews ('usual' or 'closer') of children of whom it was said, to join to."""
    return sa.select(Support.school_id, Support.pupil_id, Support.reviews).subquery("support")
