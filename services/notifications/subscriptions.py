"""Whom this service listens to, and what each fact does here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chassis.envelope import Event
from chassis.inbox import Subscriptions
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts import actions as contacts
from services.notifications.contacts.queries import PERMISSIONS, list_adults, wait_for_state
from services.notifications.notices import actions as notices
from services.notifications.notices.events import (
    read_acknowledged,
    read_alert,
    read_appointment,
    read_asked,
    read_called,
    read_evening_cancelled,
    read_evening_moved,
    read_itinerary,
    read_left,
    read_opened,
    read_praise,
    read_published,
    read_shared,
)
from services.notifications.notices.rules import NEWS, purposes_of
from services.notifications.preferences.actions import forget_people


def on_pupil_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    notices.withdraw_of_leavers(uow, contacts.store_pupils(uow, events))


def on_guardian_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    forget_people(uow, contacts.store_guardians(uow, events))


def on_staff_described(uow: UnitOfWork, events: Sequence[Event]) -> None:
    forget_people(uow, contacts.store_staff(uow, events))


def on_rights_computed(uow: UnitOfWork, events: Sequence[Event]) -> None:
    notices.withdraw_refused(uow, contacts.store_rights(uow, events))


def on_heartbeat_sent(_uow: UnitOfWork, _events: Sequence[Event]) -> None:
    """Nothing is kept of it; as after every fact the post looks for what may go now (wiring.py): some may be held."""


def on_update_shared(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell(uow, [telling for event in events for telling in read_shared(event)])


def on_update_acknowledged(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.withdraw_about(uow, "update-overdue", [event.data["update_id"] for event in events], "update_read")
    notices.tell_allowed(uow, "update-acknowledged", [read_acknowledged(event) for event in events])


def on_update_ended(uow: UnitOfWork, events: Sequence[Event]) -> None:
    for kind in ("update-shared", "update-overdue"):
        notices.withdraw_about(uow, kind, [event.data["update_id"] for event in events], "update_ended")


def on_pupil_left(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell(uow, [telling for event in events for telling in read_left(event)])


def on_praise_sent(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    adults = list_adults(uow, {event.data["pupil_id"] for event in events}, purposes_of("praise"))
    notices.tell(uow, [read_praise(event, guardian_id) for event in events
                       for guardian_id in adults.get(event.data["pupil_id"], ())])


def on_alert_raised(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell(uow, [telling for event in events for telling in read_alert(event)])


def on_consent_asked(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    pupils = {pupil_id for event in events for pupil_id in event.data["pupil_ids"]}
    adults = list_adults(uow, pupils, purposes_of("consent-asked"))
    notices.tell(uow, [read_asked(event, pupil_id, guardian_id) for event in events
                       for pupil_id in event.data["pupil_ids"] for guardian_id in adults.get(pupil_id, ())])


def on_consent_ended(uow: UnitOfWork, events: Sequence[Event]) -> None:
    notices.withdraw_about(uow, "consent-asked", [event.data["consent_id"] for event in events], "consent_ended")


def on_evening_opened(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    pupils = {pupil_id for event in events for pupil_id in event.data["pupil_ids"]}
    adults = list_adults(uow, pupils, purposes_of("evening-opened"))
    notices.tell(uow, [read_opened(event, pupil_id, guardian_id) for event in events
                       for pupil_id in event.data["pupil_ids"] for guardian_id in adults.get(pupil_id, ())])


def on_evening_moved(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """What was told of another day before is not sent any more; who may answer looks at the answer again."""
    wait_for_state(uow, events)
    evenings = [event.data["evening_id"] for event in events]
    for kind in ("evening-moved", "wishes-reminded"):
        notices.withdraw_about(uow, kind, evenings, "done")
    adults = list_adults(uow, {one for event in events for one in event.data["pupil_ids"]},
                         purposes_of("evening-moved"))
    notices.tell(uow, [telling for event in events for telling in read_evening_moved(event, adults)])


def on_evening_cancelled(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Nobody is invited to it any more; families who could have come, and staff who would have sat there, are told."""
    wait_for_state(uow, events)
    evenings = [event.data["evening_id"] for event in events]
    for kind in ("evening-opened", "evening-moved", "wishes-reminded"):
        notices.withdraw_about(uow, kind, evenings, "evening_cancelled")
    adults = list_adults(uow, {one for event in events for one in event.data["pupil_ids"]},
                         purposes_of("evening-cancelled"))
    notices.tell(uow, [telling for event in events for telling in read_evening_cancelled(event, adults)])


