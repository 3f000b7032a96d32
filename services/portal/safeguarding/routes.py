"""Pages of the locked room: a plain form for staff who pass something on; all else for safeguarding leads alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid
from services.portal.accounts.queries import Visitor
from services.portal.clients.safeguarding import Matter
from services.portal.safeguarding.rules import CHILD_TOLD, LIMITS, faults_of
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

room = flask.Blueprint("safeguarding", __name__, template_folder="templates", url_prefix="/staff/safeguarding")
LEADS = ("dsl",)
MISSING = {"why": _l("Say in your own words why"), "words": _l("Write a note"),
           "system": _l("Say where it went"), "reference": _l("Write their reference")}
Errors = dict[str, str]


def _faults(answers: Mapping[str, str], *fields: str) -> Errors:
    return {name: str(MISSING[name]) if fault == "missing" else _("Write at most %(most)s letters", most=LIMITS[name])
            for name, fault in faults_of(answers, *fields).items()}


@room.get("/pass")
@for_whom("staff")
def ask_pass(visitor: Visitor) -> Any:
    """Why, and whether the child was told: nothing of the entry itself is shown here."""
    given = {name: flask.request.args.get(name, "")[:40] for name in ("kind", "id")}
    return _pass_form({**given, "key": new_id(), **kept_words(visitor)})


def _pass_form(answers: Mapping[str, str], errors: Errors | None = None) -> str:
    return flask.render_template("safeguarding_pass.html", answers=answers, errors=errors, limit=LIMITS["why"],
                                 back="/staff")


@room.post("/pass")
@for_whom("staff")
def pass_on(visitor: Visitor) -> Any:
    """It is with the leads from this moment, and on nobody's other screen at school."""
    answers = flask.request.form.to_dict()
    errors = _faults(answers, "why")
    if answers.get("child_told", "") not in ("", *CHILD_TOLD):
        errors["child_told"] = _("Choose one")
    if errors:
        return _pass_form(answers, errors), 422
    body = {"kind": answers.get("kind", ""), "entry_id": answers.get("id", ""), "why": answers["why"],
            "child_told": answers.get("child_told") or None}
    try:
        seek(visitor, lambda who: portal().safeguarding.pass_on(who, body, answers.get("key") or new_id()))
    except Invalid as refused:
        if "/child_told" not in refused.errors:
            raise
        # The same key would be a different request: it has another answer in it.
        return _pass_form({**answers, "key": new_id()}, {
            "child_told": _("These are the child's own words: say whether the child was told first")}), 422
    return flask.redirect("/staff/safeguarding/passed", 303)


@room.get("/passed")
@for_whom("staff")
def passed(_visitor: Visitor) -> Any:
    return flask.render_template("safeguarding_passed.html", back="/staff")


@room.get("")
@for_whom(*LEADS)
def list_matters(visitor: Visitor) -> Any:
    """What was passed on, the newest first, from each school of the lead's."""
    whos = visitor.principals(*LEADS)
    if len(whos) == 1:
        at_school(visitor, whos[0].school)
    matters = [item for who in whos for item in portal().safeguarding.list_matters(who)]
    return flask.render_template("safeguarding_list.html", matters=matters, back="/staff", full=True)


def _find(visitor: Visitor, matter_id: str) -> tuple[Principal, Matter]:
    who, matter = seek(visitor, lambda who: portal().safeguarding.show_matter(who, matter_id), *LEADS)
    at_school(visitor, who.school)
    return who, matter


@room.get("/<matter_id>")
@for_whom(*LEADS)
def show_matter(visitor: Visitor, matter_id: str) -> Any:
    """Everything that is known of it, and who opened it."""
    return _matter(_find(visitor, matter_id)[1], kept_words(visitor))


def _matter(matter: Matter, answers: Mapping[str, str], errors: Errors | None = None) -> str:
    return flask.render_template(
        "safeguarding_matter.html", matter=matter, answers=answers, errors=errors, limit=LIMITS["words"],
        key=answers.get("key") or new_id(), done=flask.session.pop("done", ""), back="/staff/safeguarding",
        about=matter["pupil"]["given_name"] if matter["pupil"] else "")


