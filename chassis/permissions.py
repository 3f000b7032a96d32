"""A reader's own copy of who may do what about whom, kept from the owner's state stream and asked before every act.

Nothing here knows what the purposes mean. Each row holds, for one holder and one subject, the windows of time in which
each purpose is allowed; the reader obeys the dates by itself. A copy that is older than `FRESH_FOR` answers `held`:
nothing is shown or sent, nothing is lost, and it goes on when the copy is fresh again. So does a pair of which a
snapshot came that could not be handled: what is known of it is old, however fresh the rest is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from chassis.db import Tenant, freshness
from chassis.envelope import Event
from chassis.errors import NotFound, NotYet, Unavailable
from chassis.projections import keep
from chassis.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(seconds=60)
LONGEST_ID = 36


class Answer(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"
    HELD = "held"


@declarative_mixin
class PermissionColumns(Tenant):
    """The columns of a service's `permissions` table."""

    about_id: Mapped[str] = mapped_column(sa.String(LONGEST_ID), primary_key=True)
    holder_id: Mapped[str] = mapped_column(sa.String(LONGEST_ID), primary_key=True)
    windows: Mapped[dict[str, Any]]
    version: Mapped[int]
    is_held: Mapped[bool] = mapped_column(server_default=sa.false())  # a snapshot came that could not be handled


class Permissions:
    """Asks and keeps the copy of one service: its model of `PermissionColumns`, and whose state stream fills it."""

    def __init__(self, model: type[Any], source: str):
        self.model = model
        self.source = source
        table = model.__table__
        pairs = sa.and_(table.c.school_id == freshness.c.school_id, table.c.holder_id == sa.bindparam("holder"))
        wanted = sa.select(freshness.c.as_of, table.c.about_id, table.c.windows, table.c.is_held).where(
            freshness.c.school_id == sa.bindparam("school"), freshness.c.source == source)
        self._known = sa.select(freshness.c.version, freshness.c.as_of).where(
            freshness.c.school_id == sa.bindparam("school"), freshness.c.source == source)
        self._all = wanted.select_from(freshness.outerjoin(table, pairs))
        self._one = wanted.select_from(freshness.outerjoin(
            table, sa.and_(pairs, table.c.about_id == sa.bindparam("about"))))

    def may(self, uow: UnitOfWork, holder: str, purpose: str, about: str, at: datetime | None = None) -> Answer:
        """One indexed read: is it allowed now (or at another instant, as far as is known now)?"""
        found = self._read(uow, self._one, holder=holder, about=about)
        if not found or found[0].is_held:
            return Answer.HELD
        return Answer.ALLOWED if open_at(found[0].windows or {}, purpose, at or uow.now) else Answer.REFUSED

    def require(self, uow: UnitOfWork, holder: str, purpose: str, about: str) -> None:
        """Raise NotFound when it is not allowed, Unavailable while the copy is too old to say."""
        answer = self.may(uow, holder, purpose, about)
        if answer is Answer.HELD:
            raise _too_old()
        if answer is Answer.REFUSED:
            raise NotFound()

    def list_allowed(self, uow: UnitOfWork, holder: str, purpose: str) -> list[str]:
        """Whom this holder may do it about now, in one read, without held pairs; Unavailable while it is too old."""
        found = self._read(uow, self._all, holder=holder)
        if not found:
            raise _too_old()
        return [row.about_id for row in found
                if row.about_id is not None and not row.is_held and open_at(row.windows, purpose, uow.now)]

    def _read(self, uow: UnitOfWork, statement: sa.Select[Any], **values: str) -> Sequence[sa.Row[Any]]:
        """What the copy says, at least one row (empty where it knows no pair); no row while it is too old."""
        found = uow.connection.execute(statement, {"school": uow.school, **values}).all()
        return found if found and uow.now - found[0].as_of <= FRESH_FOR else ()

    def is_fresh(self, uow: UnitOfWork) -> bool:
        as_of = self._progress(uow)[1]
        return as_of is not None and uow.now - as_of <= FRESH_FOR

    def require_fresh(self, uow: UnitOfWork) -> None:
        if not self.is_fresh(uow):
            raise _too_old()

    def wait_for(self, uow: UnitOfWork, events: Sequence[Event]) -> None:
        """Raise NotYet until the state that these events were decided on has been applied here."""
        needed = max((event.after for event in events), default=0)
        if needed and self._progress(uow)[0] < needed:
            raise NotYet("the state that this event builds on has not arrived")

    def _progress(self, uow: UnitOfWork) -> tuple[int, datetime | None]:
        row = uow.connection.execute(self._known, {"school": uow.school}).first()
        return (0, None) if row is None else (row.version, row.as_of)

    def store(self, uow: UnitOfWork, events: Sequence[Event]) -> dict[tuple[str, str], dict[str, Any]]:
        """Apply snapshots of pairs; return the windows of each (about, holder) that this made new."""
        return {_pair(event): _windows(event) for event in keep(uow, self.model, events, _read_pair)}

    def hold(self, uow: UnitOfWork, key: str) -> None:
        """A snapshot of this pair could not be handled: the pair is held until a newer one than is known is applied."""
        table, (about, _, holder) = self.model.__table__, key.partition(":")
        if not (0 < len(about) <= LONGEST_ID and 0 < len(holder) <= LONGEST_ID):
            return
        mine = (table.c.school_id == uow.school, table.c.about_id == about, table.c.holder_id == holder)
        if not uow.connection.execute(sa.update(table).where(*mine).values(is_held=True)).rowcount:
            uow.insert(self.model, [
                {"about_id": about, "holder_id": holder, "windows": {}, "version": -1, "is_held": True}])


def _pair(event: Event) -> tuple[str, str]:
    about, _, holder = event.key.partition(":")
    return about, holder


def _windows(event: Event) -> dict[str, Any]:
    return dict((event.data or {}).get("windows", {}))


def _read_pair(event: Event) -> dict[str, Any]:
    about, holder = _pair(event)
    return {"about_id": about, "holder_id": holder, "windows": _windows(event), "is_held": False}


def _too_old() -> Unavailable:
    return Unavailable("We're checking who may see this. It'll be here shortly.", retry_after_s=10)


def open_at(windows: Mapping[str, Any], purpose: str, at: datetime) -> bool:
    """Whether one of the purpose's windows (pairs of ISO instants, None for open ends) holds `at`."""
    for start, end in windows.get(purpose, ()):
        if (start is None or datetime.fromisoformat(start) <= at) and (end is None or at < datetime.fromisoformat(end)):
            return True
    return False
