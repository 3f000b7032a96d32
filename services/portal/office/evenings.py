"""Setting up a parents' evening: one form, checked before it opens."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Invalid
from services.portal.accounts.queries import Visitor
from services.portal.office.asking import read_day
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
MINUTES = ("5", "10", "15", "20")
AT = {"/class_ids": "classes", "/on": "on", "/from": "from", "/to": "to", "/slot_minutes": "minutes",
      "/respond_by": "by", "/title": "title", "/place": "place"}  # where a service's words belong on the page


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/evenings", view_func=list_evenings)
    room.add_url_rule("/office/evenings/new", view_func=write_evening)
    room.add_url_rule("/office/evenings/new", view_func=open_evening, methods=["POST"])
    room.add_url_rule("/office/evenings/<evening_id>", view_func=show_evening, endpoint="office_evening")


@for_whom("office")
def list_evenings(visitor: Visitor) -> Any:
    who = the_office(visitor, "office")
    return flask.render_template("office_evenings.html", evenings=portal().scheduling.list_evenings(who))


@for_whom("office")
def write_evening(visitor: Visitor) -> Any:
    return _form(visitor, {"title": _("Parents' evening"), "minutes": "10", **kept_words(visitor)}, [])


def _form(visitor: Visitor, answers: dict[str, str], classes: list[str], errors: dict[str, str] | None = None) -> str:
    who = the_office(visitor, "office")
    days = {name: {part: answers.get(f"{name}-{part}", "") for part in ("day", "month", "year")}
            for name in ("on", "by")}
    return flask.render_template(
        "office_evening_new.html", answers=answers, days=days, errors=errors, chosen=classes,
        key=answers.get("key") or new_id(), minutes=[(value, _("%(n)s minutes", n=value)) for value in MINUTES],
        classes=[(item["id"], item["title"]) for item in portal().profiles.list_classes(who)], back="/office/evenings")


@for_whom("office")
def open_evening(visitor: Visitor) -> Any:
    """Check the answers; show them once more; open it when they were confirmed."""
    who = the_office(visitor, "office")
    answers, classes = flask.request.form.to_dict(), flask.request.form.getlist("classes")
    errors: dict[str, str] = {}
    wanted = _read(answers, classes, errors)
    if errors or answers.get("go") == "back":
        return _form(visitor, answers, classes, errors), 422 if errors else 200
    if answers.get("go") != "open":
        titles = [item["title"] for item in portal().profiles.list_classes(who) if item["id"] in classes]
        return flask.render_template("office_evening_check.html", wanted=wanted, titles=titles, classes=classes,
                                     answers={**answers, "key": answers.get("key") or new_id()})
    try:
        opened = portal().scheduling.open_evening(who, wanted, answers.get("key") or new_id())
    except Invalid as refused:
        said = {AT.get(path, "title"): words for path, words in refused.errors.items()}
        return _form(visitor, answers, classes, said or {"title": refused.detail or refused.title}), 422
    flask.session["done"] = "evening-opened"
    return flask.redirect(f"/office/evenings/{opened['id']}", 303)


def _read(answers: dict[str, str], classes: list[str], errors: dict[str, str]) -> dict[str, Any]:
    """What scheduling is asked to open; what is wrong goes into `errors`."""
    wanted: dict[str, Any] = {"class_ids": classes}
    for name, words in (("title", _("Write a name for the evening")), ("place", _("Say where it is"))):
        wanted[name] = answers.get(name, "").strip()
        if not wanted[name]:
            errors[name] = words
    for name in ("from", "to"):
        found = CLOCK.fullmatch(answers.get(name, "").strip())
        if found is None:
            errors[name] = _("Write a time like 16:00")
        else:
            wanted[name] = f"{int(found.group(1)):02d}:{found.group(2)}"
    for name, key in (("on", "on"), ("by", "respond_by")):
        day = read_day(answers, name, errors)
        wanted[key] = day.isoformat() if day else ""
    if answers.get("minutes") not in MINUTES:
        errors["minutes"] = _("Choose how long a talk is")
    else:
        wanted["slot_minutes"] = int(answers["minutes"])
    if not classes:
        errors["classes"] = _("Choose at least one class")
    return wanted


@for_whom("office")
def show_evening(visitor: Visitor, evening_id: str) -> Any:
    """An evening as the office sees it: what families were asked, and each teacher's list."""
    who = the_office(visitor, "office")
    evening = portal().scheduling.show_evening(who, evening_id)
    classes = [item for item in portal().profiles.list_classes(who) if item["id"] in evening["class_ids"]]
    return flask.render_template("office_evening.html", evening=evening, classes=classes, back="/office/evenings",
                                 done=flask.session.pop("done", ""))
