"""What can be asked about people by the names that other systems have for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Alias, Guardian, Pupil, School, StaffMember


def list_school_aliases(uow: UnitOfWork, source: str) -> Sequence[str]:
    """The names that a source has for this school."""
    return uow.all(sa.select(Alias.external_id).where(Alias.source == source, Alias.kind == "school"))


def list_people_by_alias(uow: UnitOfWork, source: str) -> Iterator[tuple[str, str]]:
    """Everybody who is here now, by a source's names: (name, 'pupil', 'guardian' or a role of staff)."""
    for kind, model in (("pupil", Pupil), ("guardian", Guardian)):
        for external_id in uow.all(_named(source, kind, model, Alias.external_id)):
            yield external_id, kind
    for external_id, roles in uow.rows(_named(source, "staff", StaffMember, Alias.external_id, StaffMember.roles)):
        for role in roles:
            yield external_id, role


def _named(source: str, kind: str, model: type[Any], *columns: Any) -> sa.Select[Any]:
    return sa.select(*columns).join(model, model.id == Alias.own_id).where(
        Alias.source == source, Alias.kind == kind, model.status == "current").order_by(Alias.external_id)


def list_staff_ids(uow: UnitOfWork, *roles: str) -> list[str]:
    """Ids of current staff with one of these roles, in order."""
    members = uow.all(sa.select(StaffMember).where(StaffMember.status == "current"))
    return sorted(member.id for member in members if set(roles).intersection(member.roles))


def list_staff_names(uow: UnitOfWork) -> dict[str, str]:
    """The full names of staff by id, of those who have left too."""
    return {row.id: f"{row.given_name} {row.family_name}" for row in uow.rows(
        sa.select(StaffMember.id, StaffMember.given_name, StaffMember.family_name))}


def get_zone(uow: UnitOfWork) -> ZoneInfo:
    """The school's zone."""
    return ZoneInfo(uow.session.scalar(sa.select(School.zone)) or "Europe/London")
