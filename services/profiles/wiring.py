"""How the profiles service is put together; tests hand it fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chassis.auth import TokenReader
from chassis.clock import Clock
from chassis.unit_of_work import Database
from chassis.web import Service
from services.profiles.access.actions import DUE, remind_of_request
from services.profiles.access.routes import room as access
from services.profiles.classes.routes import room as classes
from services.profiles.consents.actions import CLOSES, close_consent
from services.profiles.consents.routes import room as consents
from services.profiles.duplicates.routes import room as duplicates
from services.profiles.families.routes import room as families
from services.profiles.people.actions import Heart
from services.profiles.policy.actions import POLICY_TURN, turn_policy
from services.profiles.policy.routes import room as policy
from services.profiles.praise.routes import room as praise
from services.profiles.relationships.actions import RIGHTS_TURN, turn_rights
from services.profiles.relationships.queries import ask
from services.profiles.relationships.routes import room as relationships
from services.profiles.restrictions.actions import ENDING, REVIEW, remind_of_end, remind_of_review
from services.profiles.restrictions.routes import room as restrictions
from services.profiles.roster.routes import room as roster
from services.profiles.roster.running import FORGET, RUN, Runner, forget_file
from services.profiles.subscriptions import SUBSCRIPTIONS
from services.profiles.tester.routes import room as tester
from services.profiles.wellbeing.actions import EXPIRES, expire_update
from services.profiles.wellbeing.routes import room as wellbeing

TIMERS = {
    EXPIRES: expire_update, CLOSES: close_consent, FORGET: forget_file, RIGHTS_TURN: turn_rights,
    POLICY_TURN: turn_policy, REVIEW: remind_of_review, ENDING: remind_of_end,
    DUE: remind_of_request,
}


def build(database_url: str, public_jwk: dict[str, Any], clock: Clock, schools: Callable[[], Sequence[str]],
          place: Callable[[str], None] | None = None) -> Service:
    """The service over its database. `place` makes room for a school that a roster brings (None: refuse)."""
    database = Database(database_url, "profiles", clock)
    runner = Runner(database, schools, place)
    return Service(
        "profiles", database, TokenReader(public_jwk, clock),
        [classes, relationships, restrictions, policy, families, tester, duplicates, wellbeing, praise, consents,
         access, roster], ask, schools, SUBSCRIPTIONS,
        {**TIMERS, RUN: runner.wake}, [Heart(database, schools).beat], [runner.run_next])
