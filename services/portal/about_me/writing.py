"""One's own words: writing, changing (with both versions when they were changed meanwhile), and taking them off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import NotFound, Stale
from services.portal.about_me.rules import LONGEST
from services.portal.about_me.words import AUDIENCES, SECTIONS, section_names
from services.portal.accounts.queries import Visitor
from services.portal.clients.about_me import AboutEntry
from services.portal.sending import alike, send
from services.portal.standing import Standing, stand
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal

ALL = ("guardian", "staff", "pupil")
FIELDS = alike(("section", "words", "audience"))
Answers = Mapping[str, str]


def read_form() -> dict[str, str]:
    """What was sent; a browser's line ends count as one letter, as they do while typing."""
    return {name: value.replace("\r\n", "\n") for name, value in flask.request.form.items()}


def faults(place: Standing, answers: Answers, now: str | None = None) -> dict[str, str]:
    """What must be looked at again, by field."""
    errors, words = {}, answers.get("words", "")
    if not words.strip():
        errors["words"] = _("Write a few words")
    elif len(words) > LONGEST:
        errors["words"] = _("Write at most %(most)s letters, so that the page stays one page", most=LONGEST)
    elif now is not None and words.strip() == now.strip():
        errors["words"] = _("These are the words that stand there now. Write what you would say instead.")
    if AUDIENCES[place.hat] and answers.get("audience") not in AUDIENCES[place.hat]:
        errors["audience"] = _("Choose who may read it")
    return errors


def body_of(place: Standing, answers: Answers) -> dict[str, Any]:
    return {"words": answers["words"], "audience": answers.get("audience") if AUDIENCES[place.hat] else None}


def finish(place: Standing, what: str) -> Any:
    flask.session["done"] = what
    return flask.redirect(f"{place.base}/about-me", 303)


def own_entry(place: Standing, entry_id: str) -> AboutEntry:
    """Words that this visitor may change or take off."""
    entry = portal().about_me.show_entry(place.who, entry_id)
    if not (entry["may_change"] or entry["may_remove"]):
        raise NotFound()
    return entry


@for_whom(*ALL)
def ask_new(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """What, about which part, and for whom."""
    place, kept = stand(visitor, pupil_id), kept_words(visitor)
    section = flask.request.args.get("section", "")
    return _form(place, {"section": section if section in SECTIONS else "", **kept})


def _form(place: Standing, answers: Answers, errors: Answers | None = None, entry: AboutEntry | None = None,
          is_stale: bool = False) -> str:
    return flask.render_template(
        "about_write.html", place=place, answers=answers, errors=errors, entry=entry, is_stale=is_stale,
        sections=list(section_names(place).items()), audiences=list(AUDIENCES[place.hat].items()), limit=LONGEST,
        key=answers.get("key") or new_id(), back=f"{place.base}/about-me", about=place.child)


@for_whom(*ALL)
def add(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Write it once; nothing that was written is lost."""
    place, answers = stand(visitor, pupil_id), read_form()
    errors, status = faults(place, answers), 422
    if answers.get("section") not in SECTIONS:
        errors["section"] = _("Choose where it belongs")
    if not errors:
        errors, status = send(lambda: portal().about_me.add_entry(
            place.who, place.pupil_id, {"section": answers["section"], **body_of(place, answers)},
            answers.get("key") or new_id()), "words", FIELDS)
    return (_form(place, answers, errors), status) if errors else finish(place, "about-written")


@for_whom(*ALL)
def ask_change(visitor: Visitor, entry_id: str, pupil_id: str | None = None) -> Any:
    place = stand(visitor, pupil_id)
    entry = own_entry(place, entry_id)
    if not entry["may_change"]:
        raise NotFound()
    answers = {"words": entry["words"], "audience": entry["audience"] or "", "version": str(entry["version"])}
    return _form(place, {**answers, **kept_words(visitor)}, entry=entry)


@for_whom(*ALL)
def change(visitor: Visitor, entry_id: str, pupil_id: str | None = None) -> Any:
    """Where somebody was faster both versions are shown, and the writer decides."""
    place, answers = stand(visitor, pupil_id), read_form()
    errors, status = faults(place, answers), 422
    if not errors:
        try:
            errors, status = send(lambda: portal().about_me.change_entry(
                place.who, entry_id, body_of(place, answers), answers.get("version", "")), "words", FIELDS)
        except Stale:
            entry = own_entry(place, entry_id)
            return _form(place, {**answers, "version": str(entry["version"])}, entry=entry, is_stale=True), 412
    if errors:
        return _form(place, answers, errors, own_entry(place, entry_id)), status
    return finish(place, "about-changed")


@for_whom(*ALL)
def ask_remove(visitor: Visitor, entry_id: str, pupil_id: str | None = None) -> Any:
    """Asked once, and said what stays."""
    place = stand(visitor, pupil_id)
    return _removal(place, own_entry(place, entry_id))


def _removal(place: Standing, entry: AboutEntry, is_stale: bool = False) -> str:
    return flask.render_template("about_remove.html", place=place, entry=entry, is_stale=is_stale, about=place.child,
                                 back=f"{place.base}/about-me")


@for_whom(*ALL)
def remove(visitor: Visitor, entry_id: str, pupil_id: str | None = None) -> Any:
    place = stand(visitor, pupil_id)
    try:
        portal().about_me.remove_entry(place.who, entry_id, flask.request.form.get("version", ""))
    except Stale:
        return _removal(place, own_entry(place, entry_id), is_stale=True), 412
    return finish(place, "about-removed")


PAGES = (
    ("/new", ask_new, "GET"), ("/new", add, "POST"), ("/entries/<entry_id>", ask_change, "GET"),
    ("/entries/<entry_id>", change, "POST"), ("/entries/<entry_id>/remove", ask_remove, "GET"),
    ("/entries/<entry_id>/remove", remove, "POST"))
