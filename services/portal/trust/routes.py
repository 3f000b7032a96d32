"""The platform's own page, and its dead letters."""

from __future__ import annotations

from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from services.portal.accounts.queries import Visitor, list_school_names
from services.portal.clients.operations import SERVICES
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("trust", __name__, template_folder="templates", url_prefix="/trust")
LETTERS = "/<school>/<service>/dead-letters"


@room.get("")
@for_whom("operator")
def show(visitor: Visitor) -> Any:
    """School x service: what waits to go out, what waits to come in, what stopped, and how fresh the copy is."""
    with trust_work(portal().database, "names of schools", write=False) as work:
        schools = list_school_names(work, portal().place.schools())
    places = [(school, service) for school in schools for service in SERVICES]
    answers = portal().transport.gather([
        partial(portal().operations.show_status, _who(visitor, school.id, service), service)
        for school, service in places])
    return flask.render_template("trust.html", rows=list(zip(places, answers, strict=True)), full=True)


def _who(visitor: Visitor, school: str, service: str) -> Principal:
    who = visitor.principal(school)
    if who is None or school not in portal().place.schools() or service not in SERVICES:
        raise NotFound()
    return who


@room.get(LETTERS)
@for_whom("operator")
def list_letters(visitor: Visitor, school: str, service: str) -> Any:
    letters = portal().operations.list_dead_letters(_who(visitor, school, service), service)
    return flask.render_template("trust_letters.html", school=school, service=service, letters=letters, back="/trust",
                                 done=flask.session.pop("done", ""), full=True)


@room.post(f"{LETTERS}/<letter_id>/retry")
@for_whom("operator")
def retry(visitor: Visitor, school: str, service: str, letter_id: str) -> Any:
    """Try it again, and those that waited behind it; what still fails says why."""
    try:
        count = portal().operations.retry(_who(visitor, school, service), service, letter_id)
        flask.session["done"] = _("%(n)s handled", n=count)
    except (Invalid, Conflict, Unavailable) as refused:
        flask.session["done"] = refused.detail or refused.title
    return flask.redirect(f"/trust/{school}/{service}/dead-letters", 303)


@room.get(f"{LETTERS}/<letter_id>/discard")
@for_whom("operator")
def ask_discard(visitor: Visitor, school: str, service: str, letter_id: str) -> Any:
    letters = portal().operations.list_dead_letters(_who(visitor, school, service), service)
    letter = next((item for item in letters if item["id"] == letter_id), None)
    if letter is None:
        raise NotFound()
    return _ask(school, service, letter, {})


def _ask(school: str, service: str, letter: Any, errors: dict[str, str]) -> str:
    return flask.render_template("trust_discard.html", school=school, service=service, letter=letter, errors=errors,
                                 back=f"/trust/{school}/{service}/dead-letters")


@room.post(f"{LETTERS}/<letter_id>/discard")
@for_whom("operator")
def discard(visitor: Visitor, school: str, service: str, letter_id: str) -> Any:
    """Give it up, with a reason that is kept."""
    reason = flask.request.form.get("reason", "").strip()
    if not 3 <= len(reason) <= 400:
        return _ask(school, service, {"id": letter_id}, {"reason": _("Say why, in 3 to 400 letters")}), 422
    portal().operations.discard(_who(visitor, school, service), service, letter_id, reason)
    flask.session["done"] = _("It is given up; what waited behind it goes on")
    return flask.redirect(f"/trust/{school}/{service}/dead-letters", 303)
