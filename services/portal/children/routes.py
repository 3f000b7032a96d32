"""One child's page, and how a parent would like appointments about the child to be."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.children.queries import find_child, read_child
from services.portal.clients.profiles import Child
from services.portal.clients.scheduling import SharingWish
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("children", __name__, template_folder="templates")


@room.get("/children/<pupil_id>")
@for_whom("guardian")
def show(visitor: Visitor, pupil_id: str) -> Any:
    """What people like about the child first, then good news, what we try, and when we meet."""
    place, page = read_child(portal(), visitor, pupil_id)
    return flask.render_template("child.html", page=page, place=place)


@room.get("/children/<pupil_id>/sharing")
@for_whom("guardian")
def ask_sharing(visitor: Visitor, pupil_id: str) -> Any:
    """How this adult would like appointments to be: their own wish alone, and never whether anybody else has one."""
    who, child = find_child(portal(), visitor, pupil_id)
    return _sharing(child, portal().scheduling.show_sharing(who, pupil_id))


def _sharing(child: Child, wish: SharingWish) -> str:
    return flask.render_template("child_sharing.html", child=child, wish=wish, about=child["given_name"],
                                 back=f"/children/{child['id']}", done=flask.session.pop("done", ""))


@room.post("/children/<pupil_id>/sharing")
@for_whom("guardian")
def choose_sharing(visitor: Visitor, pupil_id: str) -> Any:
    who, child = find_child(portal(), visitor, pupil_id)
    wanted = flask.request.form.getlist("wish")
    portal().scheduling.change_sharing(who, child["id"], SharingWish(shows_times="times" in wanted,
                                                                     together="together" in wanted))
    flask.session["done"] = "sharing-chosen"
    return flask.redirect(f"/children/{pupil_id}/sharing", 303)
