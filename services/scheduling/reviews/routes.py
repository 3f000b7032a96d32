"""The HTTP edge of reviews."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.reviews import actions, queries
from services.scheduling.reviews.schemas import (
    ReviewBookSchema,
    ReviewListSchema,
    ReviewSchema,
    ReviewTimesSchema,
    ReviewUnsuitedSchema,
    ShownStaffHoursSchema,
    StaffHoursSchema,
)

room = Blueprint("reviews", __name__, url_prefix="/schools/<school>",
                 description="Looking again together: one adult and the teacher who leads")


@room.route("/reviews")
@allow("guardian", "staff")
@room.response(200, ReviewListSchema)
def list_reviews(uow: UnitOfWork) -> dict[str, Any]:
    """What waits for the caller or is ahead."""
    return {"items": queries.list_reviews(uow, principal())}


@room.route("/reviews/<review_id>")
@allow("guardian", "staff")
@room.response(200, ReviewSchema)
def show_review(uow: UnitOfWork, review_id: str) -> dict[str, Any]:
    """One's own review, with the times that are free now."""
    return queries.show_review(uow, principal(), review_id)


@room.route("/reviews/<review_id>/book", methods=["POST"])
@allow("guardian", "office")
@room.arguments(ReviewBookSchema)
@room.response(200, ReviewSchema)
def book_review(uow: UnitOfWork, body: dict[str, Any], review_id: str) -> dict[str, Any]:
    """Choose a time, also instead of another; 409 says which are free when somebody was faster."""
    actions.choose_time(uow, principal(), actions.ChooseTime(review_id, body["starts_at"], body["how"]))
    return queries.show_review(uow, principal(), review_id)


@room.route("/reviews/<review_id>/unsuited", methods=["POST"])
@allow("guardian", "office")
@room.arguments(ReviewUnsuitedSchema)
@room.response(200, ReviewSchema)
def say_unsuited(uow: UnitOfWork, body: dict[str, Any], review_id: str) -> dict[str, Any]:
    """None of the times suits; say when you can."""
    actions.say_unsuited(uow, principal(), review_id, body["can"])
    return queries.show_review(uow, principal(), review_id)


@room.route("/reviews/<review_id>/times", methods=["PUT"])
@allow("staff")
@room.arguments(ReviewTimesSchema)
@room.response(200, ReviewSchema)
def set_review_times(uow: UnitOfWork, body: dict[str, Any], review_id: str) -> dict[str, Any]:
    """Offer other times."""
    actions.set_times(uow, principal(), review_id, body["times"])
    return queries.show_review(uow, principal(), review_id)


@room.route("/reviews/<review_id>/cancel", methods=["POST"])
@allow("guardian", "staff")
@room.response(200, ReviewSchema)
def cancel_review(uow: UnitOfWork, review_id: str) -> dict[str, Any]:
    """Give the time back; another can be chosen."""
    actions.cancel_review(uow, principal(), review_id)
    return queries.show_review(uow, principal(), review_id)


@room.route("/hours")
@allow("staff")
@room.response(200, ShownStaffHoursSchema)
def show_hours(uow: UnitOfWork) -> dict[str, Any]:
    """When I can usually talk with families."""
    return queries.get_hours(uow, principal().person_id)


@room.route("/hours", methods=["PUT"])
@allow("staff")
@room.arguments(StaffHoursSchema)
@room.response(200, ShownStaffHoursSchema)
def set_hours(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Change my good hours; what is offered or booked stays."""
    actions.set_hours(uow, principal().person_id, body["windows"], body["link"])
    uow.flush()
    return queries.get_hours(uow, principal().person_id)
