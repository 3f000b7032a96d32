"""Other words for somebody else's: suggesting them, and agreeing, keeping both, or keeping one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from chassis.clock import new_id
from chassis.errors import NotFound, Stale
from services.portal.about_me.rules import LONGEST
from services.portal.about_me.words import AUDIENCES
from services.portal.about_me.writing import ALL, FIELDS, body_of, faults, finish, read_form
from services.portal.accounts.queries import Visitor
from services.portal.clients.about_me import AboutEntry, AboutSuggestion
from services.portal.sending import send
from services.portal.standing import Standing, stand
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal

ANSWERS = {"agree": "about-agreed", "keep-both": "about-kept-both", "decline": "about-declined"}


@for_whom(*ALL)
def ask_suggestion(visitor: Visitor, entry_id: str, pupil_id: str | None = None) -> Any:
    """The words that stand, and room for others."""
    place = stand(visitor, pupil_id)
    entry = portal().about_me.show_entry(place.who, entry_id)
    if not entry["may_suggest"]:
        raise NotFound()
    return _form(place, entry, {"words": entry["words"], **kept_words(visitor)})


def _form(place: Standing, entry: AboutEntry, answers: Mapping[str, str],
          errors: Mapping[str, str] | None = None) -> str:
    choices = {name: words for name, words in AUDIENCES[place.hat].items() if name != "only-me"}
    return flask.render_template(
        "about_suggest.html", place=place, entry=entry, answers=answers, errors=errors, limit=LONGEST,
        audiences=list(choices.items()), key=answers.get("key") or new_id(), back=f"{place.base}/about-me",
        about=place.child)


@for_whom(*ALL)
def suggest(visitor: Visitor, entry_id: str, pupil_id: str | None = None) -> Any:
    place, answers = stand(visitor, pupil_id), read_form()
    entry = portal().about_me.show_entry(place.who, entry_id)
    errors, status = faults(place, answers, entry["words"]), 422
    if not errors:
        errors, status = send(lambda: portal().about_me.suggest(
            place.who, entry_id, body_of(place, answers), answers.get("key") or new_id()), "words", FIELDS)
    return (_form(place, entry, answers, errors), status) if errors else finish(place, "about-suggested")


def _find(place: Standing, suggestion_id: str) -> tuple[AboutEntry, AboutSuggestion]:
    """An open suggestion and the words that it is about."""
    page = portal().about_me.show_page(place.who, place.pupil_id)
    for section in page["sections"]:
        for item in section["items"]:
            for entry in (item, *item.get("views", ())):
                for suggestion in entry["suggestions"]:
                    if suggestion["id"] == suggestion_id:
                        return entry, suggestion
    raise NotFound()


@for_whom(*ALL)
def ask_answer(visitor: Visitor, suggestion_id: str, pupil_id: str | None = None) -> Any:
    """Both, side by side, and three ways on; whoever suggested it may take it back."""
    place = stand(visitor, pupil_id)
    return _decision(place, *_find(place, suggestion_id))


def _decision(place: Standing, entry: AboutEntry, suggestion: AboutSuggestion, is_stale: bool = False) -> str:
    return flask.render_template("about_decide.html", place=place, entry=entry, suggestion=suggestion,
                                 is_stale=is_stale, about=place.child, back=f"{place.base}/about-me")


@for_whom(*ALL)
def answer(visitor: Visitor, suggestion_id: str, pupil_id: str | None = None) -> Any:
    """Where the words were changed meanwhile both are shown again as they are now."""
    place, how = stand(visitor, pupil_id), flask.request.form.get("how", "")
    if how not in (*ANSWERS, "withdraw"):
        return flask.redirect(f"{place.base}/about-me/suggestions/{suggestion_id}", 303)
    try:
        portal().about_me.decide(place.who, suggestion_id, how, flask.request.form.get("version", ""))
    except Stale:
        return _decision(place, *_find(place, suggestion_id), is_stale=True), 412
    return finish(place, ANSWERS.get(how, "about-withdrawn"))


PAGES = (
    ("/entries/<entry_id>/suggest", ask_suggestion, "GET"), ("/entries/<entry_id>/suggest", suggest, "POST"),
    ("/suggestions/<suggestion_id>", ask_answer, "GET"), ("/suggestions/<suggestion_id>", answer, "POST"))
