"""What reception reads: the same few reads for every question, whoever is asked about."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from chassis.db import freshness
from chassis.permissions import Answer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people import queries as people
from services.scheduling.reception.models import DoorAdult, DoorCall
from services.scheduling.reception.rules import CALL_AGAIN, find_only

NOBODY = "-"  # no id of ours: asked about all the same, so that a name we know takes no longer than one we don't


def find_pupil(uow: UnitOfWork, said: str) -> str | None:
    return find_only(said, people.list_pupil_names(uow))


def find_adult(uow: UnitOfWork, said: str) -> str | None:
    return find_only(said, [(row.id, row.given_name, row.family_name) for row in uow.rows(
        sa.select(DoorAdult.id, DoorAdult.given_name, DoorAdult.family_name).where(DoorAdult.status == "current"))])


def adult_names() -> sa.Subquery:
    """school_id, id, given_name and family_name of adults, to join to: for staff alone."""
    return sa.select(DoorAdult.school_id, DoorAdult.id, DoorAdult.given_name, DoorAdult.family_name).subquery("adult")


def may_now(uow: UnitOfWork, pupil_id: str | None, guardian_id: str | None, purpose: str) -> bool:
    """Whether the right is there now; a copy that is too old to say so says no."""
    answer = people.PERMISSIONS.may(uow, guardian_id or NOBODY, purpose, pupil_id or NOBODY)
    return answer is Answer.ALLOWED


def find_as_of(uow: UnitOfWork) -> datetime | None:
    """As of when our copy of rights was true."""
    found: datetime | None = uow.connection.scalar(sa.select(freshness.c.as_of).where(
        freshness.c.school_id == uow.school, freshness.c.source == people.PERMISSIONS.source))
    return found


def is_called(uow: UnitOfWork, pupil_id: str | None, guardian_id: str | None) -> bool:
    """Whether a colleague who was called about these two is on the way. One read, whoever they are."""
    lately = uow.rows(sa.select(DoorCall.pupil_id, DoorCall.guardian_id).where(
        DoorCall.called_at > uow.now - CALL_AGAIN))
    return (pupil_id, guardian_id) in [tuple(row) for row in lately]
