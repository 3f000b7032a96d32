"""Settings."""

from __future__ import annotations

from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Invalid, NotFound
from services.portal.accounts.actions import sign_out
from services.portal.accounts.queries import Visitor, list_devices
from services.portal.clients.notifications import Preference
from services.portal.my_settings.rules import (
    is_email_choice,
    is_good_news_choice,
    is_language_choice,
    languages_with,
)
from services.portal.trust_work import trust_work
from services.portal.visiting import at_school, for_whom
from services.portal.wiring import portal

room = flask.Blueprint("my_settings", __name__, template_folder="templates", url_prefix="/settings")


@room.get("")
@for_whom("guardian", "staff", "operator")
def show(visitor: Visitor) -> Any:
    with trust_work(portal().database, "devices", write=False) as work:
        devices = list_devices(work, visitor)
    answers = portal().transport.gather([
        partial(portal().notifications.show_preference, who) for who in visitor.principals()])
    return flask.render_template(
        "my_settings.html", devices=devices, back="/", done=flask.session.pop("done", ""),
        letters=[(member.school, chosen, languages_with(chosen["language"]) if chosen else {})
                 for member, chosen in zip(visitor.members, answers, strict=True)])


def _school(visitor: Visitor, school: str) -> Principal:
    """Who this is in the school that a form is about."""
    who = visitor.principal(school)
    if who is None:
        raise NotFound()
    at_school(visitor, school)
    return who


@room.get("/letters")
@for_whom("guardian", "staff")
def ask_letters(visitor: Visitor) -> Any:
    """When a school's e-mails come, and in which language."""
    school = flask.request.args.get("school", "")
    return _letters(school, portal().notifications.show_preference(_school(visitor, school)))


def _letters(school: str, chosen: Preference, errors: dict[str, str] | None = None) -> str:
    return flask.render_template("my_letters.html", school_id=school, chosen=chosen, errors=errors, back="/settings",
                                 languages=languages_with(chosen["language"]))


@room.post("/letters")
@for_whom("guardian", "staff")
def choose_letters(visitor: Visitor) -> Any:
    form = flask.request.form
    who, email, language = _school(visitor, form.get("school", "")), form.get("email", ""), form.get("language", "")
    held = portal().notifications.show_preference(who)
    good_news = form.get("good_news") or held.get("good_news", "as-it-comes")
    errors = {}
    if not is_email_choice(email):
        errors["email"] = _("Choose one")
    if not is_good_news_choice(good_news):
        errors["good_news"] = _("Choose one")
    if not is_language_choice(language, held["language"]):
        errors["language"] = _("Choose a language from the list")
    chosen = Preference(email=email, language=language or None, good_news=good_news)
    if errors:
        return _letters(who.school, {**held, "email": email, "good_news": good_news}, errors), 422
    try:
        portal().notifications.change_preference(who, chosen)
    except Invalid as refused:
        return _letters(who.school, held, {"email": refused.detail or refused.title}), 422
    flask.session["done"] = "letters-chosen"
    return flask.redirect("/settings", 303)


@room.post("/devices")
@for_whom("guardian", "staff", "operator")
def end_others(visitor: Visitor) -> Any:
    """Sign out everywhere but here, or at one place alone."""
    one = flask.request.form.get("device")
    with trust_work(portal().database, "sign out elsewhere") as work:
        for device in list_devices(work, visitor):
            if not device.is_this and one in (None, device.id_hash):
                sign_out(work, visitor.account_id, device.id_hash)
    flask.session["done"] = "signed-out-there"
    return flask.redirect("/settings", 303)
