"""HTTP edge: how the caller wants to be told, and the one click by which a letter's reader has no more of them."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.notifications.preferences import actions, queries
from services.notifications.preferences.schemas import PreferenceSchema

room = Blueprint("preferences", __name__, url_prefix="/schools/<school>", description="How each adult wants to be told")


@room.route("/preferences")
@allow("guardian", "staff")
@room.response(200, PreferenceSchema)
def get_preference(uow: UnitOfWork) -> queries.Choice:
    """The caller's own choice."""
    return queries.get_preference(uow, principal())


@room.route("/preferences", methods=["PUT"])
@allow("guardian", "staff")
@room.arguments(PreferenceSchema)
@room.response(200, PreferenceSchema)
def change_preference(uow: UnitOfWork, chosen: dict[str, Any]) -> queries.Choice:
    """Choose; what is queued follows."""
    actions.change_preference(uow, principal(), chosen["email"], chosen["language"], chosen["good_news"])
    return queries.get_preference(uow, principal())


@room.route("/unsubscribe/<token>", methods=["POST"])
@allow("anyone")
@room.response(204)
def unsubscribe(uow: UnitOfWork, token: str) -> flask.Response:
    """No more letters, by the token that they carry. The reply is the same whatever the token is."""
    actions.unsubscribe(uow, token)
    return flask.Response(status=204)
