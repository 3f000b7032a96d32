"""Waiting for a time of a teacher, and the page of an offer: one tap takes it, and to look changes nothing."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import Conflict, Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.waitlist import Offer
from services.portal.visiting import at_school, for_whom, seek
from services.portal.wiring import portal


def add_pages(room: flask.Blueprint) -> None:
    """The pages of this file."""
    room.add_url_rule("/evenings/<evening_id>/<pupil_id>/<staff_id>/wait", view_func=wait, methods=["POST"])
    room.add_url_rule("/evenings/<evening_id>/<pupil_id>/<staff_id>/leave", view_func=leave, methods=["POST"])
    room.add_url_rule("/offers/<offer_id>", view_func=show_offer)
    room.add_url_rule("/offers/<offer_id>", view_func=answer_offer, methods=["POST"])


@for_whom("guardian")
def wait(visitor: Visitor, evening_id: str, pupil_id: str, staff_id: str) -> Any:
    """Wait for a time; with one that is held already, for a better one between two hours."""
    form = flask.request.form
    wish = {"staff_id": staff_id, "instead_of": form.get("instead_of") or None,
            "earliest": form.get("earliest") or None, "latest": form.get("latest") or None}
    try:
        seek(visitor, lambda who: portal().waitlist.join(who, evening_id, pupil_id, wish))
        flask.session["waiting"] = "joined"
    except (Invalid, Conflict) as problem:
        flask.session["waiting"] = problem.detail or _("Please look at this again")
    return flask.redirect(f"/evenings/{evening_id}/{pupil_id}/{staff_id}", 303)


@for_whom("guardian")
def leave(visitor: Visitor, evening_id: str, pupil_id: str, staff_id: str) -> Any:
    who, _slots = seek(visitor, lambda who: portal().scheduling.list_slots(who, evening_id, pupil_id))
    for one in portal().waitlist.list_waiting(who):
        if (one["evening_id"], one["pupil"]["id"], one["staff"]["id"]) == (evening_id, pupil_id, staff_id):
            portal().waitlist.leave(who, one["id"])
    flask.session["waiting"] = "left"
    return flask.redirect(f"/evenings/{evening_id}/{pupil_id}/{staff_id}", 303)


@for_whom("guardian")
def show_offer(visitor: Visitor, offer_id: str) -> Any:
    """The time that is held, or kindly what became of it."""
    who, offer = seek(visitor, lambda who: portal().waitlist.show_offer(who, offer_id))
    at_school(visitor, who.school)
    return _page(offer)


@for_whom("guardian")
def answer_offer(visitor: Visitor, offer_id: str) -> Any:
    """Take the time, or leave it to the next."""
    who, offer = seek(visitor, lambda who: portal().waitlist.show_offer(who, offer_id))
    at_school(visitor, who.school)
    answer = flask.request.form.get("answer", "")
    if answer not in ("accept", "decline"):
        raise NotFound()
    try:
        portal().waitlist.answer(who, offer_id, answer)
    except Conflict as conflict:
        return _page(portal().waitlist.show_offer(who, offer_id), conflict.detail), 409
    return flask.redirect(f"/offers/{offer['id']}", 303)


def _page(offer: Offer, problem: str = "") -> str:
    return flask.render_template("evening_offer.html", offer=offer, evening=offer["evening"], problem=problem,
                                 about=offer["pupil"]["given_name"],
                                 back=f"/evenings/{offer['evening']['id']}/{offer['pupil']['id']}")
