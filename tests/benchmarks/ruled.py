"""The check as notifications makes it before it tells anybody (one read for a run of facts), for `parts`' pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Event
from chassis.unit_of_work import Database, UnitOfWork
from services.notifications.contacts.models import Permission, Pupil
from services.notifications.contacts.queries import list_adults
from tests.benchmarks.parts import KEYS, SCHOOL, create_all

ADULTS = ("one", "two")
PURPOSES = ("see", "receive")
WINDOWS: dict[str, Any] = {purpose: [[None, None]] for purpose in (
    "see", "receive", "reply", "book", "attend", "consent", "collect")}  # as most adults have them


def create_ruled(database: Database) -> None:
    """The pipeline's tables, and the copy of who may have what."""
    create_all(database)
    tables: Any = (Permission.__table__, Pupil.__table__)
    for table in tables:
        table.create(database.engine)


def fill(database: Database) -> None:
    """Two adults for each of the keys `key-0`, `key-1`, ..., of whom the first is told."""
    with database.unit_of_work(SCHOOL) as uow:
        uow.insert(Permission, [
            {"about_id": f"key-{number}", "holder_id": adult, "windows": WINDOWS, "version": 1}
            for number in range(KEYS) for adult in ADULTS])
        uow.insert(Pupil, [{"id": f"key-{number}", "given_name": "Sam", "status": "current", "version": 1}
                           for number in range(KEYS)])


def pick_allowed(uow: UnitOfWork, events: Sequence[Event]) -> Sequence[Event]:
    """The facts whose reader may have them now."""
    adults = list_adults(uow, {event.key for event in events}, PURPOSES)
    return [event for event in events if ADULTS[0] in adults.get(event.key, ())]
