"""Sharing an update: its questions, the check, the sending, and what became of it."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Invalid, NotFound
from services.portal.accounts.actions import drop_draft, keep_draft
from services.portal.accounts.queries import Visitor, find_draft
from services.portal.children.queries import find_child
from services.portal.clients.profiles import Child
from services.portal.trust_work import trust_work
from services.portal.updates.rules import ANSWERS, next_step, step_before, will_do
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import AUDIENCES, UNTILS, UPDATE_KINDS

room = flask.Blueprint("updates", __name__, template_folder="templates", url_prefix="/children/<pupil_id>/updates")
CHOICES = {"what": UPDATE_KINDS, "who": AUDIENCES, "until": UNTILS, "words": {}}
STEP = "<any(what, words, who, until):step>"


def _draft(visitor: Visitor, pupil_id: str) -> dict[str, str]:
    with trust_work(portal().database, "draft", write=False) as work:
        return find_draft(work, visitor.account_id, f"update:{pupil_id}")


def _keep(visitor: Visitor, pupil_id: str, answers: dict[str, str]) -> None:
    with trust_work(portal().database, "keep a draft") as work:
        keep_draft(work, visitor.account_id, f"update:{pupil_id}", answers)


@room.get("/new")
@for_whom("guardian")
def begin(visitor: Visitor, pupil_id: str) -> Any:
    """Go on where the writer stopped."""
    find_child(portal(), visitor, pupil_id)
    return flask.redirect(f"/children/{pupil_id}/updates/new/{next_step(_draft(visitor, pupil_id))}", 303)


@room.get(f"/new/{STEP}")
@for_whom("guardian")
def ask(visitor: Visitor, pupil_id: str, step: str) -> Any:
    """One question."""
    _who, child = find_child(portal(), visitor, pupil_id)
    kept = kept_words(visitor).get(ANSWERS[step])
    return _question(child, step, kept or _draft(visitor, pupil_id).get(ANSWERS[step], ""))


def _question(child: Child, step: str, answer: str, errors: dict[str, str] | None = None) -> str:
    before = step_before(step)
    back = f"/children/{child['id']}/updates/new/{before}" if before else f"/children/{child['id']}"
    return flask.render_template("update_question.html", child=child, step=step, answer=answer, errors=errors,
                                 back=back, choices=list(CHOICES[step].items()), about=child["given_name"])


@room.post(f"/new/{STEP}")
@for_whom("guardian")
def answer(visitor: Visitor, pupil_id: str, step: str) -> Any:
    """Keep an answer, and go on; 'check' goes straight back to the check."""
    _who, child = find_child(portal(), visitor, pupil_id)
    given = flask.request.form.get(ANSWERS[step], "")
    if not will_do(step, given, CHOICES[step]):
        words = {"words": _("Write a few words, at most 2,000 letters")}.get(step, _("Choose one"))
        return _question(child, step, given, {ANSWERS[step]: words}), 422
    answers = {"key": new_id(), **_draft(visitor, pupil_id), ANSWERS[step]: given}
    _keep(visitor, pupil_id, answers)
    return flask.redirect(f"/children/{pupil_id}/updates/new/{next_step(answers)}", 303)


@room.get("/new/check")
@for_whom("guardian")
def check(visitor: Visitor, pupil_id: str) -> Any:
    """Everything once more before it goes out."""
    _who, child = find_child(portal(), visitor, pupil_id)
    answers = _draft(visitor, pupil_id)
    if next_step(answers) != "check":
        return flask.redirect(f"/children/{pupil_id}/updates/new/{next_step(answers)}", 303)
    return flask.render_template("update_check.html", child=child, answers=answers, about=child["given_name"],
                                 back=f"/children/{pupil_id}/updates/new/until")


@room.post("/new/check")
@for_whom("guardian")
def send(visitor: Visitor, pupil_id: str) -> Any:
    """Send it once: the draft's own key makes a second press the same deed."""
    who, _child = find_child(portal(), visitor, pupil_id)
    answers = _draft(visitor, pupil_id)
    key = answers.pop("key", "")
    if next_step(answers) != "check":
        return flask.redirect(f"/children/{pupil_id}", 303)  # it went out with the first press
    try:
        update = portal().profiles.share_update(who, pupil_id, answers, key)
    except Invalid:
        return flask.redirect(f"/children/{pupil_id}/updates/new/what", 303)
    with trust_work(portal().database, "sent") as work:
        drop_draft(work, visitor.account_id, f"update:{pupil_id}")
    flask.session["done"] = "update-sent"
    return flask.redirect(f"/children/{pupil_id}/updates/{update['id']}", 303)


@room.get("/<update_id>")
@for_whom("guardian")
def show(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    """What was shared, who has read it and when, and what they answered."""
    who, child = find_child(portal(), visitor, pupil_id)
    update = portal().profiles.show_update(who, update_id)
    if update["pupil_id"] != pupil_id:
        raise NotFound()
    return flask.render_template("update.html", child=child, update=update, done=flask.session.pop("done", ""),
                                 back=f"/children/{pupil_id}", about=child["given_name"])


@room.get("/<update_id>/withdraw")
@for_whom("guardian")
def ask_withdraw(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    who, child = find_child(portal(), visitor, pupil_id)
    update = portal().profiles.show_update(who, update_id)
    return flask.render_template("update_withdraw.html", child=child, update=update, about=child["given_name"],
                                 back=f"/children/{pupil_id}/updates/{update_id}")


@room.post("/<update_id>/withdraw")
@for_whom("guardian")
def withdraw(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    who, _child = find_child(portal(), visitor, pupil_id)
    portal().profiles.withdraw_update(who, update_id)
    flask.session["done"] = "update-withdrawn"
    return flask.redirect(f"/children/{pupil_id}/updates/{update_id}", 303)
