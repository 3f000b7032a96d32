"""A reader's own copy of who may do what about whom, kept from the owner's state stream and asked before every act.

Nothing here knows what the purposes mean. Each row holds, for one holder and one subject, the windows of time in which
each purpose is allowed; the reader obeys the dates by itself. A copy that is older than `FRESH_FOR` answers `held`:
nothing is shown or sent, nothing is lost, and it goes on when the copy is fresh again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from chassis.db import Tenant
from chassis.envelope import Event
from chassis.errors import NotFound, NotYet, Unavailable
from chassis.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(seconds=60)


class Answer(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"
    HELD = "held"


@declarative_mixin
class PermissionColumns(Tenant):
    """The columns of a service's `permissions` table."""

    about_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    holder_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    windows: Mapped[dict[str, Any]]
    version: Mapped[int]


@declarative_mixin
class FreshnessColumns(Tenant):
    """The columns of a service's `freshness` table: how far a source's state stream was applied, and as of when."""

    source: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    version: Mapped[int]
    as_of: Mapped[datetime]


class Permissions:
    """Asks and keeps the copy of one service; built once from that service's two models."""

    def __init__(self, model: type[Any], freshness: type[Any], source: str):
        self.model = model
        self.freshness = freshness
        self.source = source

    def may(self, uow: UnitOfWork, holder: str, purpose: str, about: str) -> Answer:
        """One indexed read: is it allowed now?"""
        fresh = sa.select(self.freshness.as_of).where(self.freshness.source == self.source).scalar_subquery()
        row = uow.session.execute(sa.select(self.model.windows, fresh).where(
            self.model.about_id == about, self.model.holder_id == holder)).first()
        if row is None:
            return Answer.HELD if self._is_stale(uow) else Answer.REFUSED
        if row[1] is None or uow.now - row[1] > FRESH_FOR:
            return Answer.HELD
        return Answer.ALLOWED if open_at(row[0], purpose, uow.now) else Answer.REFUSED

    def require(self, uow: UnitOfWork, holder: str, purpose: str, about: str) -> None:
        """Raise NotFound when it is not allowed, Unavailable while the copy is too old to say."""
        answer = self.may(uow, holder, purpose, about)
        if answer is Answer.HELD:
            raise Unavailable("We're checking who may see this. It'll be here shortly.", retry_after_s=10)
        if answer is Answer.REFUSED:
            raise NotFound()

    def allowed_abouts(self, uow: UnitOfWork, holder: str, purpose: str) -> list[str]:
        """Whom this holder may do it about, now; Unavailable while the copy is too old."""
        self.require_fresh(uow)
        rows = uow.rows(sa.select(self.model.about_id, self.model.windows).where(self.model.holder_id == holder))
        return [row.about_id for row in rows if open_at(row.windows, purpose, uow.now)]

    def allowed_holders(self, uow: UnitOfWork, abouts: Sequence[str], purpose: str) -> list[tuple[str, str]]:
        """(about, holder) pairs that are allowed now; it is the caller's part to ask about freshness."""
        rows = uow.rows(sa.select(self.model.about_id, self.model.holder_id, self.model.windows)
                        .where(self.model.about_id.in_(abouts)).order_by(self.model.about_id, self.model.holder_id))
        return [(row.about_id, row.holder_id) for row in rows if open_at(row.windows, purpose, uow.now)]

    def require_fresh(self, uow: UnitOfWork) -> None:
        if self._is_stale(uow):
            raise Unavailable("We're checking who may see this. It'll be here shortly.", retry_after_s=10)

    def _is_stale(self, uow: UnitOfWork) -> bool:
        row = uow.get(self.freshness, self.source)
        return row is None or uow.now - row.as_of > FRESH_FOR

    def wait_for(self, uow: UnitOfWork, events: Sequence[Event]) -> None:
        """Raise NotYet until the state that these events were decided on has been applied here."""
        needed = max((event.after for event in events), default=0)
        if needed:
            row = uow.get(self.freshness, self.source)
            if row is None or row.version < needed:
                raise NotYet("the state that this event builds on has not arrived")

    def store(self, uow: UnitOfWork, events: Sequence[Event]) -> None:
        """Apply snapshots of pairs: newest version wins; a tombstone takes the pair away."""
        for event in events:
            about, _, holder = event.key.partition(":")
            row = uow.get(self.model, about, holder)
            if event.data is None:
                if row is not None:
                    uow.session.delete(row)
                    uow.flush()
            elif row is None:
                uow.add(self.model(about_id=about, holder_id=holder, windows=event.data["windows"],
                                   version=event.version))
                uow.flush()
            elif row.version < event.version:
                row.windows, row.version = event.data["windows"], event.version

    def advance(self, uow: UnitOfWork, version: int, as_of: datetime) -> None:
        """Note that the source's state is applied up to `version`, true as of `as_of`."""
        row = uow.get(self.freshness, self.source)
        if row is None:
            uow.add(self.freshness(source=self.source, version=version, as_of=as_of))
            uow.flush()
            return
        row.version = max(row.version, version)
        row.as_of = max(row.as_of, as_of)


def open_at(windows: dict[str, Any], purpose: str, at: datetime) -> bool:
    """Whether one of the purpose's windows (pairs of ISO instants, None for open ends) holds `at`."""
    for start, end in windows.get(purpose, ()):
        if (start is None or datetime.fromisoformat(start) <= at) and (end is None or at < datetime.fromisoformat(end)):
            return True
    return False
