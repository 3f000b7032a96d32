"""The agreement: one page for a parent, staff and the child; and the page where the office or the head writes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Stale
from services.portal.accounts.queries import Visitor
from services.portal.agreements.rules import LONGEST_LINE, MOST_LINES, MOST_WORDS, as_form, read_lines, too_much
from services.portal.clients.agreements import PupilAgreement, SchoolAgreement
from services.portal.sending import alike, send
from services.portal.standing import Standing, pages, stand
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

room = flask.Blueprint("agreements", __name__, template_folder="templates")
page = pages(room, "/agreement")
OFFICE = "/office/school/agreement"
ANSWERS = alike(("answer", "audience", "words"))


@page()
@for_whom("guardian", "staff", "pupil")
def show(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """What each promises, my own word, and how it was before."""
    place = stand(visitor, pupil_id)
    found = portal().agreements.show_agreement(place.who, place.pupil_id)
    return _page(place, found, {**_given(found), **kept_words(visitor)}, done=flask.session.pop("done", ""))


def _given(found: PupilAgreement) -> dict[str, str]:
    """My own word as the form's fields show it."""
    mine = found["current"]["mine"] if found["current"] else None
    if mine is None:
        return {}
    return {"answer": mine["answer"], "words": mine["words"], "audience": mine["audience"] or ""}


def _page(place: Standing, found: PupilAgreement, answers: Mapping[str, str],
          errors: Mapping[str, str] | None = None, done: str = "") -> str:
    return flask.render_template(
        "agreement.html", place=place, found=found, answers=answers, errors=errors, done=done, most=MOST_WORDS,
        choices=list(_answers().items()), audiences=list(_audiences().items()) if place.hat == "pupil" else [],
        key=new_id(),
        back=place.base, about=place.child)


def _answers() -> dict[str, str]:
    return {"agreed": _("I agree"), "not-now": _("Not now")}


def _audiences() -> dict[str, str]:
    return {"all": _("My school and my grown-ups at home"), "school": _("Only my school")}


@page("", "POST")
@for_whom("guardian", "pupil")
def answer(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Keep my own word; it can be changed at any time, and nothing depends on it."""
    place = stand(visitor, pupil_id)
    answers = flask.request.form.to_dict()
    errors = _faults(place, answers)
    status = 422
    if not errors:
        body = {"number": int(answers["number"]), **{name: answers[name] for name in ("answer", "audience")
                                                     if answers.get(name)},
                "words": answers.get("words", "").replace("\r\n", "\n")}
        errors, status = send(lambda: portal().agreements.answer_agreement(
            place.who, place.pupil_id, body, answers.get("key") or new_id()), "words", ANSWERS)
    if errors:
        found = portal().agreements.show_agreement(place.who, place.pupil_id)
        return _page(place, found, answers, errors), status
    flask.session["done"] = f"agreement-{answers['answer']}"
    return flask.redirect(f"{place.base}/agreement", 303)


def _faults(place: Standing, answers: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if answers.get("answer") not in _answers() or not answers.get("number", "").isdecimal():
        errors["answer"] = _("Choose one")
    if place.hat == "pupil" and answers.get("audience") not in _audiences():
        errors["audience"] = _("Choose who may see this")
    if len(answers.get("words", "").replace("\r\n", "\n")) > MOST_WORDS:
        errors["words"] = _("Write at most %(most)s letters", most=MOST_WORDS)
    return errors


@room.get(OFFICE)
@for_whom("office", "head")
def write(visitor: Visitor) -> Any:
    """What holds, the draft, and who has agreed by class; the trust's own words are there to start from."""
    who = the_office(visitor, "office", "head")
    found = portal().agreements.show_school_agreement(who)
    start = found["draft"] or found["current"] or found["start"]
    lines = {"school": start["school"], "home": start["home"], "child": start["child"]}
    return _office(visitor, found, {**as_form(lines), **kept_words(visitor)}, done=flask.session.pop("done", ""))


def _office(visitor: Visitor, found: SchoolAgreement, answers: Mapping[str, str],
            errors: Mapping[str, str] | None = None, done: str = "") -> str:
    who = the_office(visitor, "office", "head")
    return flask.render_template(
        "office_agreement.html", found=found, answers=answers, errors=errors, done=done, most_lines=MOST_LINES,
        longest=LONGEST_LINE, revision=answers.get("revision") or _revision(found), key=new_id(), back="/office/school",
        classes=portal().transport.gather([partial(portal().profiles.list_classes, who)])[0] or [])


def _revision(found: SchoolAgreement) -> int:
    return found["draft"]["revision"] if found["draft"] else 0


@room.post(OFFICE)
@for_whom("office", "head")
def save(visitor: Visitor) -> Any:
    """Keep the draft, and publish it when that button was pressed. Another writer's newer draft is shown, not lost."""
    who, answers = the_office(visitor, "office", "head"), flask.request.form.to_dict()
    text, revision = read_lines(answers), answers.get("revision", "0")
    errors = {name: _("Write at most %(lines)s lines, of at most %(most)s letters each", lines=MOST_LINES,
                      most=LONGEST_LINE) for name in too_much(text)}
    if not any(text.values()):
        errors["school"] = _("Write at least one promise")
    if errors:
        return _office(visitor, portal().agreements.show_school_agreement(who), answers, errors), 422
    is_going_out = answers.get("do") == "publish"
    try:
        errors, status = send(lambda: _keep(who, text, revision, is_going_out), "school", alike(text))
    except Stale:
        found = portal().agreements.show_school_agreement(who)
        return _office(visitor, found, {**answers, "revision": str(_revision(found))}, done="agreement-stale"), 412
    if errors:
        return _office(visitor, portal().agreements.show_school_agreement(who), answers, errors), status
    flask.session["done"] = "agreement-published" if is_going_out else "agreement-saved"
    return flask.redirect(OFFICE, 303)


def _keep(who: Any, text: Mapping[str, list[str]], revision: str, is_going_out: bool) -> None:
    kept = portal().agreements.write_agreement(who, text, revision)
    if is_going_out:
        portal().agreements.publish_agreement(who, str(_revision(kept)))


@room.get(f"{OFFICE}/classes/<class_id>")
@for_whom("office", "head")
def show_agreed(visitor: Visitor, class_id: str) -> Any:
    """Who has agreed, by child: to know, and never to chase."""
    who = the_office(visitor, "office", "head")
    items = portal().agreements.list_class_agreed(who, class_id)
    title = next((one["title"] for one in portal().profiles.list_classes(who) if one["id"] == class_id), "")
    return flask.render_template("office_agreed.html", items=items, title=title, back=OFFICE)
