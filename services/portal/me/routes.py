"""My page: what a child finds here, and what they write with their own voice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Invalid, NotFound, Stale
from services.portal.accounts.queries import Visitor
from services.portal.clients.voice import ChildNote
from services.portal.me.queries import own, read_me
from services.portal.me.rules import LEVELS, MOST_TOPIC, MOST_WORDS, OLDER, YOUNG, faults_in_note, level_of
from services.portal.visiting import at_school, for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import TOPICS

room = flask.Blueprint("me", __name__, template_folder="templates", url_prefix="/me")
AUDIENCES = ("all", "school", "only-me")
NOTES = "/me/notes"
OWN = "own"


@room.app_template_global()
def words_level() -> str:
    """Which words fit whoever is looking: a child's own choice, else what is usual in their year."""
    visitor: Visitor | None = flask.g.get("visitor")
    if visitor is None or visitor.hat != "pupil":
        return OLDER
    chosen = flask.session.get("words") or flask.session.get("usual_words")
    return chosen if chosen in LEVELS else YOUNG


def _here(visitor: Visitor) -> Principal:
    who = own(visitor)
    at_school(visitor, who.school)
    return who


@room.get("")
@for_whom("pupil")
def show(visitor: Visitor) -> Any:
    """What I am good at first, then what we try, what is next, and what I want to say."""
    _here(visitor)
    page = read_me(portal(), visitor)
    if not page.is_silent:
        flask.session["usual_words"] = level_of(page.year_group)
    return flask.render_template("me.html", page=page, done=flask.session.pop("done", ""),
                                 last_here=flask.session.get("last_here"))


@room.post("/words")
@for_whom("pupil")
def choose_words(_visitor: Visitor) -> Any:
    """Shorter or longer words, while I am here."""
    if flask.request.form.get("level") in LEVELS:
        flask.session["words"] = flask.request.form["level"]
    return flask.redirect("/me", 303)


@room.get("/notes")
@for_whom("pupil")
def list_notes(visitor: Visitor) -> Any:
    who = _here(visitor)
    return flask.render_template("me_notes.html", notes=portal().voice.list_notes(who, who.person_id), back="/me",
                                 done=flask.session.pop("done", ""), last_here=flask.session.get("last_here"))


@room.get("/notes/new")
@for_whom("pupil")
def ask_note(visitor: Visitor) -> Any:
    """The words, and who may read them: told beforehand what happens when a child is not safe."""
    _here(visitor)
    return _note_form(kept_words(visitor))


