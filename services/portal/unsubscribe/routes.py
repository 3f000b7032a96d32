"""Stopping e-mails by the link that each of them carries: one button, and one answer for every link.

Mail programs press the button themselves (RFC 8058) and hold no cookie: app.py leaves this room out of CSRF's check.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import flask

from chassis.errors import Invalid, NotFound
from services.portal.accounts.limits import Limit, count_try
from services.portal.accounts.queries import Visitor
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("unsubscribe", __name__, template_folder="templates")
STOPS = Limit("unsubscribe", 300, timedelta(minutes=10))  # a mail provider asks for all its readers from one place
MOST_LETTERS = 100


@room.get("/unsubscribe/<school>/<token>")
@for_whom("anyone")
def ask(_visitor: Visitor | None, school: str, token: str) -> Any:
    """A button, because programs that look at mail open links too."""
    return flask.render_template("unsubscribe.html", done=False)


@room.post("/unsubscribe/<school>/<token>")
@for_whom("anyone")
def stop(_visitor: Visitor | None, school: str, token: str) -> Any:
    with trust_work(portal().database, "stop e-mails") as work:
        count_try(work, STOPS, flask.request.remote_addr or "")
    if school in portal().place.schools() and len(token) <= MOST_LETTERS \
            and token.replace("-", "").replace("_", "").isalnum():
        with suppress(NotFound, Invalid):  # what a link was for, or whether it was ever one, is not said
            portal().notifications.unsubscribe(school, token)
    return flask.render_template("unsubscribe.html", done=True)
