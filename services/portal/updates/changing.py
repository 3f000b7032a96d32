"""Changing an update that was sent: other words, other people, another end; with both versions where two met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.errors import Conflict, Invalid, NotFound, Stale
from services.portal.accounts.queries import Visitor
from services.portal.children.queries import find_child
from services.portal.clients.profiles import Child, Person
from services.portal.clients.wellbeing import UpdateInFull
from services.portal.updates.rules import may_write, named_of, will_do
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import AUDIENCES, UNTILS

ONE = "/children/<pupil_id>/updates/<update_id>"
CHOOSE_SOMEBODY = _l("Choose at least one person")


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(f"{ONE}/change", view_func=ask_change)
    room.add_url_rule(f"{ONE}/change", view_func=change, methods=["POST"])


def find_writer(visitor: Visitor, pupil_id: str) -> tuple[Principal, Child]:
    """The child, for an adult who may write to school about them; for others there is no such page."""
    who, child = find_child(portal(), visitor, pupil_id)
    if not may_write(child["may"]):
        raise NotFound()
    return who, child


def find_own(visitor: Visitor, pupil_id: str, update_id: str,
             is_change: bool = False) -> tuple[Principal, Child, UpdateInFull]:
    """An update of the visitor about this child, and no other; to change it they write to school."""
    who, child = find_writer(visitor, pupil_id) if is_change else find_child(portal(), visitor, pupil_id)
    update = portal().wellbeing.show(who, update_id)
    if update["pupil_id"] != pupil_id:
        raise NotFound()
    return who, child, update


def list_choice(who: Principal, pupil_id: str) -> list[Person]:
    """Whom a parent can name: the child's team."""
    return portal().profiles.show_pupil(who, pupil_id)["staff"]


def is_late(update: UpdateInFull) -> bool:
    """Whether the hour of school's promise has gone by."""
    promised = update.get("promised_by")
    return bool(promised) and datetime.fromisoformat(str(promised)) < portal().database.clock.now()


def _given(update: UpdateInFull) -> dict[str, Any]:
    return {"words": update["words"], "audience": update["audience"], "until": update["until"],
            "named": [one["id"] for one in update["named"]], "version": str(update["version"])}


@for_whom("guardian")
def ask_change(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    """The form as it was last said."""
    who, child, update = find_own(visitor, pupil_id, update_id, is_change=True)
    if update["state"] == "ended":
        return flask.redirect(f"/children/{pupil_id}/updates/{update_id}", 303)
    return _form(About(child, update, list_choice(who, pupil_id)), {**_given(update), **kept_words(visitor)})


@dataclass(frozen=True, slots=True)
class About:
    """What the form is about: the child, the update as school has it, and whom its author can name."""

    child: Child
    update: UpdateInFull
    team: Sequence[Person]


def _form(about: About, answers: dict[str, Any], errors: dict[str, str] | None = None, is_stale: bool = False) -> str:
    child, update = about.child, about.update
    return flask.render_template(
        "update_change.html", child=child, update=update, answers=answers, errors=errors, team=about.team,
        is_stale=is_stale, audiences=list(AUDIENCES.items()), untils=list(UNTILS.items()), about=child["given_name"],
        back=f"/children/{child['id']}/updates/{update['id']}")


@for_whom("guardian")
def change(visitor: Visitor, pupil_id: str, update_id: str) -> Any:
    """Keep it as a new version; where another page was faster, both are shown and nothing is lost."""
    who, child, update = find_own(visitor, pupil_id, update_id, is_change=True)
    team, form = list_choice(who, pupil_id), flask.request.form
    answers: dict[str, Any] = {name: form.get(name, "") for name in ("words", "audience", "until", "version")}
    answers["named"] = named_of(answers["audience"], form.getlist("staff_ids"), [one["id"] for one in team])
    errors = _faults(answers)
    if errors:
        return _form(About(child, update, team), answers, errors), 422
    said = {"words": answers["words"], "audience": answers["audience"], "until": answers["until"],
            "staff_ids": answers["named"]}
    version = answers["version"] if answers["version"].isdigit() else "0"
    try:
        portal().wellbeing.change(who, update_id, said, version)
    except Stale:
        now = portal().wellbeing.show(who, update_id)
        return _form(About(child, now, team), {**answers, "version": str(now["version"])}, is_stale=True), 409
    except (Conflict, Invalid) as refused:
        words = " ".join(refused.errors.values()) or refused.detail or refused.title
        return _form(About(child, update, team), answers, {"words": words}), 422
    flask.session["done"] = "update-changed"
    return flask.redirect(f"/children/{pupil_id}/updates/{update_id}", 303)


def _faults(answers: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if not will_do("words", answers["words"], {}):
        errors["words"] = _("Write a few words, at most 2,000 letters")
    for name, choices in (("audience", AUDIENCES), ("until", UNTILS)):
        if not will_do(name, answers[name], choices):
            errors[name] = _("Choose one")
    if answers["audience"] == "named" and not answers["named"]:
        errors["staff_ids"] = str(CHOOSE_SOMEBODY)
    return errors
