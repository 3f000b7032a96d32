"""The HTTP edge of check-ins."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.checkins import actions, queries, wishes
from services.scheduling.checkins.schemas import (
    CadenceChangeSchema,
    CheckinBoardSchema,
    CheckinCreateSchema,
    CheckinDeclineSchema,
    CheckinHoldSchema,
    CheckinListSchema,
    CheckinMoveSchema,
    CheckinSchema,
    FamilyHoursSchema,
    ShownCadenceSchema,
    ShownFamilyHoursSchema,
)

room = Blueprint("checkins", __name__, url_prefix="/schools/<school>",
                 description="Short calls and chats, so that no family is forgotten")


@room.route("/check-ins")
@allow("staff")
@room.response(200, CheckinBoardSchema)
def list_checkins(uow: UnitOfWork) -> dict[str, Any]:
    """My list: who is due, what is proposed, what was done."""
    return queries.list_mine(uow, principal().person_id)


@room.route("/check-ins/cadence")
@allow("office", "head")
@room.response(200, ShownCadenceSchema)
def show_cadence(uow: UnitOfWork) -> dict[str, int]:
    """How often this school wishes to speak with families."""
    return queries.get_cadence(uow)


@room.route("/check-ins/cadence", methods=["PUT"])
@allow("office", "head")
@room.arguments(CadenceChangeSchema)
@room.response(200, ShownCadenceSchema)
def set_cadence(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, int]:
    """Change it, based on the version that was looked at; 412 when a colleague was faster."""
    wishes.set_cadence(uow, body, body.pop("based_on"))
    uow.flush()
    return queries.get_cadence(uow)


@room.route("/check-ins/<checkin_id>")
@allow("guardian", "staff")
@room.response(200, CheckinSchema)
def show_checkin(uow: UnitOfWork, checkin_id: str) -> dict[str, Any]:
    """One check-in: an adult's own, once it is offered; any of a child that one teaches."""
    return queries.show_checkin(uow, principal(), checkin_id)


@room.route("/check-ins/<checkin_id>/hold", methods=["POST"])
@allow("staff")
@room.arguments(CheckinHoldSchema)
@room.response(200, CheckinSchema)
def hold_checkin(uow: UnitOfWork, body: dict[str, Any], checkin_id: str) -> dict[str, Any]:
    """We have talked; the line is seen by staff who have to do with the child, and by that adult."""
    actions.hold_checkin(uow, principal(), checkin_id, body["note"])
    return queries.show_checkin(uow, principal(), checkin_id)


@room.route("/check-ins/<checkin_id>/skip", methods=["POST"])
@allow("staff")
@room.response(200, CheckinSchema)
def skip_checkin(uow: UnitOfWork, checkin_id: str) -> dict[str, Any]:
    """Not this time."""
    actions.skip_checkin(uow, principal(), checkin_id)
    return queries.show_checkin(uow, principal(), checkin_id)


@room.route("/check-ins/<checkin_id>/move", methods=["POST"])
@allow("staff")
@room.arguments(CheckinMoveSchema)
@room.response(200, CheckinSchema)
def move_checkin(uow: UnitOfWork, body: dict[str, Any], checkin_id: str) -> dict[str, Any]:
    """Another time."""
    actions.move_checkin(uow, principal(), checkin_id, body["starts_at"])
    return queries.show_checkin(uow, principal(), checkin_id)


@room.route("/check-ins/<checkin_id>/offer", methods=["POST"])
@allow("staff")
@room.response(200, CheckinSchema)
def offer_checkin(uow: UnitOfWork, checkin_id: str) -> dict[str, Any]:
    """Let the adult know of this time."""
    actions.offer_checkin(uow, principal(), checkin_id)
    return queries.show_checkin(uow, principal(), checkin_id)


@room.route("/check-ins/<checkin_id>/decline", methods=["POST"])
@allow("guardian")
@room.arguments(CheckinDeclineSchema)
@room.response(200, CheckinSchema)
def decline_checkin(uow: UnitOfWork, body: dict[str, Any], checkin_id: str) -> dict[str, Any]:
    """Not at this time; I may say when I can talk."""
    actions.decline_checkin(uow, principal(), checkin_id, body["words"])
    return queries.show_checkin(uow, principal(), checkin_id)


@room.route("/pupils/<pupil_id>/check-ins")
@allow("guardian", "staff", right="see")
@room.response(200, CheckinListSchema)
def list_pupil_checkins(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """What was talked about a child: an adult's own talks; all of them for staff."""
    found: dict[str, Any] = {"items": queries.list_about(uow, principal(), pupil_id)}
    return found if principal().hat == "guardian" else {**found, "adults": queries.list_adults(uow, pupil_id)}


@room.route("/pupils/<pupil_id>/check-ins", methods=["POST"])
@allow("staff", right="see", creates=True)
@room.arguments(CheckinCreateSchema)
@room.response(201, CheckinSchema)
def add_checkin(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """We have talked, though nobody had proposed it."""
    made = actions.hold_at_once(uow, principal(), pupil_id, body["guardian_id"], body["note"])
    return queries.show_checkin(uow, principal(), made)


@room.route("/pupils/<pupil_id>/check-ins/hours")
@allow("guardian", right="book")
@room.response(200, ShownFamilyHoursSchema)
def show_family_hours(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """When I can usually talk."""
    return queries.get_family_hours(uow, principal().person_id)


@room.route("/pupils/<pupil_id>/check-ins/hours", methods=["PUT"])
@allow("guardian", right="book")
@room.arguments(FamilyHoursSchema)
@room.response(200, ShownFamilyHoursSchema)
def set_family_hours(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Change it; only those who plan the talks use it."""
    wishes.set_family_hours(uow, principal().person_id, body["windows"])
    return queries.get_family_hours(uow, principal().person_id)
