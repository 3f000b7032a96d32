"""What waits for the office: liftings, reviews, ends, evidence, flags of a file, and adults whom nobody has checked."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.office.families import OFFICE
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

IN_ORDER = ("liftings", "reviews", "ending", "evidence", "flags")
MOST_UNCHECKED = 30


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/checks", view_func=list_checks)


@for_whom(*OFFICE)
def list_checks(visitor: Visitor) -> Any:
    who = the_office(visitor, *OFFICE)
    found = portal().rights.list_checks(who)
    lists = [(name, found[name]) for name in IN_ORDER]  # type: ignore[literal-required]
    return flask.render_template(
        "office_checks.html", lists=lists, unchecked=found["unchecked"], most=MOST_UNCHECKED, me=who.person_id,
        empty=not any(rows for _name, rows in lists) and not found["unchecked"])
