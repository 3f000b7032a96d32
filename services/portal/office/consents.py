"""Asking families for permission: one form, checked before homes are told; then who agrees, and where to talk."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Conflict
from services.portal.accounts.queries import Visitor
from services.portal.clients.consents import Consent
from services.portal.office.asking import read_day
from services.portal.sending import send
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

READERS = ("office", "head", "dsl")
ASKERS = ("office", "head")
MOST = {"title": 120, "words": 4000}
NEEDS = ("one", "all")
# What needs somebody comes first; a state from a newer service comes last.
IN_ORDER = ("disagreement", "nobody-can-answer", "not-agreed", "waiting", "agreed")
AT = {"class_ids": "classes", "closes_on": "closes", "title": "title", "words": "words", "needs": "needs"}
ONE = "/office/consents/<consent_id>"


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/consents", view_func=list_consents)
    room.add_url_rule("/office/consents/new", view_func=write_consent)
    room.add_url_rule("/office/consents/new", view_func=send_consent, methods=["POST"])
    room.add_url_rule(ONE, view_func=show_consent, endpoint="office_consent")
    room.add_url_rule(f"{ONE}/end", view_func=ask_end_consent)
    room.add_url_rule(f"{ONE}/end", view_func=end_consent, methods=["POST"], endpoint="end_consent")


@for_whom(*READERS)
def list_consents(visitor: Visitor) -> Any:
    who = the_office(visitor, *READERS)
    return flask.render_template("office_consents.html", consents=portal().consents.list_consents(who),
                                 may_ask=visitor.is_any(*ASKERS))


@for_whom(*ASKERS)
def write_consent(visitor: Visitor) -> Any:
    return _form(visitor, kept_words(visitor), [])


def _form(visitor: Visitor, answers: dict[str, str], classes: list[str], errors: dict[str, str] | None = None) -> str:
    who = the_office(visitor, *ASKERS)
    closes = {part: answers.get(f"closes-{part}", "") for part in ("day", "month", "year")}
    return flask.render_template(
        "office_consent_new.html", answers=answers, closes=closes, errors=errors, chosen=classes, most=MOST,
        key=answers.get("key") or new_id(), back="/office/consents",
        classes=[(item["id"], item["title"]) for item in portal().profiles.list_classes(who)])


@for_whom(*ASKERS)
def send_consent(visitor: Visitor) -> Any:
    """Check the answers; show them once more; ask when they were confirmed."""
    who = the_office(visitor, *ASKERS)
    answers, classes = flask.request.form.to_dict(), flask.request.form.getlist("classes")
    errors: dict[str, str] = {}
    wanted = _read(answers, classes, errors)
    if errors or answers.get("go") == "back":
        return _form(visitor, answers, classes, errors), 422 if errors else 200
    if answers.get("go") != "ask":
        titles = [item["title"] for item in portal().profiles.list_classes(who) if item["id"] in classes]
        return flask.render_template("office_consent_check.html", wanted=wanted, titles=titles, classes=classes,
                                     answers={**answers, "key": answers.get("key") or new_id()})
    asked: list[str] = []
    errors, status = send(lambda: asked.append(portal().consents.ask_consent(
        who, wanted, answers.get("key") or new_id())["id"]), "title", AT)
    if errors:
        return _form(visitor, answers, classes, errors), status
    flask.session["done"] = "consent-asked"
    return flask.redirect(f"/office/consents/{asked[0]}", 303)


def _read(answers: dict[str, str], classes: list[str], errors: dict[str, str]) -> dict[str, Any]:
    """What profiles is asked to ask; what is wrong goes into `errors`."""
    wanted: dict[str, Any] = {"class_ids": classes, "needs": answers.get("needs", "")}
    for name, words in (("title", _("Write a short name for it")), ("words", _("Write the question"))):
        wanted[name] = answers.get(name, "").strip()
        if not wanted[name]:
            errors[name] = words
        elif len(wanted[name]) > MOST[name]:
            errors[name] = _("Write at most %(n)s letters", n=MOST[name])
    if wanted["needs"] not in NEEDS:
        errors["needs"] = _("Choose who must say yes")
    if not classes:
        errors["classes"] = _("Choose at least one class")
    closes_on = read_day(answers, "closes", errors)
    wanted["closes_on"] = closes_on.isoformat() if closes_on else ""
    return wanted


@for_whom(*READERS)
def show_consent(visitor: Visitor, consent_id: str) -> Any:
    """Each child's state, those first who need somebody; by name who said what."""
    who = the_office(visitor, *READERS)
    consent = portal().consents.show_consent(who, consent_id)
    classes = [item["title"] for item in portal().profiles.list_classes(who) if item["id"] in consent["class_ids"]]
    return flask.render_template(
        "office_consent.html", consent=consent, classes=classes, back="/office/consents", full=True,
        pupils=sorted(consent["pupils"], key=lambda one: _place(one["state"])), may_end=visitor.is_any(*ASKERS),
        apart=[one for one in consent["pupils"] if one["state"] == "disagreement"],
        done=flask.session.pop("done", ""))


def _place(state: str) -> int:
    return IN_ORDER.index(state) if state in IN_ORDER else len(IN_ORDER)


@for_whom(*ASKERS)
def ask_end_consent(visitor: Visitor, consent_id: str) -> Any:
    consent: Consent = portal().consents.show_consent(the_office(visitor, *ASKERS), consent_id)
    return flask.render_template("office_consent_end.html", consent=consent, back=f"/office/consents/{consent_id}")


@for_whom(*ASKERS)
def end_consent(visitor: Visitor, consent_id: str) -> Any:
    """End it now; a second press finds it ended, and the page says the same."""
    with suppress(Conflict):
        portal().consents.end_consent(the_office(visitor, *ASKERS), consent_id)
    flask.session["done"] = "consent-ended"
    return flask.redirect(f"/office/consents/{consent_id}", 303)
