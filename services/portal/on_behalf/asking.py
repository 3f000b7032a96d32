"""The whole evening in one go for an adult who rings: asked, held while they make up their mind, and booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Conflict, NotFound, Unavailable
from services.portal.accounts.queries import Visitor
from services.portal.clients.itineraries import Itinerary
from services.portal.evenings import queries
from services.portal.on_behalf.desk import ADULT, ChildsPart, Desk, find_desk, read_children
from services.portal.sending import send
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal


def add_pages(room: flask.Blueprint) -> None:
    """The pages of this file."""
    room.add_url_rule(f"{ADULT}/ask", view_func=show_form)
    room.add_url_rule(f"{ADULT}/ask", view_func=ask, methods=["POST"])
    room.add_url_rule(f"{ADULT}/held", view_func=show_held)
    room.add_url_rule(f"{ADULT}/held", view_func=act, methods=["POST"])


@for_whom("office")
def show_form(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """The form that a parent has, with what was said last time."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if not desk.is_open:
        return flask.redirect(desk.here, 303)
    last = portal().itineraries.find(desk.who, evening_id, guardian_id)
    return _form(desk, read_children(desk), kept_words(visitor) or queries.answers_of(last))


@for_whom("office")
def ask(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """Hold what fits; what is wrong or does not fit is said on the form, with every answer in it."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if not desk.is_open:
        return flask.redirect(desk.here, 303)
    form, children = flask.request.form, read_children(desk)
    given: dict[str, Any] = {**form.to_dict(), "talk": form.getlist("talk"), "needs": form.getlist("needs")}
    faults, status = queries.find_faults(given), 422
    if not faults:
        faults, status = _hold(desk, given)
    if faults:
        return _form(desk, children, given, faults), status
    return flask.redirect(f"{desk.here}/held", 303)


def _hold(desk: Desk, given: Mapping[str, Any]) -> tuple[dict[str, str], int]:
    """What is wrong, by field, and the page's status; nothing when it is held."""
    answers = {**queries.asked_of(given), "guardian_id": desk.guardian_id}
    try:
        return send(lambda: portal().itineraries.ask(
            desk.who, desk.evening["id"], answers, given.get("key") or new_id()), "talk", queries.FIELDS)
    except NotFound:
        return {"talk": _("They may not book this just now. Look at the family's page.")}, 409


def _form(desk: Desk, children: Sequence[ChildsPart], given: Mapping[str, Any],
          errors: Mapping[str, str] | None = None) -> str:
    found = [(part.child, part.slots) for part in children]
    return flask.render_template(
        "on_behalf_ask.html", desk=desk, evening=desk.evening, given=queries.as_lists(given), errors=errors,
        key=new_id(), back=desk.here, talks=queries.list_talks(found), ways=queries.list_ways(found),
        needs=queries.list_needs(found),
        times=queries.list_clock_times(desk.evening["from"], desk.evening["to"]))


@for_whom("office")
def show_held(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """What is held for them and until when; or, when time ran out, all that they said, to ask again."""
    return _held(find_desk(visitor, evening_id, pupil_id, guardian_id))


@for_whom("office")
def act(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """Book all of it, have more time, let it go, or ask again."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    found = portal().itineraries.find(desk.who, evening_id, guardian_id)
    what = flask.request.form.get("what", "")
    if what not in queries.ACTS or found is None or flask.request.form.get("itinerary") != found["id"]:
        return _held(desk, _("This was changed meanwhile. Here is how it stands now.")), 409
    try:
        portal().itineraries.act(desk.who, found["id"], what)
    except Conflict as conflict:
        return _held(desk, conflict.detail), 409
    except NotFound:
        return _show(desk, found, _("They may not book this just now. Look at the family's page.")), 409
    except Unavailable:
        return _show(desk, found, _("We couldn't do this just now. Try again in a minute.")), 503
    if what == "keep":
        flask.session["done"] = "kept"
        return flask.redirect(desk.here, 303)
    return flask.redirect(f"{desk.here}/held", 303)


def _held(desk: Desk, problem: str = "") -> str:
    found = portal().itineraries.find(desk.who, desk.evening["id"], desk.guardian_id)
    if found is None:
        raise NotFound()
    return _show(desk, found, problem)


def _show(desk: Desk, found: Itinerary, problem: str) -> str:
    return flask.render_template("on_behalf_held.html", desk=desk, evening=desk.evening, held=found, problem=problem,
                                 minutes=-(-found["seconds_left"] // 60), back=desk.here)
