"""One child's page."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.children.queries import find_child, read_child
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("children", __name__, template_folder="templates")


@room.get("/children/<pupil_id>")
@for_whom("guardian")
def show(visitor: Visitor, pupil_id: str) -> Any:
    """Good news first, then what is next, what we told school, and who is there for the child."""
    who, child = find_child(portal(), visitor, pupil_id)
    return flask.render_template("child.html", child=child, page=read_child(portal(), who, pupil_id))
