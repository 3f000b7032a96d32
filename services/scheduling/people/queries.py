"""What can be asked about people. Other rooms join their own tables to the selects that are given here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound, Unavailable
from chassis.permissions import Permissions, open_at
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people.models import (
    ClassMember,
    Home,
    KeepApart,
    Permission,
    Pupil,
    School,
    SchoolClass,
    StaffMember,
    Support,
)
from services.scheduling.people.rules import CLOSER, Year, read_year
from services.scheduling.people.selects import class_pupils as class_pupils
from services.scheduling.people.selects import current_pupils as current_pupils
from services.scheduling.people.selects import pupil_names as pupil_names
from services.scheduling.people.selects import staff_names as staff_names
from services.scheduling.people.selects import supports as supports
from services.scheduling.people.selects import taught_by as taught_by
from services.scheduling.people.selects import teachers_of as teachers_of
from services.scheduling.people.selects import teaching_pairs as teaching_pairs
from services.scheduling.tables import table_of

PERMISSIONS = Permissions(Permission, "profiles")
# Made once: each booking runs these, and putting a statement together takes longer than running it. They run beside
# the session, so they name the school themselves.
SCHOOL, PUPIL, STAFF = (sa.bindparam(name, type_=sa.String()) for name in ("school", "pupil", "staff"))
_right = table_of(Permission)
_adults = sa.bindparam("adults", type_=sa.String(), expanding=True)
# Whose rights they are is asked first and alone: as one statement PostgreSQL at times walked through the whole school.
ADULTS = sa.select(_right.c.holder_id).where(_right.c.school_id == SCHOOL, _right.c.about_id == PUPIL)
LOOKED_AT = sa.select(_right).where(_right.c.school_id == SCHOOL, _right.c.holder_id.in_(_adults)).order_by(
    _right.c.holder_id, _right.c.about_id)
FAMILY, FREE_FAMILY = LOOKED_AT.with_for_update(of=_right), LOOKED_AT.with_for_update(of=_right, skip_locked=True)
_pupil, _staff, _pair = table_of(Pupil), table_of(StaffMember), table_of(KeepApart)
STAYS = sa.select(_pupil.c.id).where(_pupil.c.school_id == SCHOOL, _pupil.c.id == PUPIL,
                                     _pupil.c.status == "current").with_for_update(read=True)
TEACHER = sa.select(_staff.c.id).where(_staff.c.school_id == SCHOOL, _staff.c.id == STAFF).with_for_update()
FREE_TEACHER = TEACHER.with_for_update(skip_locked=True)
FREE_STAYS = STAYS.with_for_update(read=True, skip_locked=True)
APART = sa.select(_pair.c.first_id, _pair.c.second_id).where(
    _pair.c.school_id == SCHOOL, _pair.c.status == "current",
    sa.or_(_pair.c.first_id.in_(_adults), _pair.c.second_id.in_(_adults))).order_by(
    _pair.c.first_id, _pair.c.second_id)
HELD_APART = APART.with_for_update()


@dataclass(frozen=True, slots=True)
class Rights:
    """What one adult may do here now about one child; `is_held`: we cannot say until what we miss has come."""

    may_book: bool
    may_attend: bool
    is_held: bool


Family = Mapping[str, Rights]
"""The rights of each adult of one child, by the adult's id."""


def ask(uow: UnitOfWork, caller: Principal, right: str, pupil_id: str) -> None:
    """May this caller do this about this pupil? NotFound if not; Unavailable while we cannot know."""
    if caller.hat == "guardian":
        PERMISSIONS.require(uow, caller.person_id, right, pupil_id)
        return
    require_current(uow, pupil_id)
    if caller.hat == "pupil":
        if right != "see" or caller.person_id != pupil_id:
            raise NotFound()
    elif not (caller.is_any("office") or _teaches(uow, caller.person_id, pupil_id)
              or (caller.is_any("senco") and _has_support(uow, pupil_id))):
        raise NotFound()


def _teaches(uow: UnitOfWork, staff_id: str, pupil_id: str) -> bool:
    taught = teaching_pairs()
    return bool(uow.rows(sa.select(ClassMember.class_id).join(taught, sa.and_(
        taught.c.school_id == ClassMember.school_id, taught.c.pupil_id == ClassMember.person_id)).where(
        ClassMember.person_id == pupil_id, taught.c.staff_id == staff_id).limit(1)))


