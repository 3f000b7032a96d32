"""HTTP edge of the one-page profile."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal, service
from services.profiles.about_me import actions, journeys, queries, readings
from services.profiles.about_me.rules import etag_of
from services.profiles.about_me.schemas import (
    AboutEntryCreateSchema,
    AboutEntrySchema,
    AboutEntryUpdateSchema,
    AboutHistorySchema,
    AboutPageSchema,
    AboutReadSchema,
    AboutSuggestionCreateSchema,
    AboutSuggestionSchema,
    AboutToReadSchema,
    ArrivalSchema,
    JourneyCreateSchema,
    JourneySchema,
    JourneyTicketSchema,
    TravellingPageSchema,
)
from services.profiles.access.actions import note_read
from services.profiles.safeguarding.actions import follow_change

room = Blueprint("about_me", __name__, url_prefix="/schools/<school>")
PENS = ("guardian", "staff", "pupil")
PART = "about-me"


def _entry(uow: UnitOfWork, entry_id: str) -> Any:
    """The entry, with its version as ETag for whoever may change it."""
    uow.flush()
    found = queries.get_entry(uow, principal(), entry_id)
    return found, {"ETag": etag_of(found["version"])} if found["version"] else {}


def _match() -> str | None:
    return flask.request.headers.get("If-Match")


@room.route("/pupils/<pupil_id>/about-me")
@allow(*PENS, right="see", notes=True)
@room.response(200, AboutPageSchema)
def show_about_me(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """The page as I may read it: strengths first, differing views side by side."""
    note_read(uow, principal(), pupil_id, PART)
    return queries.show_page(uow, principal(), pupil_id)


@room.route("/pupils/<pupil_id>/about-me/history")
@allow(*PENS, right="see", notes=True)
@room.response(200, AboutHistorySchema)
def show_about_me_history(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """Who wrote, changed and agreed what, and when, newest first."""
    note_read(uow, principal(), pupil_id, PART)
    return {"items": queries.list_changes(uow, principal(), pupil_id), "after": None}


@room.route("/pupils/<pupil_id>/about-me/entries", methods=["POST"])
@allow(*PENS, right="reply", creates=True)
@room.arguments(AboutEntryCreateSchema)
@room.response(201, AboutEntrySchema)
def add_about_entry(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> Any:
    """Write something in my own voice."""
    said = actions.Words(body["words"], body["audience"])
    return _entry(uow, actions.add_entry(uow, principal(), pupil_id, body["section"], said).id)


@room.route("/about-me/entries/<entry_id>")
@allow(*PENS, notes=True)
@room.response(200, AboutEntrySchema)
def show_about_entry(uow: UnitOfWork, entry_id: str) -> Any:
    """One entry, and the version that a change of it names."""
    found = _entry(uow, entry_id)
    note_read(uow, principal(), queries.find_entry(uow, principal(), entry_id).pupil_id, PART)
    return found


@room.route("/about-me/entries/<entry_id>", methods=["PUT"])
@allow(*PENS)
@room.arguments(AboutEntryUpdateSchema)
@room.response(200, AboutEntrySchema)
def change_about_entry(uow: UnitOfWork, body: dict[str, Any], entry_id: str) -> Any:
    """Change my own words (If-Match: the version that I have seen); 412 when they were changed since."""
    actions.change_entry(uow, principal(), entry_id, actions.Words(**body), _match())
    follow_change(uow, actions.KIND, entry_id)
    return _entry(uow, entry_id)


@room.route("/about-me/entries/<entry_id>/remove", methods=["POST"])
@allow(*PENS)
@room.response(204)
def remove_about_entry(uow: UnitOfWork, entry_id: str) -> None:
    """Take my own words off the page (If-Match); I still find them in the history."""
    actions.remove_entry(uow, principal(), entry_id, _match())
    follow_change(uow, actions.KIND, entry_id)


@room.route("/about-me/entries/<entry_id>/suggestions", methods=["POST"])
@allow(*PENS, creates=True)
@room.arguments(AboutSuggestionCreateSchema)
@room.response(201, AboutSuggestionSchema)
def suggest_about_words(uow: UnitOfWork, body: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Suggest other words for an entry of another voice."""
    made = actions.suggest_words(uow, principal(), entry_id, actions.Words(**body))
    return queries.get_suggestion(uow, principal(), made)


@room.route("/about-me/suggestions/<suggestion_id>/agree", methods=["POST"])
@allow(*PENS)
@room.response(200, AboutSuggestionSchema)
def agree_about_words(uow: UnitOfWork, suggestion_id: str) -> dict[str, Any]:
    """Let the suggested words take over from mine (If-Match: the version of mine that I have seen)."""
    suggestion = actions.agree(uow, principal(), suggestion_id, _match())
    follow_change(uow, actions.KIND, suggestion.entry_id)
    return queries.get_suggestion(uow, principal(), suggestion)


