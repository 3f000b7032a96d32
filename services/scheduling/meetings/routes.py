"""The HTTP edge of meetings. Times are chosen, moved and given back by the routes of reviews."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.meetings import actions, queries
from services.scheduling.meetings.schemas import MeetingAskSchema, MeetingListSchema, RestSchema
from services.scheduling.reviews import queries as reviews
from services.scheduling.reviews.schemas import ReviewSchema

room = Blueprint("meetings", __name__, url_prefix="/schools/<school>", description="Talks outside evenings")


@room.route("/pupils/<pupil_id>/meetings")
@allow("guardian", "staff", right="book")
@room.response(200, MeetingListSchema)
def list_meetings(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """The caller's talks about a child that wait or are ahead, and whom they may ask."""
    return queries.list_about(uow, principal(), pupil_id)


@room.route("/pupils/<pupil_id>/meetings", methods=["POST"])
@allow("guardian", "staff", right="book", creates=True)
@room.arguments(MeetingAskSchema)
@room.response(201, ReviewSchema)
def ask_meeting(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Ask for a talk: times from both sides' good hours; none where there are none."""
    talk_id = actions.ask_meeting(uow, principal(), pupil_id, actions.Wish(**body))
    return reviews.show_review(uow, principal(), talk_id)


@room.route("/appointments/<appointment_id>/rest")
@allow("guardian", "staff")
@room.response(200, RestSchema)
def show_rest(uow: UnitOfWork, appointment_id: str) -> dict[str, Any]:
    """A talk of an evening, and whether the rest of it was booked."""
    return queries.show_rest(uow, principal(), appointment_id)


@room.route("/appointments/<appointment_id>/rest", methods=["POST"])
@allow("guardian", "staff")
@room.response(200, RestSchema)
def book_rest(uow: UnitOfWork, appointment_id: str) -> dict[str, Any]:
    """Go on another day: the same teacher, child and adults; once for an appointment."""
    actions.book_rest(uow, principal(), appointment_id)
    return queries.show_rest(uow, principal(), appointment_id)
