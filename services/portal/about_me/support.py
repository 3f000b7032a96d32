"""Support for special needs: for the office, the head and safeguarding leads to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Stale
from services.portal.about_me.words import AREAS, STATUSES
from services.portal.accounts.queries import Visitor
from services.portal.clients.about_me import Support
from services.portal.clients.profiles import PupilPage
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

ROLES = ("office", "head", "dsl")
MOST = 100


def _child(visitor: Visitor, pupil_id: str) -> tuple[Principal, PupilPage]:
    who, pupil = seek(visitor, lambda who: portal().profiles.show_pupil(who, pupil_id), *ROLES)
    at_school(visitor, who.school)
    return who, pupil


@for_whom(*ROLES)
def ask_support(visitor: Visitor, pupil_id: str) -> Any:
    who, pupil = _child(visitor, pupil_id)
    found = portal().about_me.show_support(who, pupil_id)
    return _form(pupil, {**_answers(found), **kept_words(visitor)}, found["areas"])


def _answers(found: Support) -> dict[str, str]:
    return {"status": found["status"], "plan_reference": found["plan_reference"], "version": str(found["version"])}


def _form(pupil: PupilPage, answers: Mapping[str, str], areas: list[str], errors: Mapping[str, str] | None = None,
          now: Support | None = None) -> str:
    return flask.render_template(
        "about_support.html", pupil=pupil, answers=answers, chosen=areas, errors=errors, now=now, most=MOST,
        statuses=STATUSES, areas=AREAS, about=pupil["given_name"], back=f"/staff/pupils/{pupil['id']}/about-me")


@for_whom(*ROLES)
def save_support(visitor: Visitor, pupil_id: str) -> Any:
    """Where a colleague was faster both are shown."""
    (who, pupil), answers = _child(visitor, pupil_id), flask.request.form.to_dict()
    areas, errors = [name for name in flask.request.form.getlist("areas") if name in AREAS], {}
    if answers.get("status") not in STATUSES:
        errors["status"] = _("Choose one")
    if len(answers.get("plan_reference", "")) > MOST:
        errors["plan_reference"] = _("Write at most %(most)s letters", most=MOST)
    if errors:
        return _form(pupil, answers, areas, errors), 422
    wanted = {"status": answers["status"], "plan_reference": answers.get("plan_reference", ""), "areas": areas}
    try:
        portal().about_me.set_support(who, pupil_id, wanted, answers.get("version", ""))
    except Stale:
        now = portal().about_me.show_support(who, pupil_id)
        return _form(pupil, {**answers, "version": str(now["version"])}, areas, now=now), 412
    flask.session["done"] = "support-saved"
    return flask.redirect(f"/staff/pupils/{pupil_id}/about-me", 303)


PAGES = (("/support", ask_support, "GET"), ("/support", save_support, "POST"))