def _note_form(answers: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    return flask.render_template("me_note_new.html", answers=answers, errors=errors, most=MOST_WORDS, back=NOTES,
                                 key=answers.get("key") or new_id())


@room.post("/notes/new")
@for_whom("pupil")
def write_note(visitor: Visitor) -> Any:
    who, answers = _here(visitor), flask.request.form.to_dict()
    errors = _in_words(faults_in_note(answers, AUDIENCES))
    if not errors:
        try:
            portal().voice.write_note(who, who.person_id, {name: answers[name] for name in ("words", "audience")},
                                      answers.get("key") or new_id())
        except Invalid as error:
            errors = _at_fields(error)
    if errors:
        return _note_form(answers, errors), 422
    return _done("note-kept" if answers["audience"] == "only-me" else "note-shared")


def _in_words(faults: Mapping[str, str]) -> dict[str, str]:
    words = {"empty": _("Write something"), "long": _("Write at most %(most)s letters", most=f"{MOST_WORDS:,}"),
             "choose": _("Choose who may read it")}
    return {name: words[fault] for name, fault in faults.items()}


def _at_fields(error: Invalid) -> dict[str, str]:
    """What a service says of fields, by the names that the form has for them."""
    return {pointer.strip("/"): words for pointer, words in error.errors.items()} or {"words": error.detail}


def _done(what: str) -> Any:
    flask.session["done"] = what
    return flask.redirect(NOTES, 303)


def _find(visitor: Visitor, note_id: str) -> tuple[Principal, ChildNote]:
    who = _here(visitor)
    return who, portal().voice.show_note(who, note_id)


@room.get("/notes/<note_id>")
@for_whom("pupil")
def ask_change(visitor: Visitor, note_id: str) -> Any:
    """Other words, while nobody else can read them."""
    _who, note = _find(visitor, note_id)
    if note["audience"] != "only-me":
        return flask.redirect(NOTES, 303)
    return _change_form(note, {"words": note["words"], **kept_words(visitor)})


def _change_form(note: ChildNote, answers: Mapping[str, str], errors: Mapping[str, str] | None = None,
                 is_newer: bool = False) -> str:
    return flask.render_template("me_note_change.html", note=note, answers=answers, errors=errors, most=MOST_WORDS,
                                 is_newer=is_newer, back=NOTES)


@room.post("/notes/<note_id>")
@for_whom("pupil")
def change_note(visitor: Visitor, note_id: str) -> Any:
    """Keep the new words. When the note was changed elsewhere meanwhile, both are shown and nothing is lost."""
    who, note = _find(visitor, note_id)
    answers = flask.request.form.to_dict()
    errors = _in_words(faults_in_note({**answers, "audience": "all"}, AUDIENCES))
    if errors:
        return _change_form({**note, "version": _number(answers)}, answers, errors), 422
    try:
        portal().voice.change_note(who, note_id, answers["words"], str(_number(answers)))
    except Stale:
        return _change_form(portal().voice.show_note(who, note_id), answers, is_newer=True), 409
    return _done("note-changed")


def _number(answers: Mapping[str, str]) -> int:
    """The version that was on the page; 0, which is no version, when that is not said."""
    given = answers.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


@room.get("/notes/<note_id>/share")
@for_whom("pupil")
def ask_share(visitor: Visitor, note_id: str) -> Any:
    _who, note = _find(visitor, note_id)
    return flask.render_template("me_note_share.html", note=note, back=NOTES)


@room.post("/notes/<note_id>/share")
@for_whom("pupil")
def share_note(visitor: Visitor, note_id: str) -> Any:
    """Yes: these may read it from now on."""
    who, note = _find(visitor, note_id)
    audience = flask.request.form.get("audience", "")
    errors = {} if audience in AUDIENCES[:2] else {"audience": _("Choose who may read it")}
    if not errors:
        try:
            portal().voice.share_note(who, note_id, audience)
        except Invalid as error:
            errors = _at_fields(error)
    if errors:
        return flask.render_template("me_note_share.html", note=note, errors=errors, back=NOTES), 422
    return _done("note-shared")


@room.get("/notes/<note_id>/withdraw")
@for_whom("pupil")
def ask_withdraw(visitor: Visitor, note_id: str) -> Any:
    _who, note = _find(visitor, note_id)
    return flask.render_template("me_note_withdraw.html", note=note, back=NOTES)


@room.post("/notes/<note_id>/withdraw")
@for_whom("pupil")
def withdraw_note(visitor: Visitor, note_id: str) -> Any:
    who, _note = _find(visitor, note_id)
    portal().voice.withdraw_note(who, note_id)
    return _done("note-taken-back")


@room.get("/topics")
@for_whom("pupil")
def list_topics(visitor: Visitor) -> Any:
    """What I want to talk about: at the next meeting, or at the one that `about` names."""
    _here(visitor)
    return _topics(visitor, {"about": flask.request.args.get("about", "")[:36], **kept_words(visitor)})


def _topics(visitor: Visitor, answers: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    who = own(visitor)
    return flask.render_template("me_topics.html", topics=portal().voice.list_topics(who, who.person_id), back="/me",
                                 answers=answers, errors=errors, kinds=list(TOPICS.items()), most=MOST_TOPIC,
                                 key=answers.get("key") or new_id(), done=flask.session.pop("done", ""))


@room.post("/topics")
@for_whom("pupil")
def pick_topic(visitor: Visitor) -> Any:
    who, answers = _here(visitor), flask.request.form.to_dict()
    errors = _faults_in_topic(answers)
    if not errors:
        try:
            portal().voice.pick_topic(who, who.person_id, {
                "kind": answers["kind"], "words": answers.get("words", ""), "audience": answers["audience"],
                **({"about_id": answers["about"]} if answers.get("about") else {})}, answers.get("key") or new_id())
        except Invalid as error:
            errors = _at_fields(error)
    if errors:
        return _topics(visitor, answers, errors), 422
    flask.session["done"] = "topic-picked"
    return flask.redirect("/me/topics", 303)


def _faults_in_topic(answers: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if answers.get("kind") not in TOPICS:
        errors["kind"] = _("Choose one")
    if answers.get("kind") == OWN and not answers.get("words", "").strip():
        errors["words"] = _("Write what you want to talk about")
    elif len(answers.get("words", "")) > MOST_TOPIC:
        errors["words"] = _("Write at most %(most)s letters", most=MOST_TOPIC)
    if answers.get("audience") not in AUDIENCES:
        errors["audience"] = _("Choose who may read it")
    return errors


@room.post("/topics/<topic_id>/remove")
@for_whom("pupil")
def remove_topic(visitor: Visitor, topic_id: str) -> Any:
    """Take it off; a second press finds it gone already."""
    who = _here(visitor)
    if topic_id not in {topic["id"] for topic in portal().voice.list_topics(who, who.person_id)}:
        raise NotFound()
    portal().voice.remove_topic(who, topic_id)
    return flask.redirect("/me/topics", 303)
