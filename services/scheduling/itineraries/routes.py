"""The HTTP edge of itineraries."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow
from services.scheduling.callers import adult_concerned, calling_adult
from services.scheduling.itineraries import actions, queries
from services.scheduling.itineraries.rules import Limits
from services.scheduling.itineraries.schemas import (
    ItineraryCreateSchema,
    ItineraryListSchema,
    ItineraryQuerySchema,
    ItinerarySchema,
)

room = Blueprint("itineraries", __name__, url_prefix="/schools/<school>",
                 description="A compact evening, held while a family makes up its mind")


@room.route("/evenings/<evening_id>/itineraries", methods=["POST"])
@allow("guardian", "office", creates=True)
@room.arguments(ItineraryCreateSchema)
@room.response(201, ItinerarySchema)
def ask_itinerary(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """The best of what is free now, held for five minutes; what one held at this evening before is given back."""
    asked = actions.AskItinerary(
        evening_id, adult_concerned(body["guardian_id"]), body["children"],
        Limits(body["earliest"], body["latest"], body["not_times"]), body["how"], body["call_on"], body["needs"])
    return queries.show_itinerary(uow, actions.ask_itinerary(uow, asked))


@room.route("/evenings/<evening_id>/itineraries")
@allow("guardian", "office")
@room.arguments(ItineraryQuerySchema, location="query")
@room.response(200, ItineraryListSchema)
def list_itineraries(uow: UnitOfWork, query: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """The newest one of the caller at this evening."""
    return {"items": queries.list_items(uow, evening_id, adult_concerned(query["guardian_id"]))}


@room.route("/itineraries/<itinerary_id>")
@allow("guardian", "office")
@room.response(200, ItinerarySchema)
def show_itinerary(uow: UnitOfWork, itinerary_id: str) -> dict[str, Any]:
    """What is held and until when; after that the answers are still there."""
    return queries.show_itinerary(uow, queries.get_itinerary(uow, itinerary_id, calling_adult()))


@room.route("/itineraries/<itinerary_id>/extend", methods=["POST"])
@allow("guardian", "office")
@room.response(200, ItinerarySchema)
def extend_itinerary(uow: UnitOfWork, itinerary_id: str) -> dict[str, Any]:
    """Five minutes more, three times at most."""
    return queries.show_itinerary(uow, actions.extend_itinerary(uow, itinerary_id, calling_adult()))


@room.route("/itineraries/<itinerary_id>/keep", methods=["POST"])
@allow("guardian", "office")
@room.response(200, ItinerarySchema)
def keep_itinerary(uow: UnitOfWork, itinerary_id: str) -> dict[str, Any]:
    """Book all of it, or nothing; doing it twice does it once."""
    return queries.show_itinerary(uow, actions.keep_itinerary(uow, itinerary_id, calling_adult()))


@room.route("/itineraries/<itinerary_id>/let-go", methods=["POST"])
@allow("guardian", "office")
@room.response(200, ItinerarySchema)
def let_go(uow: UnitOfWork, itinerary_id: str) -> dict[str, Any]:
    """Give the times back; the answers stay."""
    return queries.show_itinerary(uow, actions.let_go(uow, itinerary_id, calling_adult()))


@room.route("/itineraries/<itinerary_id>/again", methods=["POST"])
@allow("guardian", "office")
@room.response(200, ItinerarySchema)
def hold_again(uow: UnitOfWork, itinerary_id: str) -> dict[str, Any]:
    """Ask once more with the same answers: the same times if they are free, or the best now."""
    return queries.show_itinerary(uow, actions.hold_again(uow, itinerary_id, calling_adult()))
