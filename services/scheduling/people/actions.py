"""Keeping the projection of people: a handful of statements for a run of snapshots, whatever its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.permissions import open_at
from chassis.projections import keep
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people.events import (
    read_class,
    read_memberships,
    read_person,
    read_school,
    read_staff,
    role_of,
    turning_points,
)
from services.scheduling.people.models import ClassMember, Permission, Pupil, School, SchoolClass, StaffMember
from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.tables import table_of

RIGHTS_TURN = "rights-turn"


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take the school's name and zone; a zone that nobody knows fails here, where an operator sees it."""
    keep(uow, School, events, read_school)


def store_classes(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take snapshots of classes."""
    keep(uow, SchoolClass, events, read_class)


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take snapshots of staff, and which classes they teach."""
    fresh = keep(uow, StaffMember, events, read_staff)
    _place_in_classes(uow, fresh, [row for event in fresh for row in read_memberships(event, role_of(event))])


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Take snapshots of pupils and their classes; return those of them who are here no longer."""
    fresh = keep(uow, Pupil, events, read_person)
    _place_in_classes(uow, fresh, [row for event in fresh for row in read_memberships(event, "pupil")])
    return [event.key for event in fresh if read_person(event)["status"] != "current"]


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> list[tuple[str, str]]:
    """Take pairs' rights, and set a deadline where they turn by themselves; return the pairs that may not book now.

    A deadline of windows that were replaced since is left: when it comes, the pair is looked at as it is then.
    """
    fresh = PERMISSIONS.store(uow, events)
    for (about, holder), windows in fresh.items():
        for turn in turning_points(windows, "book", uow.now):
            set_timer(uow, RIGHTS_TURN, f"{about}:{holder}", turn)
    return [pair for pair, windows in fresh.items() if not open_at(windows, "book", uow.now)]


def recheck_pair(uow: UnitOfWork, key: str) -> list[tuple[str, str]]:
    """The pair, if its right to book is over now; nothing otherwise. Waits for a booking that is being made on it."""
    about, _, holder = key.partition(":")
    rows = uow.rows(sa.select(Permission.windows).where(
        Permission.about_id == about, Permission.holder_id == holder).with_for_update())
    return [] if rows and open_at(rows[0].windows, "book", uow.now) else [(about, holder)]


def _place_in_classes(uow: UnitOfWork, fresh: Sequence[Event], rows: Sequence[dict[str, Any]]) -> None:
    table = table_of(ClassMember)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.person_id.in_([event.key for event in fresh])))
    uow.insert(ClassMember, rows)
