"""What can be asked of classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import HERE, UnitOfWork
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.parts import part
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
    return uow.all(TEAM, pupil=pupil_id)


def _teaching(uow: UnitOfWork, pupil_id: str) -> sa.Select[Any]:
    """Ids of everybody who teaches the pupil."""
    return _beside(uow.school, pupil_id, "pupil", "teacher")


def taught_by(uow: UnitOfWork, staff_id: str) -> sa.Select[Any]:
    """Ids of the pupils whom a member of staff teaches: for use inside another select."""
    return _beside(uow.school, staff_id, "teacher", "pupil")


def _beside(school_id: Any, person_id: Any, role: str, wanted: str) -> sa.Select[Any]:
    """Ids of everybody with the wanted role in the classes where this person has that role.

    Class by class, and not by a join: SQLite, which cannot know how few classes a person has, joined the whole school.
    """
    theirs = aliased(Enrolment)
    classes = sa.select(theirs.class_id).where(theirs.school_id == school_id, theirs.person_id == person_id,
                                               theirs.role == role)
    return sa.select(Enrolment.person_id).where(Enrolment.school_id == school_id, Enrolment.role == wanted,
                                                Enrolment.class_id.in_(classes))


TEAM = sa.select(StaffMember).where(
    StaffMember.id.in_(_beside(HERE, sa.bindparam("pupil"), "pupil", "teacher")), StaffMember.status == "current",
).order_by(StaffMember.family_name, StaffMember.id)


def enrolled_in(uow: UnitOfWork, class_ids: Sequence[str]) -> sa.Subquery:
    """(class_id, person_id) of the pupils of these classes: for use inside another select."""
    return (sa.select(Enrolment.class_id, Enrolment.person_id)
            .where(Enrolment.school_id == uow.school, Enrolment.class_id.in_(class_ids), Enrolment.role == "pupil")
            .subquery())


def classes_of(uow: UnitOfWork, pupil_id: str) -> sa.Select[Any]:
    """Ids of the classes that a pupil is in: for use inside another select."""
    return sa.select(Enrolment.class_id).where(Enrolment.school_id == uow.school, Enrolment.person_id == pupil_id,
                                               Enrolment.role == "pupil")


def select_part(uow: UnitOfWork, _caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """The child's classes, and the team: who teaches in them."""
    mine = [Enrolment.school_id == uow.school, Enrolment.person_id == pupil_id, Enrolment.role == "pupil",
            SchoolClass.school_id == uow.school, SchoolClass.id == Enrolment.class_id, SchoolClass.status == "current"]
    team = [StaffMember.school_id == uow.school, StaffMember.status == "current",
            StaffMember.id.in_(_teaching(uow, pupil_id))]
    return [part("class", 20, [SchoolClass.title], mine, id=SchoolClass.id, words=SchoolClass.title),
            part("team", 40, [StaffMember.family_name, StaffMember.id], team, id=StaffMember.id,
                 voice=sa.literal("school"), author_id=StaffMember.id)]


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
