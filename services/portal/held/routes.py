"""What is held about one child, for the child's parent; asking for all of it, and taking it away."""

from __future__ import annotations

from functools import partial
from typing import Any

import flask

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.children.queries import find_child
from services.portal.clients.access import OwnRequest
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("held", __name__, template_folder="templates")
HELD = "/children/<pupil_id>/held"
MOST_SHOWN = 100


@room.get("/held")
@for_whom("guardian")
def choose(visitor: Visitor) -> Any:
    """Which child? With one alone there is nothing to choose."""
    answers = portal().transport.gather([partial(portal().profiles.list_children, who) for who in visitor.principals()])
    children = [child for answer in answers for child in answer or ()]
    if len(children) == 1 and None not in answers:
        return flask.redirect(f"/children/{children[0]['id']}/held", 303)
    return flask.render_template("held_children.html", children=children, is_silent=None in answers, back="/settings")


@room.get(HELD)
@for_whom("guardian")
def show(visitor: Visitor, pupil_id: str) -> Any:
    """The child's ordinary record, and who opened it."""
    who, child = find_child(portal(), visitor, pupil_id)
    return flask.render_template(
        "held.html", child=child, about=child["given_name"], back=f"/children/{child['id']}", most=MOST_SHOWN,
        held=portal().access.show_held(who, child["id"]), requests=portal().access.list_own(who, child["id"]),
        done=flask.session.pop("done", ""))


@room.get(f"{HELD}/everything")
@for_whom("guardian")
def ask_first(visitor: Visitor, pupil_id: str) -> Any:
    """What asking for everything means, before it is asked."""
    _who, child = find_child(portal(), visitor, pupil_id)
    return flask.render_template("held_ask.html", child=child, about=child["given_name"], key=new_id(),
                                 back=f"/children/{child['id']}/held")


@room.post(f"{HELD}/everything")
@for_whom("guardian")
def ask(visitor: Visitor, pupil_id: str) -> Any:
    """A second press asks for nothing more."""
    who, child = find_child(portal(), visitor, pupil_id)
    try:
        portal().access.ask(who, child["id"], flask.request.form.get("key") or new_id())
        flask.session["done"] = "asked"
    except Conflict:
        flask.session["done"] = ""
    return flask.redirect(f"/children/{child['id']}/held", 303)


def _own(who: Principal, pupil_id: str, request_id: str) -> OwnRequest:
    for found in portal().access.list_own(who, pupil_id):
        if found["id"] == request_id:
            return found
    raise NotFound()


@room.get(f"{HELD}/<request_id>/withdraw")
@for_whom("guardian")
def ask_withdraw(visitor: Visitor, pupil_id: str, request_id: str) -> Any:
    who, child = find_child(portal(), visitor, pupil_id)
    return flask.render_template("held_withdraw.html", child=child, about=child["given_name"],
                                 asked=_own(who, child["id"], request_id), back=f"/children/{child['id']}/held")


@room.post(f"{HELD}/<request_id>/withdraw")
@for_whom("guardian")
def withdraw(visitor: Visitor, pupil_id: str, request_id: str) -> Any:
    who, child = find_child(portal(), visitor, pupil_id)
    portal().access.withdraw(who, _own(who, child["id"], request_id)["id"])
    flask.session["done"] = "withdrawn"
    return flask.redirect(f"/children/{child['id']}/held", 303)


@room.get(f"{HELD}/<request_id>/pack")
@for_whom("guardian")
def take(visitor: Visitor, pupil_id: str, request_id: str) -> flask.Response:
    """The file itself, to keep."""
    who, child = find_child(portal(), visitor, pupil_id)
    content = portal().access.fetch_pack(who, _own(who, child["id"], request_id)["id"])
    return flask.Response(content, content_type="application/zip", headers={
        "Content-Disposition": 'attachment; filename="what-we-hold.zip"'})
