"""What can be asked about people. Other rooms join their own tables to the selects that are given here."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from chassis.auth import Principal
from chassis.errors import NotFound, Unavailable
from chassis.permissions import Permissions, open_at
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people.models import (
    ClassMember,
    Permission,
    Pupil,
    School,
    SchoolClass,
    StaffMember,
)

PERMISSIONS = Permissions(Permission, "profiles")


def ask(uow: UnitOfWork, caller: Principal, right: str, pupil_id: str) -> None:
    """May this caller do this about this pupil? NotFound if not; Unavailable while we cannot know."""
    if caller.hat == "guardian":
        PERMISSIONS.require(uow, caller.person_id, right, pupil_id)
        return
    pupil = uow.get(Pupil, pupil_id)
    if pupil is None or pupil.status != "current":
        raise NotFound()
    if not caller.is_any("office"):
        taught = teaching_pairs()
        found = uow.rows(sa.select(ClassMember.class_id).join(taught, sa.and_(
            taught.c.school_id == ClassMember.school_id, taught.c.pupil_id == ClassMember.person_id)).where(
            ClassMember.person_id == pupil_id, taught.c.staff_id == caller.person_id).limit(1))
        if not found:
            raise NotFound()


def hold_right(uow: UnitOfWork, guardian_id: str, pupil_id: str) -> None:
    """NotFound unless this adult may book for this child now; and that stays so until this unit of work has ended.

    Without the lock a booking and the loss of its right, made at the same moment, would not see each other.
    """
    rows = uow.rows(
        sa.select(Permission.windows, Pupil.status)
        .join(Pupil, sa.and_(Pupil.school_id == Permission.school_id, Pupil.id == Permission.about_id))
        .where(Permission.about_id == pupil_id, Permission.holder_id == guardian_id).with_for_update(read=True))
    if not rows or rows[0].status != "current" or not open_at(rows[0].windows, "book", uow.now):
        raise NotFound()


def list_bookable(uow: UnitOfWork, guardian_id: str) -> list[str]:
    """The pupils for whom this adult may book now, in one read; Unavailable while our copy is too old to say."""
    return PERMISSIONS.list_allowed(uow, guardian_id, "book")


def get_school(uow: UnitOfWork) -> tuple[str, ZoneInfo]:
    """The school's name and zone; Unavailable until profiles has told us of it."""
    school = uow.get(School)
    if school is None:
        raise Unavailable("This school is still being set up. Try again in a minute.", retry_after_s=10)
    return school.name, ZoneInfo(school.zone)


def list_class_ids(uow: UnitOfWork, class_ids: Sequence[str]) -> set[str]:
    """Those of the ids that are classes of this school today."""
    return set(uow.all(sa.select(SchoolClass.id).where(
        SchoolClass.id.in_(class_ids), SchoolClass.status == "current")))


def list_class_titles(uow: UnitOfWork, class_ids: Sequence[str]) -> list[str]:
    return list(uow.all(sa.select(SchoolClass.title).where(SchoolClass.id.in_(class_ids)).order_by(SchoolClass.title)))


def list_members(uow: UnitOfWork, class_ids: Sequence[str], role: str) -> list[tuple[str, str]]:
    """(class, person) pairs of one role in these classes."""
    return [(row.class_id, row.person_id) for row in uow.rows(
        sa.select(ClassMember.class_id, ClassMember.person_id)
        .where(ClassMember.class_id.in_(class_ids), ClassMember.role == role)
        .order_by(ClassMember.class_id, ClassMember.person_id))]


def pupil_names() -> sa.Subquery:
    """school_id, id, given_name and family_name of pupils, to join to."""
    return sa.select(Pupil.school_id, Pupil.id, Pupil.given_name, Pupil.family_name).subquery("pupil")


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
