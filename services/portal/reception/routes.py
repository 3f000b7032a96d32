"""A child and an adult, as they are named at the door: yes, or a colleague comes. Nothing stays on the screen.

The session holds the one answer until it is shown, and never a name; the page after it is an empty form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Unavailable
from chassis.log import logger
from services.portal.accounts.queries import Visitor
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

ROLES = ("reception", "office", "head", "dsl")
PURPOSES = ("collect", "attend")
MOST = 401
KEPT = "door"
CHILD, ADULT, PURPOSE = "door-child", "door-adult", "for"
room = flask.Blueprint("reception", __name__, template_folder="templates", url_prefix="/reception")
log = logger("reception")


@room.get("")
@for_whom(*ROLES)
def show(visitor: Visitor) -> Any:
    """The answer, once, if one was given just now; else two empty fields."""
    who = the_office(visitor, *ROLES)
    said: dict[str, str] | None = flask.session.pop(KEPT, None)
    if said is None:
        (tonight,) = portal().transport.gather([lambda: portal().night.list_tonight(who)])
        return _form({}, tonight=tonight or [])
    as_of = datetime.fromisoformat(said["as_of"]) if said.get("as_of") else None
    return flask.render_template("reception_answer.html", said=said, as_of=as_of, today=portal().database.clock.now())


def _form(answers: Mapping[str, str], errors: dict[str, str] | None = None, tonight: Sequence[Any] = ()) -> str:
    return flask.render_template("reception.html", answers=answers, errors=errors, tonight=tonight)


@room.post("")
@for_whom(*ROLES)
def ask(visitor: Visitor) -> Any:
    """Ask scheduling; while it is away, the member of staff fetches a colleague themselves."""
    who, answers = the_office(visitor, *ROLES), flask.request.form.to_dict()
    errors = _faults(answers)
    if errors:
        return _form(answers, errors), 422
    flask.session[KEPT] = _ask(who, answers)
    return flask.redirect("/reception", 303)


def _faults(answers: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if not 0 < len(answers.get(CHILD, "").strip()) <= MOST:
        errors[CHILD] = _("Write the child's name, first and last")
    if not 0 < len(answers.get(ADULT, "").strip()) <= MOST:
        errors[ADULT] = _("Write the adult's name, first and last")
    if answers.get(PURPOSE) not in PURPOSES:
        errors[PURPOSE] = _("Choose one")
    return errors


def _ask(who: Principal, answers: Mapping[str, str]) -> dict[str, Any]:
    purpose = answers[PURPOSE]
    try:
        found = portal().scheduling.ask_at_door(who, answers[CHILD].strip(), answers[ADULT].strip(), purpose)
    except Unavailable:
        log.warning("door_not_answered", school=who.school)
        return {"answer": "in-person", "for": purpose}
    return {"answer": found["answer"], "for": purpose, "as_of": found["as_of"]}
