"""Whom the portal listens to: the state streams of the schools, for who may sign in as whom."""

from __future__ import annotations

from chassis.inbox import Subscriptions
from services.portal.accounts import projection

SUBSCRIPTIONS = Subscriptions(
    follows=(("profiles", "state"),),
    handlers={
        "tandem.profiles.guardian.described.v1": projection.store_guardians,
        "tandem.profiles.staff.described.v1": projection.store_staff,
        "tandem.profiles.school.described.v1": projection.store_school,
    },
)