@room.post("/<matter_id>/notes")
@for_whom(*LEADS)
def add_note(visitor: Visitor, matter_id: str) -> Any:
    """A note can't be changed afterwards: that is said on the page."""
    who, matter = _find(visitor, matter_id)
    answers = flask.request.form.to_dict()
    errors = _faults(answers, "words")
    if errors:
        return _matter(matter, answers, errors), 422
    return _send(matter, answers, "note-kept", lambda key: portal().safeguarding.add_note(
        who, matter_id, answers["words"], key))


@room.post("/<matter_id>/answer")
@for_whom(*LEADS)
def answer_home(visitor: Visitor, matter_id: str) -> Any:
    """Home sees that the words it changed were read."""
    who, matter = _find(visitor, matter_id)
    return _send(matter, flask.request.form.to_dict(), "home-answered",
                 lambda key: portal().safeguarding.answer_home(who, matter_id, key))


def _send(matter: Matter, answers: dict[str, str], said: str, act: Callable[[str], None]) -> Any:
    try:
        act(answers.get("key") or new_id())
    except (Conflict, Invalid) as refused:
        words = " ".join(refused.errors.values()) or refused.detail or refused.title
        return _matter(matter, {**answers, "key": ""}, {"words": words}), 409
    flask.session["done"] = said
    return flask.redirect(f"/staff/safeguarding/{matter['id']}", 303)


@room.get("/<matter_id>/file")
@for_whom(*LEADS)
def read_file(visitor: Visitor, matter_id: str) -> flask.Response:
    """The file for the school's safeguarding system."""
    _who, content = seek(visitor, lambda who: portal().safeguarding.fetch_file(who, matter_id), *LEADS)
    return flask.Response(content, content_type="application/zip", headers={
        "Content-Disposition": 'attachment; filename="matter.zip"'})


@room.get("/<matter_id>/hand-over")
@for_whom(*LEADS)
def ask_hand_over(visitor: Visitor, matter_id: str) -> Any:
    """First take the file there; then write down what they gave back for it."""
    _who, matter = _find(visitor, matter_id)
    return _hand_over(matter, {"digest": matter["digest"], "key": new_id(), **kept_words(visitor)})


def _hand_over(matter: Matter, answers: Mapping[str, str], errors: Errors | None = None) -> str:
    return flask.render_template(
        "safeguarding_hand_over.html", matter=matter, answers=answers, errors=errors, limit=LIMITS["receipt"],
        back=f"/staff/safeguarding/{matter['id']}", about=matter["pupil"]["given_name"] if matter["pupil"] else "")


@room.post("/<matter_id>/hand-over")
@for_whom(*LEADS)
def hand_over(visitor: Visitor, matter_id: str) -> Any:
    """Keep the receipt; what was added after the file was taken is told, and nothing that was typed is lost."""
    who, matter = _find(visitor, matter_id)
    answers = flask.request.form.to_dict()
    errors = _faults(answers, "system", "reference", "receipt")
    if errors:
        return _hand_over(matter, answers, errors), 422
    receipt = {"system": answers["system"], "reference": answers["reference"], "words": answers.get("receipt", ""),
               "digest": answers.get("digest", "")}
    try:
        portal().safeguarding.hand_over(who, matter_id, receipt, answers.get("key") or new_id())
    except (Conflict, Invalid) as refused:
        words = _("Something was added after you took the file. Take it again and hand that over.") \
            if isinstance(refused, Conflict) else " ".join(refused.errors.values()) or refused.title
        return _hand_over(matter, {**answers, "digest": matter["digest"], "key": new_id()}, {"system": words}), 409
    flask.session["done"] = "handed-over"
    return flask.redirect(f"/staff/safeguarding/{matter_id}", 303)
