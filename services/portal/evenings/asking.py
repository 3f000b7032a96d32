"""One form for the whole evening: with whom, when and how; what fits is held, with a clock that can be extended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.scheduling import Evening, is_wished
from services.portal.evenings import queries
from services.portal.sending import send
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal


def add_pages(room: flask.Blueprint) -> None:
    """The pages of this file."""
    room.add_url_rule("/evenings/<evening_id>/ask", view_func=show_form)
    room.add_url_rule("/evenings/<evening_id>/ask", view_func=ask, methods=["POST"])
    room.add_url_rule("/evenings/<evening_id>/held", view_func=show_held)
    room.add_url_rule("/evenings/<evening_id>/held", view_func=act, methods=["POST"])


@for_whom("guardian")
def show_form(visitor: Visitor, evening_id: str) -> Any:
    """The form, with what was said last time."""
    who, evening = _find(visitor, evening_id)
    if is_wished(evening):
        return flask.redirect(f"/evenings/{evening_id}/wishes", 303)
    last = portal().itineraries.find(who, evening_id)
    return _form(who, evening, kept_words(visitor) or queries.answers_of(last))


@for_whom("guardian")
def ask(visitor: Visitor, evening_id: str) -> Any:
    """Hold what fits; what is wrong or does not fit is said on the form, with every answer in it."""
    who, evening = _find(visitor, evening_id)
    form = flask.request.form
    given: dict[str, Any] = {**form.to_dict(), "talk": form.getlist("talk"), "needs": form.getlist("needs")}
    faults, status = queries.find_faults(given), 422
    if not faults:
        faults, status = send(lambda: portal().itineraries.ask(
            who, evening_id, queries.asked_of(given), given.get("key") or new_id()), "talk", queries.FIELDS)
    if faults:
        return _form(who, evening, given, faults), status
    return flask.redirect(f"/evenings/{evening_id}/held", 303)


@for_whom("guardian")
def show_held(visitor: Visitor, evening_id: str) -> Any:
    """What is held and until when; or, when time ran out, everything that was said, to ask again."""
    who, evening = _find(visitor, evening_id)
    return _held(who, evening)


@for_whom("guardian")
def act(visitor: Visitor, evening_id: str) -> Any:
    """Book all of it, have more time, let it go, or ask again."""
    who, evening = _find(visitor, evening_id)
    what, itinerary_id = flask.request.form.get("what", ""), flask.request.form.get("itinerary", "")
    if what not in queries.ACTS or not itinerary_id:
        raise NotFound()
    try:
        made = portal().itineraries.act(who, itinerary_id, what)
    except Conflict as conflict:
        return _held(who, evening, conflict.detail), 409
    if what == "keep":
        flask.session["done"] = "kept"
        if len(made["children"]) == 1:
            return flask.redirect(f"/evenings/{evening_id}/{made['children'][0]['pupil_id']}", 303)
    return flask.redirect(f"/evenings/{evening_id}/held", 303)


def _find(visitor: Visitor, evening_id: str) -> tuple[Principal, Evening]:
    who, evening = seek(visitor, lambda who: portal().scheduling.show_evening(who, evening_id))
    at_school(visitor, who.school)
    return who, evening


def _held(who: Principal, evening: Evening, problem: str = "") -> str:
    found = portal().itineraries.find(who, evening["id"])
    if found is None:
        raise NotFound()
    return flask.render_template("evening_held.html", evening=evening, held=found, problem=problem,
                                 minutes=-(-found["seconds_left"] // 60), back=f"/evenings/{evening['id']}/ask")


def _form(who: Principal, evening: Evening, given: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> str:
    found = [(child, portal().scheduling.list_slots(who, evening["id"], child["id"])) for child in evening["pupils"]]
    return flask.render_template(
        "evening_ask.html", evening=evening, given=queries.as_lists(given), errors=errors, key=new_id(),
        back=f"/evenings/{evening['id']}", talks=queries.list_talks(found), ways=queries.list_ways(found),
        needs=queries.list_needs(found), times=queries.list_clock_times(evening["from"], evening["to"]))