def _has_support(uow: UnitOfWork, pupil_id: str) -> bool:
    """A SENCO has to do with the children who have support: profiles' last word on it, whenever it came."""
    row = uow.get(Support, pupil_id)
    return row is not None and row.reviews == CLOSER


def hold_family(uow: UnitOfWork, pupil_id: str) -> Family:
    """The rights of each adult of this child; and they stay so until this unit of work has ended.

    Nor does one of these adults book anything else meanwhile. Without the lock a booking and the loss of its right, or
    two bookings of one adult, made at the same moment, would not see each other. A child who has left has no family.
    """
    asked = _asked_of(uow, pupil_id)
    rows = uow.connection.execute(FAMILY, asked).all()
    here = uow.connection.execute(STAYS, asked).all()
    return {row.holder_id: _read_rights(uow, row) for row in rows if row.about_id == pupil_id} if here else {}


def try_hold(uow: UnitOfWork, pupil_id: str, staff_id: str) -> bool:
    """Hold this child's family and this teacher, if nobody else does at this moment: without waiting for anybody.

    Who holds others already, and waited here, could wait for somebody who waits for them.
    """
    asked = _asked_of(uow, pupil_id) | {"staff": staff_id}
    held = [uow.connection.execute(one, asked).all() for one in (FREE_TEACHER, FREE_STAYS, FREE_FAMILY)]
    return all(held) and len(held[-1]) == len(uow.connection.execute(LOOKED_AT, asked).all())


