"""The school's calendar: terms as rows of dates, closed days one per line, and whether all is still as usual."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import Conflict, Invalid, Stale, Unavailable
from services.portal.accounts.queries import Visitor
from services.portal.clients.school_year import SchoolYear
from services.portal.office.asking import Answers, done
from services.portal.sending import Errors
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

WHO = ("office", "head")
HERE = "/office/school/year"
DAYS = ("starts_on", "half_starts_on", "half_ends_on", "ends_on")
MOST_TERMS = 18
FORMS = ("%Y-%m-%d", "%d %B %Y", "%d/%m/%Y", "%d %b %Y", "%d %m %Y")


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(HERE, "show_year", view_func=show_year)
    room.add_url_rule(HERE, "set_year", view_func=set_year, methods=["POST"])


@for_whom(*WHO)
def show_year(visitor: Visitor) -> Any:
    year, kept = portal().school_year.show_year(the_office(visitor, *WHO)), kept_words(visitor)
    return _page(year, kept or _fields(year))


def _fields(year: SchoolYear) -> Answers:
    """The calendar as the form's fields show it."""
    fields = {f"{name}-{place}": str(dict(term)[name]) for place, term in enumerate(year["terms"]) for name in DAYS}
    return {**fields, "closed": "\n".join(_plain(day) for day in year["closed"]), "version": year["version"]}


def _plain(day: str) -> str:
    return f"{date.fromisoformat(day):%d %B %Y}".lstrip("0")


def _page(year: SchoolYear, answers: Mapping[str, str], errors: Errors | None = None,
          theirs: SchoolYear | None = None) -> str:
    numbers = [int(found[1]) for name in answers if (found := re.fullmatch(r"starts_on-(\d{1,2})", name))]
    used = max((number for number in numbers if any(answers.get(f"{name}-{number}") for name in DAYS)), default=-1)
    return flask.render_template(
        "office_school_year.html", year=year, answers=answers, errors=errors, theirs=theirs, back="/office/school",
        rows=range(min(used + 2, MOST_TERMS)), done=flask.session.pop("done", ""))


def read_day(text: str) -> str | None:
    """A day as people write it, as services do; None for what is no day."""
    plain = " ".join(text.replace(",", " ").split())
    for form in FORMS:
        try:
            return datetime.strptime(plain, form).date().isoformat()
        except ValueError:
            continue
    return None


@for_whom(*WHO)
def set_year(visitor: Visitor) -> Any:
    """Keep the dates; where a colleague was faster theirs are shown beside."""
    who, answers = the_office(visitor, *WHO), flask.request.form.to_dict()
    errors = Errors()
    terms, places = _read_terms(answers, errors)
    closed = _read_closed(answers.get("closed", ""), errors)
    if not errors and not terms:
        errors["starts_on-0"] = _("Write the dates of at least one term")
    status, theirs = 422, None
    if not errors:
        try:
            portal().school_year.set_year(who, terms, closed, answers.get("version") or "none")
            return done("year-kept", HERE)
        except Invalid as refused:
            errors.update(_faults(refused.errors, places) or {"closed": refused.title})
        except Stale:
            theirs, status = portal().school_year.show_year(who), 409
            errors["starts_on-0"] = _("A colleague changed the dates a moment ago. Theirs are below: save again if "
                                      "yours are right.")
        except Conflict as refused:
            errors["starts_on-0"], status = refused.detail or refused.title, 409
        except Unavailable:
            errors["starts_on-0"], status = _("We couldn't send this. Your dates are still here. Try again in a "
                                              "minute."), 503
    year = theirs or _known(visitor)
    return _page(year, {**answers, "version": year["version"]} if theirs else answers, errors, theirs), status


def _known(visitor: Visitor) -> SchoolYear:
    """The calendar beside which a form is shown again; an empty one where nobody answers."""
    try:
        return portal().school_year.show_year(the_office(visitor, *WHO))
    except Unavailable:
        return SchoolYear(terms=[], closed=[], is_usual=False, version="none")


def _read_terms(answers: Answers, errors: Errors) -> tuple[list[dict[str, str]], list[int]]:
    """The terms that are written down, and the row of each; a row without any date is no term."""
    terms, places = [], []
    for place in range(MOST_TERMS):
        given = {name: answers.get(f"{name}-{place}", "").strip() for name in DAYS}
        if not any(given.values()):
            continue
        days = {name: read_day(text) for name, text in given.items()}
        errors.update({f"{name}-{place}": _("Write a day that there is, like 8 September 2026")
                       for name, found in days.items() if found is None})
        terms.append({name: found or "" for name, found in days.items()})
        places.append(place)
    return terms, places


def _read_closed(text: str, errors: Errors) -> list[str]:
    days = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = read_day(line)
        if found is None:
            errors["closed"] = _("We can't read “%(line)s”. Write one day on each line, like 27 November 2026.",
                                 line=line[:40])
        else:
            days.append(found)
    return days


def _faults(refused: Mapping[str, str], places: list[int]) -> Errors:
    """What the service says, at the fields of this form."""
    found = Errors()
    for pointer, words in refused.items():
        part = pointer.strip("/").split("/")
        number = int(part[1]) if len(part) > 1 and part[1].isdecimal() else 0
        place = places[number] if number < len(places) else 0
        name = part[2] if len(part) > 2 and part[2] in DAYS else "starts_on"
        found["closed" if part[0] == "closed" else f"{name}-{place}"] = words
    return found
