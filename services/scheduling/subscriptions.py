"""What this service follows, and who handles it: profiles' state, and what a change of it releases."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Event
from chassis.inbox import Subscriptions
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import actions as appointments
from services.scheduling.feeds import actions as feeds
from services.scheduling.people import actions as people
from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.reception import actions as reception
from services.scheduling.sharing import actions as sharing


def on_pupil_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    appointments.release_pupils(uow, people.store_pupils(uow, events))


def on_rights_computed(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _release(uow, people.store_rights(uow, events))


def on_rights_turn(uow: UnitOfWork, key: str) -> None:
    """A window of a pair's right begins or ends now, though nobody says anything."""
    _release(uow, people.recheck_pair(uow, key))


def _release(uow: UnitOfWork, losses: people.Losses) -> None:
    """A right that was lost bites backwards; nothing of this comes back with it."""
    appointments.release_losses(uow, losses)
    sharing.forget_wishes(uow, losses.book)
    feeds.end_links(uow, {guardian_id for _, guardian_id in losses.book})


def on_keep_apart_declared(uow: UnitOfWork, events: Sequence[Event]) -> None:
    appointments.release_near(uow, people.store_keep_apart(uow, events))


SUBSCRIPTIONS = Subscriptions(
    follows=(("profiles", "state"),),
    handlers={
        "tandem.profiles.school.described.v1": people.store_school,
        "tandem.profiles.class.described.v1": people.store_classes,
        "tandem.profiles.staff.described.v1": people.store_staff,
        "tandem.profiles.guardian.described.v1": reception.store_adults,
        "tandem.profiles.pupil.described.v1": on_pupil_described,
        "tandem.profiles.rights.computed.v1": on_rights_computed,
        "tandem.profiles.keepapart.declared.v1": on_keep_apart_declared,
    },
    on_parked={"tandem.profiles.rights.computed.v1": PERMISSIONS.hold},
)
TIMERS = {people.RIGHTS_TURN: on_rights_turn}
