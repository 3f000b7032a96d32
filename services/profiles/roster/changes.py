"""What a file changes in one school: each kind is compared with what is there, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Alias

SOURCE = "roster"


@dataclass(slots=True)
class Counts:
    """How many of one kind were added, changed, ended, left as they were, and refused."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(slots=True)
class Changes:
    """One kind's changes: rows to insert, and the ids whose snapshot must be published again."""

    counts: Counts = field(default_factory=Counts)
    added: list[Any] = field(default_factory=list)
    touched: list[Any] = field(default_factory=list)
    ended: list[Any] = field(default_factory=list)


class Names:
    """Our ids by the names that the roster's system gives."""

    def __init__(self, uow: UnitOfWork):
        self._uow = uow
        self._known = {(row.kind, row.external_id): row.own_id for row in uow.rows(
            sa.select(Alias.kind, Alias.external_id, Alias.own_id).where(Alias.source == SOURCE))}
        self._fresh: list[dict[str, str]] = []

    def find(self, kind: str, external_id: str) -> str | None:
        return self._known.get((kind, external_id))

    def give(self, kind: str, external_id: str) -> str:
        """Our id for that name, made now if it is new."""
        known = self._known.get((kind, external_id))
        if known is None:
            known = new_id()
            self.note(kind, external_id, known)
        return known

    def note(self, kind: str, external_id: str, own_id: str) -> None:
        """That name is of something that has its id already."""
        if self._known.get((kind, external_id)) is None:
            self._known[kind, external_id] = own_id
            self._fresh.append({"source": SOURCE, "kind": kind, "external_id": external_id, "own_id": own_id})

    def own_ids(self, kind: str) -> set[str]:
        """Everything of a kind that the roster has ever named."""
        return {own_id for (of, _), own_id in self._known.items() if of == kind}

    def keep(self) -> None:
        """Write the names that are new."""
        self._uow.insert(Alias, self._fresh)
        self._fresh = []


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind is compared: its table, the columns that a file says, and the words for being here and gone."""

    name: str
    model: type[Any]
    columns: tuple[str, ...]
    gone: str


def compare(uow: UnitOfWork, names: Names, kind: Kind, rows: Iterable[Any], everything: bool) -> Changes:
    """Change this school's rows of a kind to what the file says. `everything`: what it does not hold has ended."""
    changes, seen = Changes(), set()
    there = {row.id: row for row in uow.all(sa.select(kind.model))}
    for row in rows:
        own_id = names.give(kind.name, row.external_id)
        if own_id in seen:
            continue
        seen.add(own_id)
        _apply(kind, there.get(own_id), own_id, row, changes)
    if everything:
        for own_id in names.own_ids(kind.name) - seen:
            _end(kind, there.get(own_id), changes)
    uow.insert(kind.model, [_values(kind, new) | {"id": new.id} for new in changes.added])
    return changes


def _apply(kind: Kind, existing: Any, own_id: str, row: Any, changes: Changes) -> None:
    values = {column: getattr(row, column) for column in kind.columns}
    values["status"] = kind.gone if row.status != "current" else "current"
    if "roles" in values:
        values["roles"] = sorted(values["roles"])
    if existing is None:
        if values["status"] == "current":
            changes.added.append(SimpleNamespace(id=own_id, **values))  # a model for each would take half of the time
            changes.counts.added += 1
        return
    if values["status"] != "current":
        _end(kind, existing, changes)
    elif any(getattr(existing, column) != value for column, value in values.items()):
        for column, value in values.items():
            setattr(existing, column, value)
        changes.touched.append(existing)
        changes.counts.changed += 1
    else:
        changes.counts.unchanged += 1


def _end(kind: Kind, existing: Any, changes: Changes) -> None:
    if existing is not None and existing.status == "current":
        existing.status = kind.gone
        changes.ended.append(existing)
        changes.counts.ended += 1


def _values(kind: Kind, row: Any) -> dict[str, Any]:
    return {column: getattr(row, column) for column in (*kind.columns, "status")}
