"""What can be asked of classes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.people.models import Pupil, StaffMember

WHOLE_SCHOOL = ("office", "head", "dsl")


def list_classes(uow: UnitOfWork, staff_id: str, roles: frozenset[str]) -> Sequence[SchoolClass]:
    """A teacher's own classes; every class for the office, the head and safeguarding leads."""
    wanted = sa.select(SchoolClass).where(SchoolClass.status == "current").order_by(SchoolClass.title)
    if not roles.intersection(WHOLE_SCHOOL):
        wanted = wanted.where(SchoolClass.id.in_(
            sa.select(Enrolment.class_id).where(Enrolment.school_id == uow.school, Enrolment.person_id == staff_id,
                                                Enrolment.role == "teacher")))
    return uow.all(wanted)


def get_class(uow: UnitOfWork, class_id: str, staff_id: str, roles: frozenset[str]) -> SchoolClass:
    found = next((item for item in list_classes(uow, staff_id, roles) if item.id == class_id), None)
    if found is None:
        raise NotFound()
    return found


def list_pupils(uow: UnitOfWork, class_id: str) -> Sequence[Pupil]:
    return uow.all(
        sa.select(Pupil).join(Enrolment, Enrolment.person_id == Pupil.id)
        .where(Enrolment.class_id == class_id, Enrolment.role == "pupil", Pupil.status == "current")
        .order_by(Pupil.family_name, Pupil.given_name, Pupil.id))


def list_team(uow: UnitOfWork, pupil_id: str) -> Sequence[StaffMember]:
    """The staff who teach the pupil."""
    theirs = aliased(Enrolment)
    teaching = (sa.select(Enrolment.person_id).join(theirs, theirs.class_id == Enrolment.class_id)
                .where(Enrolment.school_id == uow.school, theirs.school_id == uow.school,
                       Enrolment.role == "teacher", theirs.person_id == pupil_id, theirs.role == "pupil"))
    return uow.all(sa.select(StaffMember).where(StaffMember.id.in_(teaching), StaffMember.status == "current")
                   .order_by(StaffMember.family_name, StaffMember.id))


def list_classes_of(uow: UnitOfWork, person_id: str) -> Sequence[SchoolClass]:
    return uow.all(
        sa.select(SchoolClass).join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .where(Enrolment.person_id == person_id, SchoolClass.status == "current").order_by(SchoolClass.title))


def teaches(uow: UnitOfWork, staff_id: str, pupil_id: str) -> bool:
    return any(member.id == staff_id for member in list_team(uow, pupil_id))


def staff_of_year(uow: UnitOfWork, pupil: Pupil) -> Sequence[str]:
    """Ids of staff who teach any pupil of the same year group."""
    theirs = aliased(Enrolment)
    return uow.all(
        sa.select(StaffMember.id).distinct().join(Enrolment, Enrolment.person_id == StaffMember.id)
        .join(theirs, theirs.class_id == Enrolment.class_id).join(Pupil, Pupil.id == theirs.person_id)
        .where(Enrolment.role == "teacher", Pupil.year_group == pupil.year_group, Pupil.status == "current",
               StaffMember.status == "current"))


def list_whole_school_staff(uow: UnitOfWork) -> set[str]:
    """Ids of staff who answer for the whole school."""
    return {member.id for member in uow.all(sa.select(StaffMember).where(StaffMember.status == "current"))
            if set(member.roles).intersection(WHOLE_SCHOOL)}
