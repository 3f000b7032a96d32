"""Hand-written stand-ins for the ports: a clock that is held still, keys, events made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.auth import Principal, TokenMaker, new_key_pair
from chassis.clock import new_id
from chassis.envelope import Event
from chassis.inbox import apply_events
from chassis.web import Service

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday in term


class FixedClock:
    """Time that passes only when told."""

    def __init__(self, now: datetime = NOW):
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> None:
        self._now += timedelta(**by)


class Keys:
    """A pair of keys and tokens made with it."""

    def __init__(self, clock: Any):
        self.pair = private, self.public = new_key_pair()
        self.maker = TokenMaker(private, clock)

    def header(self, person_id: str, hat: str, school: str = "oakfield", roles: Iterable[str] = ()) -> dict[str, str]:
        """The Authorization header of a caller."""
        token = self.maker.make(Principal(f"account-{person_id}", school, person_id, hat, frozenset(roles)))
        return {"Authorization": f"Bearer {token}"}


def event(kind: str, key: str, data: Any, school: str = "oakfield", version: int = 1, after: int = 0,
          time: datetime = NOW, state_of: str = "") -> Event:
    """An event as a reader would get it."""
    return Event(new_id(), kind, school, key, version, time, data, after, state_of=state_of)


def deliver(wired: Service, *events: Event) -> None:
    """Let a service take events through its inbox, in one unit of work per school."""
    for school in dict.fromkeys(item.school for item in events):
        with wired.database.unit_of_work(school) as uow:
            apply_events(uow, wired.subscriptions, [item for item in events if item.school == school])
