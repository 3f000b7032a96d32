"""A reader's own copy of what another service says on its state stream.

The newest snapshot of each key wins, however late or often snapshots come. A row carries the version of the snapshot
that it was made from; of what was erased a row without content stays, so that an older snapshot which comes late does
not bring it back.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.unit_of_work import UnitOfWork

Read = Callable[[Event], dict[str, Any]]
"""Makes a row's columns, its key among them, of one snapshot; of a tombstone (no data) an empty one."""


def newest(events: Iterable[Event]) -> dict[str, Event]:
    """The last word on each key."""
    found: dict[str, Event] = {}
    for event in events:
        if event.key not in found or found[event.key].version <= event.version:
            found[event.key] = event
    return found


def keep(uow: UnitOfWork, model: type[Any], events: Iterable[Event], read: Read) -> list[Event]:
    """Write what is newer than what is held, in three statements at most; return those snapshots, one of each key."""
    latest = newest(events)
    key = [column.name for column in model.__table__.primary_key if column.name != "school_id"]
    rows = {name: {**read(event), "version": event.version} for name, event in latest.items()}
    held = _held(uow, model, key, list(rows.values()))
    fresh = [name for name, row in rows.items() if held.get(_identity(row, key), -1) < row["version"]]
    uow.insert(model, [rows[name] for name in fresh if _identity(rows[name], key) not in held])
    _change(uow, model, key, [rows[name] for name in fresh if _identity(rows[name], key) in held])
    return [latest[name] for name in fresh]


def _identity(row: dict[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in key)


def _held(uow: UnitOfWork, model: Any, key: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[Any, int]:
    """The versions of the rows that are there, by what is left of their key beside the school."""
    given = {"names": list({row[key[0]] for row in rows})} if key else {}
    found = uow.connection.execute(_versions(model), {"school": uow.school, **given})
    return {tuple(identity): version for version, *identity in found}


@functools.cache
def _versions(model: Any) -> sa.Select[Any]:
    """Version and key of a model's rows, for some values of its key's first part; made once: it is asked very often."""
    table = model.__table__
    key = [column for column in table.primary_key if column.name != "school_id"]
    wanted = sa.select(table.c.version, *key).where(table.c.school_id == sa.bindparam("school"))
    return wanted.where(key[0].in_(sa.bindparam("names", expanding=True))) if key else wanted


def _change(uow: UnitOfWork, model: Any, key: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        table = model.__table__
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in rows[0] if name not in key}
        uow.connection.execute(
            sa.update(table).where(table.c.school_id == uow.school,
                                   *(table.c[name] == sa.bindparam(f"new_{name}") for name in key)).values(values),
            [{f"new_{name}": value for name, value in row.items()} for row in rows])
