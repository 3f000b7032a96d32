"""Families not heard from, and contact made: pages for staff."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import Invalid
from services.portal.accounts.queries import Visitor
from services.portal.unheard.queries import OfSchool, read_classes, read_contact_made, read_unheard
from services.portal.visiting import at_school, for_whom, seek, the_office
from services.portal.wiring import portal

room = flask.Blueprint("unheard", __name__, template_folder="templates", url_prefix="/staff")
KEEPERS = ("office", "head")
WEEKS = (2, 3, 4, 5, 6, 8, 10, 12)


@room.get("/unheard")
@for_whom("staff")
def list_unheard(visitor: Visitor) -> Any:
    return _page(visitor)


def _page(visitor: Visitor, errors: dict[str, str] | None = None) -> str:
    """By name, never ranked; of one class if one is chosen."""
    wanted = flask.request.args.to_dict()
    if len(visitor.members) == 1:
        at_school(visitor, visitor.members[0].school.id)
    class_id = wanted.get("class_id", "")
    if class_id:
        who, found = seek(visitor, lambda who: portal().heard.list_unheard(who, class_id, wanted.get("after", "")))
        parts = [OfSchool(at_school(visitor, who.school), found)]
    else:
        parts = read_unheard(portal(), visitor, wanted)
    return flask.render_template(
        "unheard.html", parts=parts, classes=read_classes(portal(), visitor), class_id=class_id, errors=errors,
        keeps=visitor.is_any(*KEEPERS), choices=WEEKS, back="/staff",
        done=flask.session.pop("done", "") if errors is None else "")


@room.post("/unheard/weeks")
@for_whom(*KEEPERS)
def set_weeks(visitor: Visitor) -> Any:
    """After how many weeks of school a family is on the list."""
    who = the_office(visitor, *KEEPERS)
    try:
        portal().heard.set_weeks(who, flask.request.form.get("weeks", 0, type=int))
    except Invalid:
        return _page(visitor, {"weeks": _("Choose how many weeks")}), 422
    flask.session["done"] = "weeks-set"
    return flask.redirect("/staff/unheard", 303)


@room.get("/contact-made")
@for_whom("staff")
def show_contact_made(visitor: Visitor) -> Any:
    """How often families of each class heard from us; of no child alone."""
    if len(visitor.members) == 1:
        at_school(visitor, visitor.members[0].school.id)
    return flask.render_template(
        "contact_made.html", back="/staff", full=True,
        parts=read_contact_made(portal(), visitor, flask.request.args.get("half_on", "")))
