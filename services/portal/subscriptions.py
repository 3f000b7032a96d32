"""Whom the portal listens to: the state streams of the schools, for who may sign in as whom, and what ends when."""

from __future__ import annotations

from chassis.inbox import Subscriptions
from services.portal.accounts import access, projection, pupils

SUBSCRIPTIONS = Subscriptions(
    follows=(("profiles", "state"),),
    handlers={
        "tandem.profiles.guardian.described.v1": projection.store_guardians,
        "tandem.profiles.staff.described.v1": projection.store_staff,
        "tandem.profiles.pupil.described.v1": pupils.store_pupils,
        "tandem.profiles.school.described.v1": projection.store_school,
        "tandem.profiles.rights.computed.v1": access.store_rights,
    },
    on_parked={"tandem.profiles.rights.computed.v1": access.PERMISSIONS.hold},
)
