"""The HTTP edge of the waiting list."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow
from services.scheduling.callers import adult_concerned, calling_adult
from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.waitlist import actions, queries
from services.scheduling.waitlist.schemas import (
    EveningWaitingSchema,
    OfferSchema,
    WaitingCreateSchema,
    WaitingListSchema,
    WaitingQuerySchema,
    WaitingSchema,
)

room = Blueprint("waitlist", __name__, url_prefix="/schools/<school>",
                 description="Who waits for a time at an evening, and what is offered to them")


@room.route("/evenings/<evening_id>/pupils/<pupil_id>/waiting", methods=["POST"])
@allow("guardian", "office", right="book", creates=True)
@room.arguments(WaitingCreateSchema)
@room.response(201, WaitingSchema)
def join_list(uow: UnitOfWork, body: dict[str, Any], evening_id: str, pupil_id: str) -> dict[str, Any]:
    """Wait for a time of a teacher, or for a better one; when one is free it is offered in fair order."""
    guardian_id = adult_concerned(body.pop("guardian_id"))
    PERMISSIONS.require(uow, guardian_id, "book", pupil_id)
    row = actions.join_list(uow, actions.Join(evening_id, pupil_id, guardian_id=guardian_id, **body))
    return queries.show_waiting(uow, row)


@room.route("/waiting")
@allow("guardian", "office")
@room.arguments(WaitingQuerySchema, location="query")
@room.response(200, WaitingListSchema)
def list_waiting(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """What the caller waits for, with what is offered to them now."""
    return {"items": queries.list_waiting(uow, adult_concerned(query["guardian_id"]))}


@room.route("/evenings/<evening_id>/waiting")
@allow("office")
@room.response(200, EveningWaitingSchema)
def list_waiting_at(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Who waits for whom at an evening, each teacher's list in the order in which they are asked."""
    return queries.list_waiting_at(uow, evening_id)


@room.route("/waiting/<waiting_id>/leave", methods=["POST"])
@allow("guardian", "office")
@room.response(200, WaitingSchema)
def leave_list(uow: UnitOfWork, waiting_id: str) -> dict[str, Any]:
    """Wait no longer."""
    return queries.show_waiting(uow, actions.leave_list(uow, waiting_id, calling_adult()))


@room.route("/offers/<offer_id>")
@allow("guardian", "office")
@room.response(200, OfferSchema)
def show_offer(uow: UnitOfWork, offer_id: str) -> dict[str, Any]:
    """A time that is held for the caller, or what became of it. To look changes nothing."""
    return queries.show_offer(uow, queries.get_offer(uow, offer_id, calling_adult()))


@room.route("/offers/<offer_id>/accept", methods=["POST"])
@allow("guardian", "office")
@room.response(200, OfferSchema)
def accept_offer(uow: UnitOfWork, offer_id: str) -> dict[str, Any]:
    """Have the time, in place of the one that one has; 409 when it is somebody else's by now."""
    return queries.show_offer(uow, actions.accept_offer(uow, offer_id, calling_adult()))


@room.route("/offers/<offer_id>/decline", methods=["POST"])
@allow("guardian", "office")
@room.response(200, OfferSchema)
def decline_offer(uow: UnitOfWork, offer_id: str) -> dict[str, Any]:
    """Leave this time to the next, and wait for another."""
    return queries.show_offer(uow, actions.decline_offer(uow, offer_id, calling_adult()))
