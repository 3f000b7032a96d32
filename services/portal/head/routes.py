"""Our promises: what is past its day, by the children's names; never a ranking, and no words of families."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

room = flask.Blueprint("head", __name__, template_folder="templates")


@room.get("/head")
@for_whom("head")
def show_promises(visitor: Visitor) -> Any:
    """A part that does not answer says so in its place, and the others still show."""
    who = the_office(visitor, "head")
    reads: list[Callable[[], Any]] = [partial(portal().partnerships.list_overdue, who),
                                      partial(portal().wellbeing.list_overdue, who)]
    late, waiting = portal().transport.gather(reads)
    return flask.render_template("head.html", late=late, waiting=waiting, back="/staff")
