"""The service, put together: rooms, subscriptions and the post."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from chassis.auth import Principal, TokenReader
from chassis.clock import Clock
from chassis.envelope import Event
from chassis.inbox import Handler, Subscriptions
from chassis.mail import MailSender
from chassis.unit_of_work import Database, UnitOfWork
from chassis.web import Service
from services.notifications.contacts.queries import PERMISSIONS
from services.notifications.deliveries.sending import Post
from services.notifications.notices.routes import room as notices_room
from services.notifications.preferences.routes import room as preferences_room
from services.notifications.subscriptions import SUBSCRIPTIONS, TIMERS

ROOMS = (notices_room, preferences_room)


def ask(uow: UnitOfWork, caller: Principal, right: str, about: str) -> None:
    """The rule, as this service's own copy has it."""
    PERMISSIONS.require(uow, caller.person_id, right, about)


def build(database_url: str, public_jwk: dict[str, Any], clock: Clock, schools: Callable[[], Sequence[str]],
          sender: MailSender, portal_url: str) -> Service:
    """The service over its database, ready to be served (app.py) and worked (worker.py)."""
    database = Database(database_url, "notifications", clock)
    post = Post(database, sender, portal_url, schools)
    return Service(
        "notifications", database, TokenReader(public_jwk, clock), ROOMS, ask, schools,
        subscriptions=Subscriptions(SUBSCRIPTIONS.follows, {
            kind: _hinting(handler, post) for kind, handler in SUBSCRIPTIONS.handlers.items()
        }, SUBSCRIPTIONS.on_parked),
        timers=TIMERS, chores=[post.pump])


def _hinting(handler: Handler, post: Post) -> Handler:
    """Handle, and tell the post once it is committed: something may be queued, or a held school may be fresh again."""
    def handle(uow: UnitOfWork, events: Sequence[Event]) -> None:
        handler(uow, events)
        uow.after_commit.append(functools.partial(post.hint, uow.school))
    return handle
