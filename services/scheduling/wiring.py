"""Builds the service from its parts; tests build it with parts of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chassis.auth import TokenReader
from chassis.clock import Clock
from chassis.unit_of_work import Database
from chassis.web import Service
from services.scheduling.appointments.routes import room as appointments
from services.scheduling.checkins.routes import room as checkins
from services.scheduling.evenings.routes import room as evenings
from services.scheduling.feeds.routes import room as feeds
from services.scheduling.itineraries.routes import room as itineraries
from services.scheduling.meetings.routes import room as meetings
from services.scheduling.nights.routes import room as nights
from services.scheduling.people.queries import ask
from services.scheduling.planning.actions import RUN
from services.scheduling.planning.routes import room as planning
from services.scheduling.planning.running import Runner
from services.scheduling.reception.routes import room as reception
from services.scheduling.resources.routes import room as resources
from services.scheduling.reviews.routes import room as reviews
from services.scheduling.sharing.routes import room as sharing
from services.scheduling.subscriptions import SUBSCRIPTIONS, TIMERS
from services.scheduling.waitlist.actions import offer_freed
from services.scheduling.waitlist.routes import room as waitlist
from services.scheduling.wishes.routes import room as wishes


def build(database_url: str, public_jwk: dict[str, Any], clock: Clock,
          schools: Callable[[], Sequence[str]]) -> Service:
    """The service over this database, for these schools."""
    database = Database(database_url, "scheduling", clock)
    database.before_commit.append(offer_freed)
    runner = Runner(database, schools)
    return Service(
        name="scheduling", database=database,
        tokens=TokenReader(public_jwk, clock),
        rooms=(evenings, resources, wishes, planning, appointments, itineraries, waitlist, nights, sharing, feeds,
               reception, reviews, checkins, meetings),
        ask=ask, schools=schools, subscriptions=SUBSCRIPTIONS, timers={**TIMERS, RUN: runner.wake},
        labours=[runner.run_next])
