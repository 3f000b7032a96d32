"""How the profiles service is put together; tests hand it fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chassis.auth import TokenReader
from chassis.clock import Clock
from chassis.unit_of_work import Database
from chassis.web import Service
from services.profiles.classes.routes import room as classes
from services.profiles.people.actions import Heart
from services.profiles.praise.routes import room as praise
from services.profiles.relationships.queries import ask
from services.profiles.relationships.routes import room as relationships
from services.profiles.roster.routes import room as roster
from services.profiles.roster.running import FORGET, RUN, Runner, forget_file
from services.profiles.subscriptions import SUBSCRIPTIONS
from services.profiles.wellbeing.actions import EXPIRES, expire_update
from services.profiles.wellbeing.routes import room as wellbeing


def build(database_url: str, public_jwk: dict[str, Any], clock: Clock, schools: Callable[[], Sequence[str]],
          place: Callable[[str], None] | None = None) -> Service:
    """The service over its database. `place` makes room for a school that a roster brings (None: refuse)."""
    database = Database(database_url, "profiles", clock)
    runner = Runner(database, schools, place)
    return Service(
        "profiles", database, TokenReader(public_jwk, clock), [classes, relationships, wellbeing, praise, roster], ask,
        schools, SUBSCRIPTIONS, {EXPIRES: expire_update, RUN: runner.wake, FORGET: forget_file},
        [Heart(database, schools).beat], [runner.run_next])
