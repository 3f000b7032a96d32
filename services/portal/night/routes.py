"""The night itself. Each page loads itself again, by a script or, without one, by the browser."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Conflict, Invalid
from services.portal.accounts.queries import Visitor
from services.portal.clients.night import NightDesk
from services.portal.night.rules import can_tell
from services.portal.visiting import at_school, for_whom, seek, the_office
from services.portal.wiring import portal

room = flask.Blueprint("night", __name__, template_folder="templates")
AT_THE_DOOR = ("reception", "office", "head", "dsl")
EVERY = 20  # seconds
LATE = (0, 5, 10, 15, 20, 30)


@room.get("/staff/evenings/<evening_id>/night")
@for_whom("staff")
def show_desk(visitor: Visitor, evening_id: str) -> Any:
    """My evening as it goes on: who is next, what they want to talk about, and three buttons."""
    who, found = seek(visitor, lambda who: portal().night.show_desk(who, evening_id, who.person_id))
    return _desk(visitor, who, found)


def _desk(visitor: Visitor, who: Principal, found: NightDesk, errors: dict[str, str] | None = None) -> str:
    at_school(visitor, who.school)
    now = portal().database.clock.now()
    return flask.render_template(
        "night_desk.html", night=found, late=LATE, now=now, errors=errors, refresh=EVERY, every=EVERY, back="/staff",
        can_tell=can_tell(found["evening"], now))


@room.post("/staff/evenings/<evening_id>/night/<appointment_id>/<any(begin, end, missed, undo):deed>")
@for_whom("staff")
def tell_of(visitor: Visitor, evening_id: str, appointment_id: str, deed: str) -> Any:
    """It begins, it has ended, nobody came; or that was a slip."""
    who, _found = seek(visitor, lambda who: portal().night.show_desk(who, evening_id, who.person_id))
    try:
        portal().night.tell_of(who, appointment_id, deed)
    except Conflict as refused:
        fresh = portal().night.show_desk(who, evening_id, who.person_id)
        return _desk(visitor, who, fresh, {"talks": refused.detail or refused.title}), 409
    return flask.redirect(f"/staff/evenings/{evening_id}/night", 303)


@room.post("/staff/evenings/<evening_id>/night/late")
@for_whom("staff")
def say_late(visitor: Visitor, evening_id: str) -> Any:
    """How late I am: those who wait see it."""
    who, found = seek(visitor, lambda who: portal().night.show_desk(who, evening_id, who.person_id))
    said = flask.request.form.get("minutes", "")
    if not (said.isascii() and said.isdigit()):
        return _desk(visitor, who, found, {"minutes": _("Choose how late you are")}), 422
    try:
        portal().night.say_late(who, evening_id, who.person_id, int(said))
    except Invalid as refused:
        return _desk(visitor, who, found, {"minutes": refused.errors.get("/minutes", refused.title)}), 422
    except Conflict as refused:
        return _desk(visitor, who, found, {"minutes": refused.detail or refused.title}), 409
    return flask.redirect(f"/staff/evenings/{evening_id}/night", 303)


@room.get("/evenings/<evening_id>/night")
@for_whom("guardian")
def show_mine(visitor: Visitor, evening_id: str) -> Any:
    """Where I go next, and how late it is there. It prints on one page."""
    who, found = seek(visitor, lambda who: portal().night.show_mine(who, evening_id))
    at_school(visitor, who.school)
    return flask.render_template("night_mine.html", night=found, now=portal().database.clock.now(), refresh=EVERY,
                                 every=EVERY, back=f"/evenings/{evening_id}", error=flask.session.pop("night", ""))


@room.post("/evenings/<evening_id>/night")
@for_whom("guardian")
def say_here(visitor: Visitor, evening_id: str) -> Any:
    """I am here."""
    who, _found = seek(visitor, lambda who: portal().night.show_mine(who, evening_id))
    try:
        portal().night.say_here(who, evening_id)
    except Conflict as refused:
        flask.session["night"] = refused.detail or refused.title
    return flask.redirect(f"/evenings/{evening_id}/night", 303)


@room.get("/reception/evenings/<evening_id>")
@for_whom(*AT_THE_DOOR)
def show_door(visitor: Visitor, evening_id: str) -> Any:
    """Who comes tonight, by name, with one button each; and how late each teacher is."""
    who, find = the_office(visitor, *AT_THE_DOOR), flask.request.args.get("find", "")[:120]
    return _door(who, evening_id, find)


def _door(who: Principal, evening_id: str, find: str, errors: dict[str, str] | None = None) -> str:
    return flask.render_template(
        "night_door.html", night=portal().night.show_door(who, evening_id, find), find=find, errors=errors,
        now=portal().database.clock.now(), refresh=EVERY, every=EVERY, back="/reception")


@room.post("/reception/evenings/<evening_id>")
@for_whom(*AT_THE_DOOR)
def note_arrival(visitor: Visitor, evening_id: str) -> Any:
    """Somebody has come, or was marked by mistake."""
    who, form = the_office(visitor, *AT_THE_DOOR), flask.request.form
    try:
        portal().night.note_arrival(who, evening_id, form.get("guardian", ""), form.get("here") != "no")
    except Conflict as refused:
        return _door(who, evening_id, "", {"adults": refused.detail or refused.title}), 409
    return flask.redirect(f"/reception/evenings/{evening_id}", 303)


@room.get("/office/evenings/<evening_id>/missed")
@for_whom("office", "head")
def list_missed(visitor: Visitor, evening_id: str) -> Any:
    """Who did not come, to be offered a call."""
    who = the_office(visitor, "office", "head")
    back = f"/office/evenings/{evening_id}" if visitor.is_any("office") else "/office/evenings"
    return flask.render_template("night_missed.html", missed=portal().night.list_missed(who, evening_id),
                                 back=back)
