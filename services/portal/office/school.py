"""How this school does things: one page that leads to each of its own settings."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.visiting import for_whom, the_office

WHO = ("office", "head")


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/school", view_func=show_school)


@for_whom(*WHO)
def show_school(visitor: Visitor) -> Any:
    the_office(visitor, *WHO)
    return flask.render_template("office_school.html")
