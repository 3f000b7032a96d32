"""How school is going: a page about a child for parent, staff and child, and the pages from which notes are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.progress import ClassProgress
from services.portal.progress.rules import MOST, MOST_ANSWER, as_sent, faults_of, next_child
from services.portal.sending import alike, send
from services.portal.standing import Standing, pages, stand
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

room = flask.Blueprint("progress", __name__, template_folder="templates")
page = pages(room, "/progress")


@page()
@for_whom("guardian", "staff", "pupil")
def show(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Notes, newest first. The newest has a box to write back in; `answer` names another."""
    place = stand(visitor, pupil_id)
    return _notes(place, kept_words(visitor), flask.request.args.get("answer", ""))


def _notes(place: Standing, answers: Mapping[str, str], wanted: str, errors: Mapping[str, str] | None = None) -> str:
    notes = portal().progress.list_notes(place.who, place.pupil_id)
    ids = [note["id"] for note in notes]
    wanted = answers.get("progress_id") or wanted
    return flask.render_template(
        "progress.html", place=place, notes=notes, answers=answers, errors=errors, key=answers.get("key") or new_id(),
        chosen=wanted if wanted in ids else next(iter(ids), ""), most=MOST_ANSWER, back=place.base, about=place.child,
        done=flask.session.pop("done", ""))


@page("", "POST")
@for_whom("guardian", "pupil")
def answer(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Write back: for school alone."""
    place, answers = stand(visitor, pupil_id), _given()
    errors = _said(faults_of(answers, {"words": MOST_ANSWER}))
    status = 422
    if answers.get("progress_id") not in {
            note["id"] for note in portal().progress.list_notes(place.who, place.pupil_id)}:
        raise NotFound()
    if not errors:
        errors, status = send(lambda: portal().progress.reply(
            place.who, answers["progress_id"], answers["words"], answers.get("key") or new_id()), "words")
    if errors:
        return _notes(place, answers, "", errors), status
    flask.session["done"] = "progress-answered"
    return flask.redirect(f"{place.base}/progress", 303)


def _given() -> dict[str, str]:
    return {name: as_sent(value) for name, value in flask.request.form.items()}


def _said(faults: Mapping[str, int]) -> dict[str, str]:
    """What is wrong, in words, by field."""
    return {name: _("Write at most %(most)s letters", most=most) if most else _("Write something here")
            for name, most in faults.items()}


@room.get("/staff/classes/<class_id>/progress")
@for_whom("staff")
def show_class(visitor: Visitor, class_id: str) -> Any:
    """The class by name: who has a note this half-term, and where to begin."""
    _who, found = _class(visitor, class_id)
    ids, waiting = _in_order(found)
    return flask.render_template("progress_class.html", found=found, first=next_child(ids, waiting, ""), full=False,
                                 back=f"/staff/classes/{class_id}", done=flask.session.pop("done", ""))


def _class(visitor: Visitor, class_id: str) -> tuple[Principal, ClassProgress]:
    who, found = seek(visitor, lambda who: portal().progress.show_class(who, class_id))
    at_school(visitor, who.school)
    return who, found


def _in_order(found: ClassProgress) -> tuple[list[str], list[str]]:
    """The children by name, and those of whom nothing is written."""
    return ([item["pupil"]["id"] for item in found["items"]],
            [item["pupil"]["id"] for item in found["items"] if not item["written_at"]])


@room.get("/staff/classes/<class_id>/progress/<pupil_id>")
@for_whom("staff")
def write(visitor: Visitor, class_id: str, pupil_id: str) -> Any:
    """Four short answers about one child: two minutes."""
    _who, found = _class(visitor, class_id)
    return _form(found, pupil_id, kept_words(visitor))


def _form(found: ClassProgress, pupil_id: str, answers: Mapping[str, str],
          errors: Mapping[str, str] | None = None) -> str:
    member = next((item for item in found["items"] if item["pupil"]["id"] == pupil_id), None)
    if member is None:
        raise NotFound()
    ids, waiting = _in_order(found)
    return flask.render_template(
        "progress_write.html", found=found, member=member, answers=answers, errors=errors, most=MOST,
        key=answers.get("key") or new_id(), skip=next_child(ids, waiting, pupil_id),
        back=f"/staff/classes/{found['id']}/progress", about=member["pupil"]["given_name"],
        done=flask.session.pop("done", ""))


@room.post("/staff/classes/<class_id>/progress/<pupil_id>")
@for_whom("staff")
def send_note(visitor: Visitor, class_id: str, pupil_id: str) -> Any:
    """Send it to each home, and go on to the next child of whom nothing is written."""
    who, found = _class(visitor, class_id)
    answers, status = _given(), 422
    errors = _said(faults_of(answers, MOST))
    if not errors:
        words = {"class_id": class_id, **{name: answers[name] for name in MOST}}
        errors, status = send(lambda: portal().progress.write(
            who, pupil_id, words, answers.get("key") or new_id()), "strength", alike(MOST))
    if errors:
        return _form(found, pupil_id, answers, errors), status
    ids, waiting = _in_order(found)
    following = next_child(ids, waiting, pupil_id)
    flask.session["done"] = "progress-sent"
    return flask.redirect(f"/staff/classes/{class_id}/progress" + (f"/{following}" if following else ""), 303)
