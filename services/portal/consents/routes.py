"""Saying yes or no to what school asks: for one's own children, and seen by school alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Conflict
from services.portal.accounts.queries import Visitor
from services.portal.clients.consents import Consent
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

room = flask.Blueprint("consents", __name__, template_folder="templates", url_prefix="/consents/<consent_id>")
MOST = 500


def _find(visitor: Visitor, consent_id: str) -> tuple[Principal, Consent]:
    who, consent = seek(visitor, lambda who: portal().consents.show_consent(who, consent_id))
    at_school(visitor, who.school)
    return who, consent


@room.get("")
@for_whom("guardian")
def show(visitor: Visitor, consent_id: str) -> Any:
    """The question, and what I have said; it can be changed until it closes."""
    _who, consent = _find(visitor, consent_id)
    return _page(consent, {**_given(consent), **kept_words(visitor)}, done=flask.session.pop("done", ""))


def _given(consent: Consent) -> dict[str, str]:
    """The fields of the form as they were last answered."""
    return {f"{name}-{one['pupil']['id']}": value for one in consent["pupils"]
            for name, value in (("answer", one["answer"]), ("note", one["note"])) if value}


def _page(consent: Consent, answers: Mapping[str, str], errors: dict[str, str] | None = None, done: str = "") -> str:
    return flask.render_template("consent.html", consent=consent, answers=answers, errors=errors, done=done, most=MOST,
                                 back="/", about=", ".join(one["pupil"]["given_name"] for one in consent["pupils"]))


@room.post("")
@for_whom("guardian")
def answer(visitor: Visitor, consent_id: str) -> Any:
    """Keep each child's answer; a child without one is asked about again."""
    who, consent = _find(visitor, consent_id)
    answers = flask.request.form.to_dict()
    errors = _faults(consent, answers)
    if errors:
        return _page(consent, answers, errors), 422
    try:
        for one in consent["pupils"]:
            pupil_id = one["pupil"]["id"]
            portal().consents.answer_consent(who, consent_id, pupil_id, {
                "answer": answers[f"answer-{pupil_id}"], "note": answers.get(f"note-{pupil_id}", "").strip()})
    except Conflict:  # it closed while the page was open
        return _page(_find(visitor, consent_id)[1], {}, done="too-late"), 409
    flask.session["done"] = "consent-answered"
    return flask.redirect(f"/consents/{consent_id}", 303)


def _faults(consent: Consent, answers: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    for one in consent["pupils"]:
        pupil_id, name = one["pupil"]["id"], one["pupil"]["given_name"]
        if answers.get(f"answer-{pupil_id}") not in ("yes", "no"):
            errors[f"answer-{pupil_id}"] = _("Say yes or no for %(name)s", name=name)
        if len(answers.get(f"note-{pupil_id}", "").strip()) > MOST:
            errors[f"note-{pupil_id}"] = _("Write at most 500 letters")
    return errors
