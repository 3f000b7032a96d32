"""Keeping the projection of people.

Each store takes a run of snapshots with a handful of statements, whatever its length, and a snapshot that is older
than what is held changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.db import Tenant
from chassis.envelope import Event
from chassis.permissions import open_at
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people.events import (
    newest,
    read_class,
    read_memberships,
    read_person,
    read_staff,
    read_windows,
    role_of,
    turning_points,
)
from services.scheduling.people.models import ClassMember, Permission, Pupil, School, SchoolClass, StaffMember
from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.tables import table_of

RIGHTS_TURN = "rights-turn"


def note_progress(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Our copy is as true as the newest of these events."""
    PERMISSIONS.advance(uow, max(event.version for event in events), max(event.time for event in events))


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take the school's name and zone; a zone that nobody knows fails here, where an operator sees it."""
    latest = max(events, key=lambda event: event.version)
    if latest.data is None:
        return
    name, zone = str(latest.data["name"]), ZoneInfo(latest.data["zone"]).key
    row = uow.get(School)
    if row is None:
        uow.add(School(name=name, zone=zone, version=latest.version))
        uow.flush()
    elif row.version < latest.version:
        row.name, row.zone, row.version = name, zone, latest.version


def store_classes(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take snapshots of classes."""
    _store(uow, SchoolClass, events, read_class)


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take snapshots of staff, and which classes they teach."""
    fresh = _store(uow, StaffMember, events, read_staff)
    _place_in_classes(uow, fresh, [row for event in fresh for row in read_memberships(event, role_of(event))])


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Take snapshots of pupils and their classes; return those of them who are here no longer."""
    fresh = _store(uow, Pupil, events, read_person)
    _place_in_classes(uow, fresh, [row for event in fresh for row in read_memberships(event, "pupil")])
    return [event.key for event in fresh if read_person(event)["status"] != "current"]


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> list[tuple[str, str]]:
    """Take pairs' rights, and set a deadline where they turn by themselves; return the pairs that may not book now."""
    latest = newest(events)
    pairs = {key: (key.partition(":")[0], key.partition(":")[2]) for key in latest}
    held = {f"{row.about_id}:{row.holder_id}": row for row in uow.rows(
        sa.select(Permission.about_id, Permission.holder_id, Permission.version, Permission.windows)
        .where(Permission.about_id.in_({about for about, _ in pairs.values()})))}
    fresh = [event for key, event in latest.items() if key not in held or held[key].version < event.version]
    rows: list[dict[str, Any]] = [
        {"about_id": pairs[event.key][0], "holder_id": pairs[event.key][1], "windows": read_windows(event),
         "version": event.version} for event in fresh]
    _write(uow, Permission, rows, {pairs[key] for key in held if key in pairs}, ("about_id", "holder_id"))
    for event, row in zip(fresh, rows, strict=True):
        before = held[event.key].windows if event.key in held else {}
        if turning_points(before, "book", uow.now):
            clear_timers(uow, RIGHTS_TURN, event.key)
        for turn in turning_points(row["windows"], "book", uow.now):
            set_timer(uow, RIGHTS_TURN, event.key, turn)
    return [pairs[event.key] for event, row in zip(fresh, rows, strict=True)
            if not open_at(row["windows"], "book", uow.now)]


def recheck_pair(uow: UnitOfWork, key: str) -> list[tuple[str, str]]:
    """The pair, if its right to book is over now; nothing otherwise. Waits for a booking that is being made on it."""
    about, _, holder = key.partition(":")
    rows = uow.rows(sa.select(Permission.windows).where(
        Permission.about_id == about, Permission.holder_id == holder).with_for_update())
    return [] if rows and open_at(rows[0].windows, "book", uow.now) else [(about, holder)]


def _store(uow: UnitOfWork, model: type[Any], events: Sequence[Event],
           read: Callable[[Event], dict[str, Any]]) -> list[Event]:
    """Write what is newer than what is held; return those snapshots."""
    latest = newest(events)
    held = {row.id: row.version for row in uow.rows(sa.select(model.id, model.version).where(model.id.in_(latest)))}
    fresh = [event for key, event in latest.items() if held.get(key, -1) < event.version]
    _write(uow, model, [read(event) for event in fresh], {(key,) for key in held}, ("id",))
    return fresh


def _write(uow: UnitOfWork, model: type[Tenant], rows: Sequence[dict[str, Any]], held: set[Any],
           key: tuple[str, ...]) -> None:
    """Insert the rows whose key is not held, and update the others: two statements at most."""
    def is_held(row: dict[str, Any]) -> bool:
        return tuple(row[name] for name in key) in held

    uow.insert(model, [row for row in rows if not is_held(row)])
    changed = [row for row in rows if is_held(row)]
    if changed:
        table = table_of(model)
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in changed[0] if name not in key}
        uow.connection.execute(
            sa.update(table).where(table.c.school_id == uow.school,
                                   *(table.c[name] == sa.bindparam(f"new_{name}") for name in key)).values(values),
            [{f"new_{name}": value for name, value in row.items()} for row in changed])


def _place_in_classes(uow: UnitOfWork, fresh: Sequence[Event], rows: Sequence[dict[str, Any]]) -> None:
    table = table_of(ClassMember)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.person_id.in_([event.key for event in fresh])))
    uow.insert(ClassMember, rows)
