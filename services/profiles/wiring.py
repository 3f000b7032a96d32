"""How the profiles service is put together; tests hand it fakes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from chassis.auth import TokenReader
from chassis.clock import Clock
from chassis.unit_of_work import Database
from chassis.web import Service
from services.profiles.about_me.readings import CHASE, PAGE_REVIEW, ask_review, chase_unread
from services.profiles.about_me.routes import room as about_me
from services.profiles.access.actions import DUE, remind_of_request
from services.profiles.access.routes import room as access
from services.profiles.agreements.routes import room as agreements
from services.profiles.child_page.routes import room as child_page
from services.profiles.classes.routes import room as classes
from services.profiles.consents.actions import CLOSES, close_consent
from services.profiles.consents.routes import room as consents
from services.profiles.duplicates.routes import room as duplicates
from services.profiles.expectations.routes import room as expectations
from services.profiles.families.routes import room as families
from services.profiles.heard.routes import room as heard
from services.profiles.partnerships.reviews import MET, OVERDUE, REMIND, note_met, note_overdue, remind_of_loop
from services.profiles.partnerships.routes import room as partnerships
from services.profiles.people.actions import Heart
from services.profiles.policy.actions import POLICY_TURN, turn_policy
from services.profiles.policy.routes import room as policy
from services.profiles.praise.routes import room as praise
from services.profiles.progress.routes import room as progress
from services.profiles.relationships.actions import RIGHTS_TURN, turn_rights
from services.profiles.relationships.queries import ask
from services.profiles.relationships.routes import room as relationships
from services.profiles.restrictions.actions import ENDING, REVIEW, remind_of_end, remind_of_review
from services.profiles.restrictions.routes import room as restrictions
from services.profiles.roster.routes import room as roster
from services.profiles.roster.running import FORGET, RUN, Runner, forget_file
from services.profiles.safeguarding.actions import ANNOUNCE, announce_matter
from services.profiles.safeguarding.routes import room as safeguarding
from services.profiles.school_year.routes import room as school_year
from services.profiles.strategies.routes import room as strategies
from services.profiles.subscriptions import SUBSCRIPTIONS
from services.profiles.support.routes import room as support
from services.profiles.tester.routes import room as tester
from services.profiles.voice.routes import room as voice
from services.profiles.wellbeing.actions import EXPIRES, PROMISED, chase_update, expire_update
from services.profiles.wellbeing.routes import room as wellbeing

TIMERS = {
    CHASE: chase_unread, PAGE_REVIEW: ask_review,
    EXPIRES: expire_update, CLOSES: close_consent, FORGET: forget_file, RIGHTS_TURN: turn_rights,
    POLICY_TURN: turn_policy, REVIEW: remind_of_review, ENDING: remind_of_end,
    REMIND: remind_of_loop, OVERDUE: note_overdue, MET: note_met,
    DUE: remind_of_request, PROMISED: chase_update, ANNOUNCE: announce_matter,
}


def build(database_url: str, public_jwk: dict[str, Any], clock: Clock, schools: Callable[[], Sequence[str]],
          place: Callable[[str], None] | None = None, seal: str = "") -> Service:
    """The service over its database. `place` makes room for a school that a roster brings (None: refuse).

    `seal` is the secret of all profiles of a trust by which they know each other's pages; without one it is this
    process's own, and pages travel between the schools that it serves.
    """
    database = Database(database_url, "profiles", clock)
    runner = Runner(database, schools, place)
    return Service(
        "profiles", database, TokenReader(public_jwk, clock),
        [classes, child_page, about_me, support, relationships, restrictions, policy, families, tester, duplicates,
         wellbeing, praise, heard, consents,
         access, progress, expectations, school_year, voice, safeguarding, roster,
         strategies, agreements, partnerships], ask, schools, SUBSCRIPTIONS,
        {**TIMERS, RUN: runner.wake}, [Heart(database, schools).beat], [runner.run_next],
        {"seal": seal or secrets.token_hex(32)})
