"""What this service follows, and who handles it: profiles' state, what a change of it releases, and wishes to meet."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Event
from chassis.inbox import Subscriptions
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import actions as appointments
from services.scheduling.checkins import actions as checkins
from services.scheduling.diaries.actions import TIME_FREED
from services.scheduling.evenings.actions import EVENING_OVER
from services.scheduling.feeds import actions as feeds
from services.scheduling.itineraries import actions as itineraries
from services.scheduling.nights import actions as nights
from services.scheduling.people import actions as people
from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.reception import actions as reception
from services.scheduling.reviews import actions as reviews
from services.scheduling.reviews.asks import apply_asks
from services.scheduling.sharing import actions as sharing
from services.scheduling.waitlist import actions as waitlist
from services.scheduling.wishes import actions as wishes


def on_pupil_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    left = people.store_pupils(uow, events)
    appointments.release_pupils(uow, left)
    reviews.release_pupils(uow, left)
    checkins.release_pupils(uow, left)
    itineraries.release_pupils(uow, left)
    waitlist.release_pupils(uow, left)
    wishes.release_pupils(uow, left)


def on_school_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    people.store_school(uow, events)
    checkins.start_mornings(uow)
    wishes.start_mornings(uow)


def on_rights_computed(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _release(uow, people.store_rights(uow, events))


def on_rights_turn(uow: UnitOfWork, key: str) -> None:
    """A window of a pair's right begins or ends now, though nobody says anything."""
    _release(uow, people.recheck_pair(uow, key))


def _release(uow: UnitOfWork, losses: people.Losses) -> None:
    """A right that was lost bites backwards; nothing of this comes back with it."""
    appointments.release_losses(uow, losses)
    reviews.release_losses(uow, losses)
    checkins.release_losses(uow, losses)
    itineraries.release_losses(uow, losses)
    waitlist.release_losses(uow, losses)
    sharing.forget_wishes(uow, losses.book)
    wishes.forget_wishes(uow, losses.book)
    feeds.end_links(uow, {guardian_id for _, guardian_id in losses.book})


def on_keep_apart_declared(uow: UnitOfWork, events: Sequence[Event]) -> None:
    pairs = people.store_keep_apart(uow, events)
    near = appointments.release_near(uow, pairs)
    reviews.release_near(uow, near)
    itineraries.release_near(uow, near)
    waitlist.release_near(uow, pairs)
    checkins.keep_apart(uow, pairs)


SUBSCRIPTIONS = Subscriptions(
    follows=(("profiles", "state"), ("profiles", "events")),
    handlers={
        "tandem.profiles.school.described.v1": on_school_described,
        "tandem.profiles.class.described.v1": people.store_classes,
        "tandem.profiles.staff.described.v1": people.store_staff,
        "tandem.profiles.guardian.described.v1": reception.store_adults,
        "tandem.profiles.pupil.described.v1": on_pupil_described,
        "tandem.profiles.rights.computed.v1": on_rights_computed,
        "tandem.profiles.keepapart.declared.v1": on_keep_apart_declared,
        "tandem.profiles.support.described.v1": people.store_support,
        "tandem.profiles.review.asked.v1": apply_asks,
        "tandem.profiles.review.dropped.v1": apply_asks,
    },
    on_parked={"tandem.profiles.rights.computed.v1": PERMISSIONS.hold},
)
TIMERS = {TIME_FREED: waitlist.on_time_freed, itineraries.LAPSE: itineraries.on_lapse,
          waitlist.EXPIRES: waitlist.on_expires, people.RIGHTS_TURN: on_rights_turn,
          checkins.MORNING: checkins.on_morning, wishes.MORNING: wishes.on_morning,
          EVENING_OVER: nights.on_evening_over, reviews.TALK_OVER: reviews.on_talk_over}