def _asked_of(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    child = {"school": uow.school, "pupil": pupil_id}
    return {**child, "adults": uow.connection.scalars(ADULTS, child).all()}


def hold_adults(uow: UnitOfWork, guardian_ids: Collection[str]) -> None:
    """Wait until none of these adults is booking, and keep them from it until this unit of work has ended."""
    uow.rows(_rights().where(Permission.holder_id.in_(guardian_ids)).with_for_update(of=Permission))


def require_booking(family: Family, guardian_id: str) -> None:
    """NotFound unless this adult may book; Unavailable while we cannot say."""
    rights = family.get(guardian_id)
    if rights is not None and rights.is_held:
        raise Unavailable("We're checking who may see this. It'll be here shortly.", retry_after_s=10)
    if rights is None or not rights.may_book:
        raise NotFound()


def list_families(uow: UnitOfWork, pupil_ids: Collection[str]) -> dict[str, Family]:
    """The rights of each adult of each of these children, as they are at this moment."""
    found: dict[str, dict[str, Rights]] = {pupil_id: {} for pupil_id in pupil_ids}
    for row in uow.rows(_rights().where(Permission.about_id.in_(pupil_ids))):
        found[row.about_id][row.holder_id] = _read_rights(uow, row)
    return dict(found)


def list_home_ids(uow: UnitOfWork, pupil_ids: Collection[str]) -> dict[tuple[str, str], str]:
    """The home of each (pupil, adult) of which one was said. For deciding alone: nobody is told of it."""
    return {(row.pupil_id, row.guardian_id): row.home_id for row in uow.rows(
        sa.select(Home.pupil_id, Home.guardian_id, Home.home_id).where(
            Home.pupil_id.in_(pupil_ids), Home.home_id != ""))}


def hold_staff(uow: UnitOfWork, staff_id: str) -> None:
    """Nobody else takes a time of this teacher until this unit of work has ended."""
    uow.connection.execute(TEACHER, {"school": uow.school, "staff": staff_id})


def list_barred(uow: UnitOfWork, guardian_ids: Collection[str]) -> set[str]:
    """Those of these adults who may book for nobody now; of one of whom we cannot say all, nothing is said."""
    rows = uow.rows(_rights().where(Permission.holder_id.in_(guardian_ids)))
    rights = [(row.holder_id, _read_rights(uow, row)) for row in rows]
    return set(guardian_ids) - {holder for holder, one in rights if one.may_book or one.is_held}


def _rights() -> sa.Select[Any]:
    """The rows of rights, always in one order: two that lock them cannot wait for each other."""
    return sa.select(*Permission.__table__.c).select_from(Permission).order_by(
        Permission.holder_id, Permission.about_id)


def _read_rights(uow: UnitOfWork, row: Any) -> Rights:
    may = {purpose: not row.is_held and open_at(row.windows, purpose, uow.now) for purpose in ("book", "attend")}
    return Rights(may["book"], may["book"] and may["attend"], row.is_held)


def list_kept_apart(uow: UnitOfWork, guardian_ids: Collection[str], hold: bool = False) -> list[tuple[str, str]]:
    """The pairs of adults who must not meet of which one is among these.

    With `hold`, of two of such a pair who book at once, the one that comes second here waits, and then sees what the
    first has booked. Who only looks never waits: that would be felt.
    """
    if not guardian_ids:
        return []
    rows = uow.connection.execute(HELD_APART if hold else APART, {"school": uow.school, "adults": list(guardian_ids)})
    return [(row.first_id, row.second_id) for row in rows]


def list_bookable(uow: UnitOfWork, guardian_id: str) -> list[str]:
    """The pupils for whom this adult may book now, in one read; Unavailable while our copy is too old to say."""
    return PERMISSIONS.list_allowed(uow, guardian_id, "book")


def get_school(uow: UnitOfWork) -> tuple[str, ZoneInfo]:
    """The school's name and zone; Unavailable until profiles has told us of it."""
    school = uow.get(School)
    if school is None:
        raise Unavailable("This school is still being set up. Try again in a minute.", retry_after_s=10)
    return school.name, ZoneInfo(school.zone)


def get_year(uow: UnitOfWork) -> Year:
    """Terms, half-terms and closed days, as the school has said them."""
    school = uow.get(School)
    return read_year(school.year if school is not None else {})


def today_here(uow: UnitOfWork) -> date:
    """The day that it is at the school."""
    return uow.now.astimezone(get_school(uow)[1]).date()


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


def list_year_pupils(uow: UnitOfWork, years: Sequence[str]) -> list[str]:
    """The ids of today's pupils of these year groups."""
    return list(uow.all(sa.select(Pupil.id).where(
        Pupil.year_group.in_(years), Pupil.status == "current").order_by(Pupil.id))) if years else []


def list_years(uow: UnitOfWork) -> list[tuple[str, int]]:
    """(year group, how many are in it today)."""
    return [(row.year_group, row.many) for row in uow.rows(
        sa.select(Pupil.year_group, sa.func.count().label("many")).where(
            Pupil.status == "current", Pupil.year_group != "").group_by(Pupil.year_group).order_by(Pupil.year_group))]


def list_current(uow: UnitOfWork, pupil_ids: Collection[str]) -> set[str]:
    """Those of the ids that are pupils today."""
    return set(uow.all(sa.select(Pupil.id).where(Pupil.id.in_(pupil_ids), Pupil.status == "current")))


def list_staff(uow: UnitOfWork) -> list[dict[str, str]]:
    """Who works here today, by family name."""
    return [{"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(StaffMember.id, StaffMember.given_name, StaffMember.family_name)
        .where(StaffMember.status == "current")
        .order_by(StaffMember.family_name, StaffMember.given_name, StaffMember.id))]


def list_teachers(uow: UnitOfWork, pupil_ids: Collection[str]) -> dict[str, list[str]]:
    """Who teaches each of these children."""
    taught, found = teaching_pairs(), {pupil_id: list[str]() for pupil_id in pupil_ids}
    for row in uow.rows(sa.select(taught.c.pupil_id, taught.c.staff_id).where(
            taught.c.school_id == uow.school, taught.c.pupil_id.in_(pupil_ids)).order_by(taught.c.staff_id)):
        found[row.pupil_id].append(row.staff_id)
    return found


def require_current(uow: UnitOfWork, pupil_id: str) -> None:
    """NotFound unless this is a pupil today."""
    pupil = uow.get(Pupil, pupil_id)
    if pupil is None or pupil.status != "current":
        raise NotFound()


def list_pupil_names(uow: UnitOfWork) -> list[tuple[str, str, str]]:
    """(id, given name, family name) of everyone who is a pupil today."""
    return [(row.id, row.given_name, row.family_name) for row in uow.rows(
        sa.select(Pupil.id, Pupil.given_name, Pupil.family_name).where(Pupil.status == "current"))]


def list_staff_with(uow: UnitOfWork, roles: Sequence[str]) -> list[str]:
    """The ids of today's staff who have one of these roles."""
    return [row.id for row in uow.rows(sa.select(StaffMember.id, StaffMember.roles).where(
        StaffMember.status == "current").order_by(StaffMember.id)) if set(roles) & set(row.roles)]