def on_appointment_booked(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """What came with the plan of a whole evening is told by that plan, once to each."""
    _tell_of_appointments(uow, "appointment-booked", [event for event in events if not event.data.get("planned")])


def on_itinerary_planned(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell_allowed(uow, "itinerary-planned", [telling for event in events for telling in read_itinerary(event)])


def on_plan_published(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell(uow, [telling for event in events for telling in read_published(event)])


def on_appointment_cancelled(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _tell_of_appointments(uow, "appointment-cancelled", events)


def on_colleague_called(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell(uow, [telling for event in events for telling in read_called(event)])


def _tell_of_appointments(uow: UnitOfWork, kind: str, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.tell_allowed(uow, kind, [telling for event in events for telling in read_appointment(event, kind)])


def on_news(kind: str, uow: UnitOfWork, events: Sequence[Event]) -> None:
    """A fact of the partnership, told as its row in `notices.rules.NEWS` says."""
    wait_for_state(uow, events)
    notices.tell_news(uow, kind, events)


def on_partnership_closed(uow: UnitOfWork, events: Sequence[Event]) -> None:
    ids = [event.data["partnership_id"] for event in events]
    for kind in ("partnership-reminded", "partnership-overdue"):
        notices.withdraw_about(uow, kind, ids, "partnership_closed")
    on_news("partnership-closed", uow, events)


def on_review_dropped(uow: UnitOfWork, events: Sequence[Event]) -> None:
    wait_for_state(uow, events)
    notices.withdraw_offers(uow, events)


def on_review_cancelled(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Where it ended for the adult alone, its member of staff has what they were told."""
    for kind in ("review-offered", "review-booked"):
        _withdraw_review(uow, kind, events)
    on_news("review-cancelled", uow, events)


def _withdraw_review(uow: UnitOfWork, kind: str, events: Sequence[Event]) -> None:
    left = [event for event in events if event.data["guardian_ids"] and not event.data["staff_ids"]]
    notices.withdraw_about(uow, kind, [event.data["review_id"] for event in events if event not in left],
                           "review_cancelled")
    for event in left:
        for guardian_id in event.data["guardian_ids"]:
            notices.withdraw_about(uow, kind, [event.data["review_id"]], "review_cancelled", guardian_id)


def on_meeting_cancelled(uow: UnitOfWork, events: Sequence[Event]) -> None:
    for kind in ("meeting-offered", "meeting-booked"):
        notices.withdraw_about(uow, kind, [event.data["review_id"] for event in events], "review_cancelled")
    on_news("meeting-cancelled", uow, events)


def on_offer_ended(uow: UnitOfWork, events: Sequence[Event]) -> None:
    notices.withdraw_about(uow, "offer-made", [event.data["offer_id"] for event in events], "offer_ended")
    on_news("offer-ended", uow, events)


def on_wishes_answered(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Who has answered is reminded no more."""
    for event in events:
        notices.withdraw_about(uow, "wishes-reminded", [event.data["evening_id"]], "done", event.data["guardian_id"])


def on_about_me_read(uow: UnitOfWork, events: Sequence[Event]) -> None:
    for event in events:
        notices.withdraw_from(uow, "aboutme-toread", event.data["staff_id"], event.data["pupil_id"], "done")


def on_note_withdrawn(uow: UnitOfWork, events: Sequence[Event]) -> None:
    notices.withdraw_about(uow, "note-shared", [event.data["note_id"] for event in events], "note_withdrawn")


def on_checkin_declined(uow: UnitOfWork, events: Sequence[Event]) -> None:
    for event in events:
        adult, pupil_id = event.data.get("guardian_id", ""), event.data["pupil_id"]
        notices.withdraw_from(uow, "checkin-proposed", adult, pupil_id, "done")
    on_news("checkin-declined", uow, events)


def on_entry_withdrawn(uow: UnitOfWork, events: Sequence[Event]) -> None:
    for event in events:
        data = event.data
        notices.withdraw_words(uow, data["about_id"], data.get("entry_id"), data["by_id"], data["pupil_id"])


SENT_BY_SCHEDULING = ("review-", "meeting-", "checkin-", "offer-", "wishes-", "talk-", "evening-")
ON_NEWS = {f"tandem.{'scheduling' if kind.startswith(SENT_BY_SCHEDULING) else 'profiles'}."
           f"{kind.replace('-', '.')}.v1": partial(on_news, kind) for kind in NEWS}
SUBSCRIPTIONS = Subscriptions(
    follows=(("profiles", "state"), ("profiles", "events"), ("scheduling", "events")),
    handlers={
        **ON_NEWS,
        "tandem.profiles.partnership.closed.v1": on_partnership_closed,
        "tandem.profiles.review.dropped.v1": on_review_dropped,
        "tandem.profiles.aboutme.read.v1": on_about_me_read,
        "tandem.profiles.note.withdrawn.v1": on_note_withdrawn,
        "tandem.profiles.entry.withdrawn.v1": on_entry_withdrawn,
        "tandem.scheduling.review.cancelled.v1": on_review_cancelled,
        "tandem.scheduling.meeting.cancelled.v1": on_meeting_cancelled,
        "tandem.scheduling.offer.ended.v1": on_offer_ended,
        "tandem.scheduling.checkin.declined.v1": on_checkin_declined,
        "tandem.scheduling.wishes.answered.v1": on_wishes_answered,
        "tandem.profiles.school.described.v1": contacts.store_school,
        "tandem.profiles.pupil.described.v1": on_pupil_described,
        "tandem.profiles.guardian.described.v1": on_guardian_described,
        "tandem.profiles.staff.described.v1": on_staff_described,
        "tandem.profiles.rights.computed.v1": on_rights_computed,
        "tandem.profiles.heartbeat.sent.v1": on_heartbeat_sent,
        "tandem.profiles.update.shared.v1": on_update_shared,
        "tandem.profiles.update.acknowledged.v1": on_update_acknowledged,
        "tandem.profiles.update.ended.v1": on_update_ended,
        "tandem.profiles.pupil.left.v1": on_pupil_left,
        "tandem.profiles.praise.sent.v1": on_praise_sent,
        "tandem.profiles.alert.raised.v1": on_alert_raised,
        "tandem.profiles.consent.asked.v1": on_consent_asked,
        "tandem.profiles.consent.ended.v1": on_consent_ended,
        "tandem.scheduling.evening.opened.v1": on_evening_opened,
        "tandem.scheduling.evening.moved.v1": on_evening_moved,
        "tandem.scheduling.evening.cancelled.v1": on_evening_cancelled,
        "tandem.scheduling.itinerary.planned.v1": on_itinerary_planned,
        "tandem.scheduling.plan.published.v1": on_plan_published,
        "tandem.scheduling.appointment.booked.v1": on_appointment_booked,
        "tandem.scheduling.appointment.moved.v1": on_appointment_booked,
        "tandem.scheduling.appointment.cancelled.v1": on_appointment_cancelled,
        "tandem.scheduling.colleague.called.v1": on_colleague_called,
    },
    on_parked={"tandem.profiles.rights.computed.v1": PERMISSIONS.hold},
)
TIMERS = {contacts.RIGHTS_END: notices.withdraw_ended}
