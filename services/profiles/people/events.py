"""What is said of people: snapshots on the state topic, in one order per school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Fact
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Guardian, Pupil, School, StaffMember

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
Snapshot = tuple[str, str, Mapping[str, Any] | None]
"""(type, key, data): what the state topic should say of one entity from now on; no data erases it."""


def publish_state(uow: UnitOfWork, snapshots: Sequence[Snapshot]) -> int:
    """Record snapshots in order, and return the school's state version after the last.

    The school's row is locked while its counter rises, so the order of the versions is the order of the outbox. It
    never falls behind the seconds since `EPOCH`: a database that was restored from an older copy goes on above all
    that it had said before, and its readers, who go by the highest version, hear what it says then.
    """
    uow.flush()
    row = uow.session.scalars(sa.select(School).with_for_update()).one_or_none()
    if row is None:
        raise NotFound()
    first = max(row.state_version, int((uow.now - EPOCH).total_seconds()))
    for number, (kind, key, data) in enumerate(snapshots, start=1):
        uow.record(Fact(kind, key, first + number, data, stream="state"))
    row.state_version = first + len(snapshots)
    uow.flush()
    return row.state_version


def state_version(uow: UnitOfWork) -> int:
    """How far the school's state has come: what a reader must have applied before it takes a fact of now."""
    return uow.session.scalar(sa.select(School.state_version)) or 0


def school_described(school: School) -> Snapshot:
    return ("tandem.profiles.school.described.v1", "school",
            {"name": school.name, "zone": school.zone, "accent": school.accent, "year": school.year})


def pupil_described(pupil: Pupil, class_ids: Sequence[str]) -> Snapshot:
    return ("tandem.profiles.pupil.described.v1", pupil.id, {
        "id": pupil.id, "given_name": pupil.given_name, "family_name": pupil.family_name,
        "year_group": pupil.year_group, "status": pupil.status, "class_ids": sorted(class_ids)})


def guardian_described(guardian: Guardian) -> Snapshot:
    return ("tandem.profiles.guardian.described.v1", guardian.id, {
        "id": guardian.id, "given_name": guardian.given_name, "family_name": guardian.family_name,
        "email": guardian.email, "phone": guardian.phone, "language": guardian.language,
        "prefers_voice": guardian.prefers_voice, "status": guardian.status})


def staff_described(member: StaffMember, class_ids: Sequence[str]) -> Snapshot:
    return ("tandem.profiles.staff.described.v1", member.id, {
        "id": member.id, "given_name": member.given_name, "family_name": member.family_name, "email": member.email,
        "roles": list(member.roles), "status": member.status, "class_ids": sorted(class_ids)})


def heartbeat() -> Snapshot:
    return ("tandem.profiles.heartbeat.sent.v1", "heartbeat", {})
