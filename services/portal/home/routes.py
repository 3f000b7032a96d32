"""Home."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.home.queries import read_home
from services.portal.night.queries import list_today
from services.portal.visiting import at_school, for_whom
from services.portal.wiring import portal

room = flask.Blueprint("home", __name__, template_folder="templates")


@room.get("/")
@for_whom("guardian", "staff", "operator")
def show(visitor: Visitor) -> Any:
    """All children, what needs their parent, what is coming up, good news; other hats begin on a page of their own."""
    if visitor.hat != "guardian":
        return flask.redirect("/staff" if visitor.hat == "staff" else "/trust", 303)
    if len(visitor.members) == 1:
        at_school(visitor, visitor.members[0].school.id)
    page = read_home(portal(), visitor)
    return flask.render_template("home.html", page=page, today=portal().database.clock.now(),
                                 tonight=list_today(portal(), page.coming_up))
