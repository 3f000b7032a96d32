"""Question pages about rights: what is refused is said at its field, with every word still there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import flask
from flask_babel import gettext as _

from services.portal.looks import LONDON
from services.portal.sending import Errors
from services.portal.wiring import portal

Answers = dict[str, str]
MOST = 500


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
