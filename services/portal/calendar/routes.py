"""The calendar and its private links."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import flask

from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.visiting import at_school, for_whom
from services.portal.wiring import portal

room = flask.Blueprint("calendar", __name__, template_folder="templates")
SOON = timedelta(days=14)


@room.get("/calendar")
@for_whom("guardian")
def show(visitor: Visitor) -> Any:
    """The next 14 days, then what is later."""
    answers = portal().transport.gather([
        partial(portal().scheduling.list_appointments, who) for who in visitor.principals()])
    ahead = sorted((item for answer in answers for item in answer or ()), key=lambda item: item["starts_at"])
    end = (portal().database.clock.now() + SOON).isoformat()
    return flask.render_template(
        "calendar.html", soon=[item for item in ahead if item["starts_at"] < end],
        later=[item for item in ahead if item["starts_at"] >= end], back="/",
        silent=[member.school for member, answer in zip(visitor.members, answers, strict=True) if answer is None])


@room.get("/calendar/link")
@for_whom("guardian")
def ask_link(visitor: Visitor) -> Any:
    return flask.render_template("calendar_link.html", links=[], back="/calendar")


@room.post("/calendar/link")
@for_whom("guardian")
def make_link(visitor: Visitor) -> Any:
    """A new private link for each school; shown this once, because only a hash is kept."""
    links = [(at_school(visitor, who.school),
              f"{portal().place.url}/calendar/{who.school}/{portal().scheduling.make_feed_link(who)}.ics")
             for who in visitor.principals()]
    flask.g.school = None if len(links) > 1 else links[0][0]
    return flask.render_template("calendar_link.html", links=links, back="/calendar")


@room.get("/calendar/<school>/<token>.ics")
@for_whom("anyone")
def feed(_visitor: Visitor | None, school: str, token: str) -> flask.Response:
    """The feed itself, for a calendar program: whoever has the link may read it, and a new link ends it."""
    if school not in portal().place.schools() or not token.replace("-", "").replace("_", "").isalnum():
        raise NotFound()
    return flask.Response(portal().scheduling.read_feed(school, token), content_type="text/calendar; charset=utf-8")
