"""The big steps of an evening, each asked once more on a page of its own: open it, copy it, call it off."""

from __future__ import annotations

from typing import Any

import flask

from chassis.clock import new_id
from services.portal.accounts.queries import Visitor
from services.portal.clients.setting_up import Copied
from services.portal.office.asking import day_fields, done, read_day
from services.portal.office.evenings import state_of, year_choices
from services.portal.sending import send
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

HERE = "/office/evenings/<evening_id>"


def add_pages(room: flask.Blueprint) -> None:
    for step, ask, act in (("open", ask_to_open, open_it), ("cancel", ask_to_cancel, cancel_it),
                           ("copy", ask_to_copy, copy_it)):
        room.add_url_rule(f"{HERE}/{step}", f"ask_{step}_evening", view_func=ask)
        room.add_url_rule(f"{HERE}/{step}", f"do_{step}_evening", view_func=act, methods=["POST"])


@for_whom("office")
def ask_to_open(visitor: Visitor, evening_id: str) -> Any:
    return _open_page(visitor, evening_id, {})


def _open_page(visitor: Visitor, evening_id: str, errors: dict[str, str]) -> str:
    who = the_office(visitor, "office")
    evening = portal().scheduling.show_evening(who, evening_id)
    return flask.render_template(
        "office_evening_open.html", evening=evening, sums=portal().setting_up.add_up(who, evening_id), errors=errors,
        key=flask.request.form.get("key") or new_id(), back=f"/office/evenings/{evening_id}")


@for_whom("office")
def open_it(visitor: Visitor, evening_id: str) -> Any:
    who, key = the_office(visitor, "office"), flask.request.form.get("key") or new_id()
    errors, status = send(lambda: portal().setting_up.open(who, evening_id, key))
    if errors:
        return _open_page(visitor, evening_id, errors), status
    return done("evening-opened", f"/office/evenings/{evening_id}")


@for_whom("office")
def ask_to_cancel(visitor: Visitor, evening_id: str) -> Any:
    return _cancel_page(visitor, evening_id, {})


def _cancel_page(visitor: Visitor, evening_id: str, errors: dict[str, str]) -> str:
    who = the_office(visitor, "office")
    evening = portal().scheduling.show_evening(who, evening_id)
    held = sum(one["held"] for one in portal().setting_up.list_blocks(who, evening_id)["items"])
    return flask.render_template(
        "office_evening_cancel.html", evening=evening, held=held, state=state_of(evening), errors=errors,
        key=flask.request.form.get("key") or new_id(), back=f"/office/evenings/{evening_id}")


@for_whom("office")
def cancel_it(visitor: Visitor, evening_id: str) -> Any:
    who, key = the_office(visitor, "office"), flask.request.form.get("key") or new_id()
    errors, status = send(lambda: portal().setting_up.cancel(who, evening_id, key))
    if errors:
        return _cancel_page(visitor, evening_id, errors), status
    return done("evening-cancelled", f"/office/evenings/{evening_id}")


@for_whom("office")
def ask_to_copy(visitor: Visitor, evening_id: str) -> Any:
    return _copy_page(visitor, evening_id, kept_words(visitor), {})


def _copy_page(visitor: Visitor, evening_id: str, answers: dict[str, str], errors: dict[str, str]) -> str:
    who = the_office(visitor, "office")
    return flask.render_template(
        "office_evening_copy.html", evening=portal().scheduling.show_evening(who, evening_id), errors=errors,
        answers=answers, days=day_fields(answers, "on", "by"), key=answers.get("key") or new_id(),
        classes=[(item["id"], item["title"]) for item in portal().profiles.list_classes(who)],
        years=year_choices(who),
        chosen={name: flask.request.form.getlist(name) for name in ("classes", "years")},
        back=f"/office/evenings/{evening_id}")


@for_whom("office")
def copy_it(visitor: Visitor, evening_id: str) -> Any:
    """A draft, and a page that says who is not in it and who is new. Sent twice it is made once."""
    who, answers, errors = the_office(visitor, "office"), flask.request.form.to_dict(), dict[str, str]()
    on, by = read_day(answers, "on", errors), read_day(answers, "by", errors)
    copies: list[Copied] = []
    status = 422
    if on and by:
        said = {"on": on.isoformat(), "respond_by": by.isoformat(), "class_ids": flask.request.form.getlist("classes"),
                "years": flask.request.form.getlist("years")}
        key = answers.get("key") or new_id()
        errors, status = send(lambda: copies.append(portal().setting_up.copy(who, evening_id, said, key)), fields={
            "on": "on", "respond_by": "by", "class_ids": "classes", "years": "years", "from": "on", "to": "on"})
    if errors:
        return _copy_page(visitor, evening_id, answers, errors), status
    return flask.render_template("office_evening_copied.html", copied=copies[0], back="/office/evenings")
