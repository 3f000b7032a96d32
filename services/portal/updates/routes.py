"""Sharing an update: its questions, the check, the sending, what became of it, and changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Invalid
from services.portal.accounts.actions import drop_draft, keep_draft
from services.portal.accounts.queries import Visitor, find_draft
from services.portal.clients.profiles import Child, Person
from services.portal.trust_work import trust_work
from services.portal.updates import changing, promises
from services.portal.updates.changing import CHOOSE_SOMEBODY, find_writer, list_choice
from services.portal.updates.rules import ANSWERS, named_of, next_step, step_before, will_do
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import AUDIENCES, UNTILS, UPDATE_KINDS

room = flask.Blueprint("updates", __name__, template_folder="templates")
changing.add_pages(room)
promises.add_pages(room)
HERE = "/children/<pupil_id>/updates"
CHOICES = {"what": UPDATE_KINDS, "who": AUDIENCES, "until": UNTILS, "words": {}}
STEP = "<any(what, words, who, until):step>"


def _draft(visitor: Visitor, pupil_id: str) -> dict[str, str]:
    with trust_work(portal().database, "draft", write=False) as work:
        return find_draft(work, visitor.account_id, f"update:{pupil_id}")


def _keep(visitor: Visitor, pupil_id: str, answers: dict[str, str]) -> None:
    with trust_work(portal().database, "keep a draft") as work:
        keep_draft(work, visitor.account_id, f"update:{pupil_id}", answers)


@room.get(f"{HERE}/new")
@for_whom("guardian")
def begin(visitor: Visitor, pupil_id: str) -> Any:
    """Go on where the writer stopped."""
    find_writer(visitor, pupil_id)
    return flask.redirect(f"/children/{pupil_id}/updates/new/{next_step(_draft(visitor, pupil_id))}", 303)


@room.get(f"{HERE}/new/{STEP}")
@for_whom("guardian")
def ask(visitor: Visitor, pupil_id: str, step: str) -> Any:
    """One question."""
    who, child = find_writer(visitor, pupil_id)
    draft = _draft(visitor, pupil_id)
    kept = kept_words(visitor).get(ANSWERS[step])
    team = list_choice(who, pupil_id) if step == "who" else []
    return _question(child, step, {**draft, **({ANSWERS[step]: kept} if kept else {})}, team)


def _question(child: Child, step: str, answers: Mapping[str, str], team: Sequence[Person],
              errors: dict[str, str] | None = None) -> str:
    before = step_before(step)
    back = f"/children/{child['id']}/updates/new/{before}" if before else f"/children/{child['id']}"
    return flask.render_template(
        "update_question.html", child=child, step=step, answer=answers.get(ANSWERS[step], ""), errors=errors, back=back,
        choices=list(CHOICES[step].items()), team=team, named=answers.get("named", "").split(),
        about=child["given_name"])


@room.post(f"{HERE}/new/{STEP}")
@for_whom("guardian")
def answer(visitor: Visitor, pupil_id: str, step: str) -> Any:
    """Keep an answer, and go on; 'check' goes straight back to the check."""
    who, child = find_writer(visitor, pupil_id)
    given = {ANSWERS[step]: flask.request.form.get(ANSWERS[step], "")}
    team = list_choice(who, pupil_id) if step == "who" else []
    if step == "who":
        ticked = flask.request.form.getlist("staff_ids")
        given["named"] = " ".join(named_of(given["audience"], ticked, [one["id"] for one in team]))
    if not will_do(step, given[ANSWERS[step]], CHOICES[step]):
        words = {"words": _("Write a few words, at most 2,000 letters")}.get(step, _("Choose one"))
        return _question(child, step, given, team, {ANSWERS[step]: words}), 422
    if given.get("audience") == "named" and not given["named"]:
        return _question(child, step, given, team, {"staff_ids": str(CHOOSE_SOMEBODY)}), 422
    answers = {"key": new_id(), **_draft(visitor, pupil_id), **given}
    _keep(visitor, pupil_id, answers)
    return flask.redirect(f"/children/{pupil_id}/updates/new/{next_step(answers)}", 303)


@room.get(f"{HERE}/new/check")
@for_whom("guardian")
def check(visitor: Visitor, pupil_id: str) -> Any:
    """Everything once more before it goes out."""
    who, child = find_writer(visitor, pupil_id)
    answers = _draft(visitor, pupil_id)
    if next_step(answers) != "check":
        return flask.redirect(f"/children/{pupil_id}/updates/new/{next_step(answers)}", 303)
    named = [one for one in list_choice(who, pupil_id) if one["id"] in answers.get("named", "").split()] \
        if answers["audience"] == "named" else []
    return flask.render_template("update_check.html", child=child, answers=answers, about=child["given_name"],
                                 named=named, back=f"/children/{pupil_id}/updates/new/until")


@room.post(f"{HERE}/new/check")
@for_whom("guardian")
def send(visitor: Visitor, pupil_id: str) -> Any:
    """Send it once: the draft's own key makes a second press the same deed."""
    who, _child = find_writer(visitor, pupil_id)
    answers = _draft(visitor, pupil_id)
    key, named = answers.pop("key", ""), answers.pop("named", "")
    if next_step(answers) != "check":
        return flask.redirect(f"/children/{pupil_id}", 303)  # it went out with the first press
    said: dict[str, str | Sequence[str]] = {**answers, **({"staff_ids": named.split()} if named else {})}
    try:
        update = portal().wellbeing.share(who, pupil_id, said, key)
    except Invalid as refused:
        step = "who" if "/staff_ids" in refused.errors else "what"
        return flask.redirect(f"/children/{pupil_id}/updates/new/{step}", 303)
    with trust_work(portal().database, "sent") as work:
        drop_draft(work, visitor.account_id, f"update:{pupil_id}")
    flask.session["done"] = "update-sent"
    return flask.redirect(f"/children/{pupil_id}/updates/{update['id']}", 303)


@room.get(f"{HERE}/<update_id>")
@for_whom("guardian")
def show(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    """What was shared, by when school reads it, who has, and what they answered."""
    _who, child, update = changing.find_own(visitor, pupil_id, update_id)
    return flask.render_template(
        "update.html", child=child, update=update, done=flask.session.pop("done", ""), back=f"/children/{pupil_id}",
        is_late=changing.is_late(update), about=child["given_name"])


@room.get(f"{HERE}/<update_id>/withdraw")
@for_whom("guardian")
def ask_withdraw(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    _who, child, update = changing.find_own(visitor, pupil_id, update_id)
    return flask.render_template("update_withdraw.html", child=child, update=update, about=child["given_name"],
                                 back=f"/children/{pupil_id}/updates/{update_id}")


@room.post(f"{HERE}/<update_id>/withdraw")
@for_whom("guardian")
def withdraw(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    who, _child, _update = changing.find_own(visitor, pupil_id, update_id)
    portal().profiles.withdraw_update(who, update_id)
    flask.session["done"] = "update-withdrawn"
    return flask.redirect(f"/children/{pupil_id}/updates/{update_id}", 303)
