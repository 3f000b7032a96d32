"""What stands in the footer of every page: help, accessibility, privacy, language."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.visiting import for_whom

room = flask.Blueprint("about", __name__, template_folder="templates")


@room.get("/<any(help, accessibility, privacy, language):name>")
@for_whom("anyone")
def show(_visitor: Visitor | None, name: str) -> Any:
    return flask.render_template(f"about_{name}.html")