@room.route("/about-me/suggestions/<suggestion_id>/keep-both", methods=["POST"])
@allow(*PENS)
@room.response(200, AboutSuggestionSchema)
def keep_both_about_words(uow: UnitOfWork, suggestion_id: str) -> dict[str, Any]:
    """We see this differently: keep both views, side by side."""
    return queries.get_suggestion(uow, principal(), actions.keep_both(uow, principal(), suggestion_id))


@room.route("/about-me/suggestions/<suggestion_id>/decline", methods=["POST"])
@allow(*PENS)
@room.response(200, AboutSuggestionSchema)
def decline_about_words(uow: UnitOfWork, suggestion_id: str) -> dict[str, Any]:
    """Keep mine."""
    return queries.get_suggestion(uow, principal(), actions.decline(uow, principal(), suggestion_id))


@room.route("/about-me/suggestions/<suggestion_id>/withdraw", methods=["POST"])
@allow(*PENS)
@room.response(200, AboutSuggestionSchema)
def withdraw_about_words(uow: UnitOfWork, suggestion_id: str) -> dict[str, Any]:
    """Take back what I have suggested."""
    suggestion = actions.withdraw_suggestion(uow, principal(), suggestion_id)
    follow_change(uow, actions.KIND, suggestion_id)
    return queries.get_suggestion(uow, principal(), suggestion)


@room.route("/pupils/<pupil_id>/about-me/read", methods=["POST"])
@allow("staff", right="see")
@room.arguments(AboutReadSchema)
@room.response(204)
def mark_about_me_read(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> None:
    """I have read this version of the page."""
    readings.mark_read(uow, principal(), pupil_id, body["version"])


@room.route("/about-me/to-read")
@allow("staff")
@room.response(200, AboutToReadSchema)
def list_about_me_to_read(uow: UnitOfWork) -> dict[str, Any]:
    """The children whom I teach, and whose page of now I have not read."""
    return {"items": readings.list_to_read(uow, principal()), "after": None}


@room.route("/pupils/<pupil_id>/about-me/review", methods=["POST"])
@allow("staff", right="see")
@room.response(204)
def review_about_me(uow: UnitOfWork, pupil_id: str) -> None:
    """We have looked through the page together."""
    readings.review_page(uow, principal(), pupil_id)


# No Idempotency-Key here: a reply that is kept would keep the ticket, of which only a hash may stay.
@room.route("/pupils/<pupil_id>/about-me/journeys", methods=["POST"])
@allow("guardian", right="consent")
@room.arguments(JourneyCreateSchema)
@room.response(201, JourneyTicketSchema)
def begin_about_me_journey(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Agree that the page goes along to another school of the trust; the ticket is told once."""
    journey, ticket = journeys.begin_journey(uow, principal(), pupil_id, body["to_school"])
    return {"id": journey.id, "to_school": journey.to_school, "state": journey.state, "agreed_at": journey.agreed_at,
            "ticket": ticket}


@room.route("/about-me/journeys/<journey_id>/withdraw", methods=["POST"])
@allow("guardian")
@room.response(200, JourneySchema)
def withdraw_about_me_journey(uow: UnitOfWork, journey_id: str) -> Any:
    """Take it back before the page has arrived."""
    return journeys.withdraw_journey(uow, principal(), journey_id)


@room.route("/about-me/journeys/<ticket>")
@allow("operator")
@room.response(200, TravellingPageSchema)
def open_about_me_ticket(uow: UnitOfWork, ticket: str) -> dict[str, Any]:
    """What an unused ticket brings, for the portal to carry to the other school."""
    return journeys.open_ticket(uow, ticket, service().secrets["seal"])


@room.route("/about-me/journeys/<ticket>/used", methods=["POST"])
@allow("operator")
@room.response(204)
def use_about_me_ticket(uow: UnitOfWork, ticket: str) -> None:
    """The page has arrived."""
    journeys.use_ticket(uow, ticket)


@room.route("/pupils/<pupil_id>/about-me/arrivals", methods=["POST"])
@allow("guardian", right="consent", creates=True)
@room.arguments(TravellingPageSchema)
@room.response(201, ArrivalSchema)
def receive_about_me(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, int]:
    """Keep a copy of the page that my child had at another school of the trust."""
    return {"added": journeys.receive_page(uow, principal(), pupil_id, body, service().secrets["seal"])}
