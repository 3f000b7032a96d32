"""The portal's inbox."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flask

from services.portal.accounts.queries import Visitor
from services.portal.accounts.rules import local_path
from services.portal.inbox.queries import read_inbox
from services.portal.visiting import for_whom, seek
from services.portal.wiring import portal

room = flask.Blueprint("inbox", __name__, template_folder="templates")


@room.get("/inbox")
@for_whom("guardian", "staff")
def show(visitor: Visitor) -> Any:
    """Newest first; older ones a page at a time."""
    known = {member.school.id for member in visitor.members}
    after = {school: place for school, place in flask.request.args.items() if school in known}
    page = read_inbox(portal(), visitor, after)
    return flask.render_template("inbox.html", page=page, older=urlencode(page.after), is_first=not after)


@room.post("/inbox/<notice_id>")
@for_whom("guardian", "staff")
def read(visitor: Visitor, notice_id: str) -> Any:
    """Note that it was read, and go on to what it is about."""
    seek(visitor, lambda who: portal().notifications.read_notice(who, notice_id))
    return flask.redirect(local_path(flask.request.form.get("next")), 303)
