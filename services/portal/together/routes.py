"""Together: the list, and one loop; each file beside this one holds the pages of one kind of deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.standing import PLACES, stand
from services.portal.together import deeds, opening
from services.portal.together.queries import LoopPlace, find_loop
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("together", __name__, template_folder="templates")


@for_whom("guardian", "staff", "pupil")
def list_all(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """What is open, then what is closed, with what goes well first."""
    place = stand(visitor, pupil_id)
    found = portal().partnerships.list_loops(place.who, place.pupil_id)
    return flask.render_template("together.html", place=place, items=found["items"], about=place.child,
                                 back="/me" if place.hat == "pupil" else place.base)


@for_whom("guardian", "staff", "pupil")
def show(visitor: Visitor, partnership_id: str, pupil_id: str | None = None) -> Any:
    """One loop, as this visitor may read it."""
    at = find_loop(visitor, pupil_id, partnership_id)
    return flask.render_template("together_loop.html", at=at, place=at.place, shared=at.loop, about=at.place.child,
                                 back=at.back, done=flask.session.pop("done", ""), movable=_movable(at))


def _movable(at: LoopPlace) -> set[str]:
    """The booked meetings for which an adult at home may choose another time: their own, until they begin."""
    now = portal().database.clock.now()
    return {meeting["id"] for meeting in at.loop["meetings"]
            if at.place.hat == "guardian" and datetime.fromisoformat(meeting["starts_at"]) > now}


def _add(path: str, view: Callable[..., Any], method: str = "GET") -> None:
    """The same page for a parent, a member of staff and the child."""
    for place in PLACES:
        room.add_url_rule(f"{place}/together{path}", view_func=view, methods=[method])


_add("", list_all)
_add("/<partnership_id>", show)
for each_path, each_view, each_method in (*opening.PAGES, *deeds.PAGES):
    _add(each_path, each_view, each_method)
