"""Keeping the copy: whole snapshots, the newest version wins, a tombstone takes the row away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.permissions import Permissions, open_at
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.events import (
    newest_by_key,
    read_guardian,
    read_pupil,
    read_school,
    read_staff,
    split_pair,
)
from services.notifications.contacts.models import Contact, Freshness, Permission, Pupil, School

PERMISSIONS = Permissions(Permission, Freshness, "profiles")
PURPOSES = ("see", "receive", "reply", "book", "attend", "consent", "collect")


def store_guardians(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _store_by_id(uow, Contact, events, read_guardian)


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _store_by_id(uow, Contact, events, read_staff)


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Keep the pupils and return those who have left (or were erased)."""
    _store_by_id(uow, Pupil, events, read_pupil)
    return [key for key, event in newest_by_key(events).items()
            if event.data is None or event.data.get("status") == "left"]


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    newest = max(events, key=lambda event: event.version)
    row = uow.get(School)
    if newest.data is not None:
        if row is None:
            uow.add(School(version=newest.version, **read_school(newest.data)))
        elif row.version < newest.version:
            _change(row, newest, read_school)
    uow.flush()
    advance(uow, events)


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> dict[tuple[str, str], frozenset[str]]:
    """Keep the pairs' windows and return, for each (pupil, guardian), what is allowed at this moment."""
    newest = newest_by_key(events)
    pairs = [split_pair(key) for key in newest]
    known = uow.all(sa.select(Permission).where(Permission.about_id.in_({pupil for pupil, _ in pairs})))
    PERMISSIONS.store(uow, list(newest.values()))  # finds the rows of `known` in the session, one read for all
    uow.flush()
    advance(uow, events)
    allowed: dict[tuple[str, str], frozenset[str]] = {}
    held = {(row.about_id, row.holder_id): row.version for row in known}
    for pair, event in zip(pairs, newest.values(), strict=True):
        if event.data is None:
            allowed[pair] = frozenset()
        elif held.get(pair, 0) <= event.version:
            windows = event.data["windows"]
            allowed[pair] = frozenset(purpose for purpose in PURPOSES if open_at(windows, purpose, uow.now))
    return allowed


def advance(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Note how far the state stream was applied, and as of when."""
    PERMISSIONS.advance(uow, max(event.version for event in events), max(event.time for event in events))
    uow.flush()


def _store_by_id(uow: UnitOfWork, model: type[Any], events: Sequence[Event],
                 read: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    newest = newest_by_key(events)
    known = {row.id: row for row in uow.all(sa.select(model).where(model.id.in_(newest)))}
    fresh = []
    for key, event in newest.items():
        row = known.get(key)
        if event.data is None:
            if row is not None:
                uow.session.delete(row)
        elif row is None:
            fresh.append({"id": key, "version": event.version, **read(event.data)})
        elif row.version < event.version:
            _change(row, event, read)
    uow.flush()
    uow.insert(model, fresh)
    advance(uow, events)


def _change(row: Any, event: Event, read: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    for name, value in read(event.data).items():
        setattr(row, name, value)
    row.version = event.version
