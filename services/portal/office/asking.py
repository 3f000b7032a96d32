"""Question pages about rights: what is refused is said at its field, with every word still there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import Conflict, Invalid, Unavailable
from services.portal.looks import LONDON
from services.portal.wiring import portal

Answers = dict[str, str]
Errors = dict[str, str]
PAGE = "question"
"""The id of every such form: where an error leads that is about no field."""
MOST = 500


def send(do: Callable[[], object], fields: Mapping[str, str] | None = None) -> tuple[Errors, int]:
    """Do it. What is refused comes back by field, with the page's status; ({}, 200) when it is done.

    `fields` maps what a service calls a field to what the form calls it.
    """
    try:
        do()
    except Invalid as refused:
        found = {(fields or {}).get(pointer.strip("/").split("/")[0], PAGE): words
                 for pointer, words in refused.errors.items()}
        return found or {PAGE: refused.detail or refused.title}, 422
    except Conflict as refused:
        return {PAGE: refused.detail or refused.title}, 409
    except Unavailable:
        return {PAGE: _("We couldn't send this. Your words are still here. Try again in a minute.")}, 503
    return {}, 200


def done(what: str, path: str) -> Any:
    """On to the page that shows it, which says once that it is done."""
    flask.session["done"] = what
    return flask.redirect(path, 303)


def need_words(answers: Answers, name: str, missing: str, errors: Errors) -> str:
    """What was written in a field; that nothing or too much was goes into `errors`."""
    words = answers.get(name, "").strip()
    if not words:
        errors[name] = missing
    elif len(words) > MOST:
        errors[name] = _("Write at most %(n)s letters", n=MOST)
    return words


def words_or_none(answers: Answers, name: str) -> str | None:
    return answers.get(name, "").strip() or None


def read_day(answers: Mapping[str, str], name: str, errors: Errors, needed: bool = True) -> date | None:
    """A day from its three fields; what is wrong with it goes into `errors`."""
    parts = [answers.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not any(parts) and not needed:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        errors[name] = _("Write a day that there is, like 26 11 2026")
        return None


def iso_day(answers: Mapping[str, str], name: str, errors: Errors) -> str | None:
    """A day that may be left out, as services write it."""
    found = read_day(answers, name, errors, needed=False)
    return found.isoformat() if found else None


def day_fields(answers: Mapping[str, str], *names: str) -> dict[str, dict[str, str]]:
    """What stands in the three fields of each of these days."""
    return {name: {part: answers.get(f"{name}-{part}", "") for part in ("day", "month", "year")} for name in names}


def today() -> date:
    return portal().database.clock.now().astimezone(LONDON).date()
