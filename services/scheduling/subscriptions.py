"""What this service follows, and who handles it: profiles' state, and what a change of it releases."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Event
from chassis.inbox import Subscriptions
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings import actions as evenings
from services.scheduling.people import actions as people


def on_pupil_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    evenings.release_pupils(uow, people.store_pupils(uow, events))


def on_rights_computed(uow: UnitOfWork, events: Sequence[Event]) -> None:
    evenings.release_pairs(uow, people.store_rights(uow, events))


def on_rights_turn(uow: UnitOfWork, key: str) -> None:
    """A window of a pair's right begins or ends now, though nobody says anything."""
    evenings.release_pairs(uow, people.recheck_pair(uow, key))


SUBSCRIPTIONS = Subscriptions(
    follows=(("profiles", "state"),),
    handlers={
        "tandem.profiles.school.described.v1": people.store_school,
        "tandem.profiles.class.described.v1": people.store_classes,
        "tandem.profiles.staff.described.v1": people.store_staff,
        "tandem.profiles.pupil.described.v1": on_pupil_described,
        "tandem.profiles.rights.computed.v1": on_rights_computed,
    },
)
TIMERS = {people.RIGHTS_TURN: on_rights_turn}
