"""The HTTP edge of feeds."""

from __future__ import annotations

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.feeds import actions, queries
from services.scheduling.feeds.schemas import FeedSchema

room = Blueprint("feeds", __name__, url_prefix="/schools/<school>", description="Calendar feeds")


# No Idempotency-Key here: a reply that is kept would keep the token, of which only a hash may stay.
@room.route("/feeds", methods=["POST"])
@allow("guardian")
@room.response(201, FeedSchema)
def make_link(uow: UnitOfWork) -> dict[str, str]:
    """Make a private calendar link; the one before it stops."""
    return {"token": actions.make_link(uow, principal().person_id)}


@room.route("/feeds/<token>.ics")
@allow("anyone")
@room.response(200, {"type": "string"}, content_type="text/calendar")
def show_calendar(uow: UnitOfWork, token: str) -> flask.Response:
    """The calendar that a link opens, as iCalendar."""
    return flask.Response(queries.write_calendar(uow, token), content_type="text/calendar; charset=utf-8")
