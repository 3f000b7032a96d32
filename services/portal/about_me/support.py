"""Support for special needs: for the office, the head, safeguarding leads and the SENCO to say; and who has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Stale
from services.portal.about_me.words import AREAS, STATUSES
from services.portal.accounts.queries import Visitor
from services.portal.clients.about_me import Support
from services.portal.clients.profiles import Person
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

LEADS = ("office", "head", "dsl")
ROLES = ("senco", *LEADS)
MOST, LIST = 100, "/staff/support"


@for_whom(*ROLES)
def list_children(visitor: Visitor) -> Any:
    """The children who have support, by name; any child of the school can be found. A next page is of one school."""
    args = flask.request.args
    wanted = {name: args.get(name, "").strip()[:most] for name, most in (("find", MOST), ("after", 36), ("school", 63))}
    everywhere = visitor.principals(*ROLES)
    places = [who for who in everywhere if wanted["school"] in ("", who.school)]
    if len(everywhere) == 1:
        at_school(visitor, everywhere[0].school)
    found = portal().transport.gather([
        partial(portal().about_me.list_supported, who, wanted["find"], wanted["after"]) for who in places])
    parts = [(member.school, page) for who, page in zip(places, found, strict=True)
             if (member := visitor.member_of(who.school)) is not None]
    return flask.render_template("about_supported.html", parts=parts, find=wanted["find"], statuses=STATUSES,
                                 back="/staff", done=flask.session.pop("done", ""))


def _child(visitor: Visitor, pupil_id: str) -> tuple[Principal, Support]:
    who, found = seek(visitor, lambda who: portal().about_me.show_support(who, pupil_id), *ROLES)
    at_school(visitor, who.school)
    return who, found


@for_whom(*ROLES)
def ask_support(visitor: Visitor, pupil_id: str) -> Any:
    who, found = _child(visitor, pupil_id)
    return _form((who, found["pupil"]), {**_answers(found), **kept_words(visitor)}, found["areas"])


def _answers(found: Support) -> dict[str, str]:
    return {"status": found["status"], "plan_reference": found["plan_reference"], "version": str(found["version"])}


def _form(place: tuple[Principal, Person], answers: Mapping[str, str], areas: list[str],
          errors: Mapping[str, str] | None = None, now: Support | None = None) -> str:
    who, pupil = place
    return flask.render_template(
        "about_support.html", pupil=pupil, answers=answers, chosen=areas, errors=errors, now=now, most=MOST,
        statuses=STATUSES, areas=AREAS, about=pupil["given_name"], back=_page_of(who, pupil["id"]))


def _page_of(who: Principal, pupil_id: str) -> str:
    """A SENCO, who sees the page of a child with support alone, goes on with the list."""
    return f"/staff/pupils/{pupil_id}/about-me" if who.roles.intersection(LEADS) else LIST


@for_whom(*ROLES)
def save_support(visitor: Visitor, pupil_id: str) -> Any:
    """Where a colleague was faster both are shown."""
    (who, found), answers = _child(visitor, pupil_id), flask.request.form.to_dict()
    place, areas = (who, found["pupil"]), [name for name in flask.request.form.getlist("areas") if name in AREAS]
    errors = {}
    if answers.get("status") not in STATUSES:
        errors["status"] = _("Choose one")
    if len(answers.get("plan_reference", "")) > MOST:
        errors["plan_reference"] = _("Write at most %(most)s letters", most=MOST)
    if errors:
        return _form(place, answers, areas, errors), 422
    wanted = {"status": answers["status"], "plan_reference": answers.get("plan_reference", ""), "areas": areas}
    try:
        portal().about_me.set_support(who, pupil_id, wanted, answers.get("version", ""))
    except Stale:
        now = portal().about_me.show_support(who, pupil_id)
        return _form(place, {**answers, "version": str(now["version"])}, areas, now=now), 412
    flask.session["done"] = "support-saved"
    return flask.redirect(_page_of(who, pupil_id), 303)


PAGES = (("/support", ask_support, "GET"), ("/support", save_support, "POST"))
