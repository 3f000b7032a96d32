"""School's side of good news: sending it home, and the office's list of strengths that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import PupilPage
from services.portal.good_news.queries import choices_of, faults_of, faults_told
from services.portal.together.queries import wants_a_pause
from services.portal.visiting import at_school, for_whom, kept_words, seek, the_office
from services.portal.wiring import portal

room = flask.Blueprint("praise", __name__, template_folder="templates")
PAGE = "/staff/pupils/<pupil_id>/good-news"
STRENGTHS = "/office/school/strengths"
KEEPERS = ("office", "head")
MOST_LETTERS = 60


def _find(visitor: Visitor, pupil_id: str) -> tuple[Principal, PupilPage]:
    who, pupil = seek(visitor, lambda who: portal().profiles.show_pupil(who, pupil_id))
    at_school(visitor, who.school)
    return who, pupil


@room.get(PAGE)
@for_whom("staff")
def write(visitor: Visitor, pupil_id: str) -> Any:
    who, pupil = _find(visitor, pupil_id)
    return _page(who, pupil, kept_words(visitor))


def _page(who: Principal, pupil: PupilPage, answers: Mapping[str, str], errors: dict[str, str] | None = None,
          pause: bool = False) -> str:
    return flask.render_template(
        "praise_write.html", pupil=pupil, answers=answers, errors=errors, key=answers.get("key") or new_id(),
        strengths=choices_of(portal().praise.list_strengths(who)), about=pupil["given_name"], pause=pause,
        back=f"/staff/pupils/{pupil['id']}")


@room.post(PAGE)
@for_whom("staff")
def send(visitor: Visitor, pupil_id: str) -> Any:
    """Send it once; what is missing is said at its field and nothing written is lost."""
    who, pupil = _find(visitor, pupil_id)
    answers = flask.request.form.to_dict()
    keys = [one["key"] for one in portal().praise.list_strengths(who)]
    errors = faults_of(answers, keys, pupil["given_name"], False)
    if errors:
        return _page(who, pupil, answers, errors), 422
    if not answers.get("as_is") and wants_a_pause(answers["sentence"]):
        return _page(who, pupil, answers, pause=True)
    wanted = {name: answers[name] for name in ("strength", "sentence")}
    try:
        portal().praise.send_praise(who, pupil_id, wanted, answers.get("key") or new_id())
    except Invalid as refused:
        return _page(who, pupil, answers, faults_told(refused)), 422
    flask.session["done"] = "praise-sent"
    return flask.redirect(f"/staff/pupils/{pupil_id}", 303)


@room.get(STRENGTHS)
@for_whom(*KEEPERS)
def list_strengths(visitor: Visitor) -> Any:
    """What good news can name here, what was taken off, and a line for one more."""
    return _strengths(visitor, {})


def _strengths(visitor: Visitor, answers: Mapping[str, str], errors: dict[str, str] | None = None) -> str:
    who = the_office(visitor, *KEEPERS)
    found = portal().praise.list_strengths(who, every=True)
    words = dict(choices_of(found))
    return flask.render_template(
        "praise_strengths.html", strengths=found, words=words, answers=answers, errors=errors, most=MOST_LETTERS,
        key=answers.get("key") or new_id(), done=flask.session.pop("done", "") if errors is None else "", back="/staff")


@room.post(STRENGTHS)
@for_whom(*KEEPERS)
def add_strength(visitor: Visitor) -> Any:
    who, answers = the_office(visitor, *KEEPERS), flask.request.form.to_dict()
    label = answers.get("label", "").strip()
    if not 0 < len(label) <= MOST_LETTERS:
        return _strengths(visitor, answers, {"label": _("Write a word or two, at most 60 letters")}), 422
    return _do(visitor, answers, lambda: portal().praise.add_strength(who, label, answers.get("key") or new_id()))


@room.get(f"{STRENGTHS}/<strength_key>")
@for_whom(*KEEPERS)
def ask_word(visitor: Visitor, strength_key: str) -> Any:
    """Another word for a strength."""
    return _word(visitor, strength_key, {})


def _word(visitor: Visitor, strength_key: str, answers: Mapping[str, str], errors: dict[str, str] | None = None) -> Any:
    who = the_office(visitor, *KEEPERS)
    words = dict(choices_of(portal().praise.list_strengths(who, every=True)))
    if strength_key not in words:
        raise NotFound()
    return flask.render_template("praise_strength.html", strength_key=strength_key, word=words[strength_key],
                                 answers=answers, errors=errors, most=MOST_LETTERS, back=STRENGTHS)


@room.post(f"{STRENGTHS}/<strength_key>")
@for_whom(*KEEPERS)
def word_strength(visitor: Visitor, strength_key: str) -> Any:
    who, answers = the_office(visitor, *KEEPERS), flask.request.form.to_dict()
    try:
        portal().praise.word_strength(who, strength_key, answers.get("label", "").strip())
    except (Invalid, Conflict) as refused:
        return _word(visitor, strength_key, answers, _told(refused)), 422
    flask.session["done"] = "strengths-changed"
    return flask.redirect(STRENGTHS, 303)


@room.post(f"{STRENGTHS}/<strength_key>/<any(retire, restore):how>")
@for_whom(*KEEPERS)
def move_strength(visitor: Visitor, strength_key: str, how: str) -> Any:
    """Take it off the list, or put it back; what was named before keeps its word."""
    who = the_office(visitor, *KEEPERS)
    return _do(visitor, {}, lambda: portal().praise.move_strength(who, strength_key, how))


def _do(visitor: Visitor, answers: Mapping[str, str], act: Callable[[], None]) -> Any:
    try:
        act()
    except (Invalid, Conflict) as refused:
        return _strengths(visitor, answers, _told(refused)), 422
    flask.session["done"] = "strengths-changed"
    return flask.redirect(STRENGTHS, 303)


def _told(refused: Invalid | Conflict) -> dict[str, str]:
    found = refused.errors.get("/label") if isinstance(refused, Invalid) else None
    return {"label": found or refused.detail or refused.title}
