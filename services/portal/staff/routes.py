"""Staff pages."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Invalid
from services.portal.accounts.queries import Visitor
from services.portal.children.queries import or_nothing
from services.portal.night.queries import list_today
from services.portal.staff.queries import read_pupil, read_today
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

room = flask.Blueprint("staff", __name__, template_folder="templates", url_prefix="/staff")


@room.get("")
@for_whom("staff")
def today(visitor: Visitor) -> Any:
    """What waits for me: updates to say 'read' to, then what is next, then my classes."""
    if len(visitor.members) == 1:
        at_school(visitor, visitor.members[0].school.id)
    page = read_today(portal(), visitor)
    return flask.render_template("staff_today.html", page=page, tonight=list_today(portal(), page.appointments),
                                 done=flask.session.pop("done", ""))


@room.get("/updates/<update_id>")
@for_whom("staff")
def show_update(visitor: Visitor, update_id: str) -> Any:
    """What home has shared, and a line of reply."""
    return _update(visitor, update_id, kept_words(visitor).get("reply", ""))


def _update(visitor: Visitor, update_id: str, reply: str, errors: dict[str, str] | None = None) -> str:
    who, update = seek(visitor, lambda who: portal().profiles.show_update(who, update_id))
    at_school(visitor, who.school)
    name = update["pupil"]["given_name"] if update["pupil"] else ""
    return flask.render_template("staff_update.html", update=update, name=name, about=name, reply=reply, errors=errors,
                                 key=new_id(), back="/staff")


@room.post("/updates/<update_id>")
@for_whom("staff")
def acknowledge(visitor: Visitor, update_id: str) -> Any:
    who, _update_found = seek(visitor, lambda who: portal().profiles.show_update(who, update_id))
    reply = flask.request.form.get("reply", "").strip()
    try:
        portal().profiles.acknowledge_update(who, update_id, reply, flask.request.form.get("key") or new_id())
    except Invalid:
        return _update(visitor, update_id, reply, {"reply": _("Write at most 500 letters")}), 422
    flask.session["done"] = "acknowledged"
    return flask.redirect("/staff", 303)


@room.get("/classes/<class_id>")
@for_whom("staff")
def show_class(visitor: Visitor, class_id: str) -> Any:
    who, found = seek(visitor, lambda who: portal().profiles.show_class(who, class_id))
    at_school(visitor, who.school)
    unheard, notes = portal().transport.gather([
        lambda: portal().heard.list_unheard(who, class_id, limit=100),
        lambda: or_nothing(lambda: portal().progress.show_class(who, class_id))])
    return flask.render_template("staff_class.html", found=found, unheard=unheard, teaches=notes is not None,
                                 back="/staff")


@room.get("/pupils/<pupil_id>")
@for_whom("staff")
def show_pupil(visitor: Visitor, pupil_id: str) -> Any:
    """One child: what people like about them and good news first, then what we try, and what home has told me."""
    place, page = read_pupil(portal(), visitor, pupil_id)
    return flask.render_template("staff_pupil.html", place=place, page=page, back="/staff",
                                 done=flask.session.pop("done", ""))


@room.get("/evenings/<evening_id>")
@for_whom("staff")
def show_evening(visitor: Visitor, evening_id: str) -> Any:
    """My own run of the evening, to print or to have at hand."""
    who, evening = seek(visitor, lambda who: portal().scheduling.show_evening(who, evening_id))
    at_school(visitor, who.school)
    return flask.render_template("staff_evening.html", evening=evening, back="/staff",
                                 sheet=portal().scheduling.list_run_sheet(who, evening_id, who.person_id))
