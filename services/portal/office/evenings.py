"""Parents' evenings: the list, a new one by one form that is checked before it is kept, and the page of one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import ngettext

from chassis.auth import Principal
from chassis.clock import new_id
from services.portal.accounts.queries import Visitor
from services.portal.clients.scheduling import Evening
from services.portal.office.asking import read_day
from services.portal.sending import send
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
MINUTES = ("5", "10", "15", "20")
NIGHT = timedelta(hours=12)
AT = {"class_ids": "classes", "on": "on", "from": "from", "to": "to", "slot_minutes": "minutes",
      "respond_by": "by", "title": "title", "place": "place", "years": "years", "way": "way"}
"""Where a service's words belong on the page."""


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/evenings", view_func=list_evenings)
    room.add_url_rule("/office/evenings/new", view_func=write_evening)
    room.add_url_rule("/office/evenings/new", view_func=open_evening, methods=["POST"])
    room.add_url_rule("/office/evenings/<evening_id>", view_func=show_evening, endpoint="office_evening")


@for_whom("office", "head")
def list_evenings(visitor: Visitor) -> Any:
    """For the office to set up and look after; for the head to see how those went that are over."""
    found = portal().scheduling.list_evenings(the_office(visitor, "office", "head"))
    return flask.render_template("office_evenings.html", evenings=[(one, state_of(one)) for one in found])


def state_of(evening: Evening) -> str:
    """How an evening stands: draft, choosing, wishing, planned, tonight, over or cancelled."""
    now, state = portal().database.clock.now(), evening.get("state", "open")
    if state in ("draft", "cancelled"):
        return state
    if datetime.fromisoformat(evening["ends_at"]) <= now:
        return "over"
    if datetime.fromisoformat(evening["starts_at"]) <= now + NIGHT:
        return "tonight"
    if state == "planned":
        return "planned"
    return "wishing" if evening.get("way") == "plan" else "choosing"


@for_whom("office")
def write_evening(visitor: Visitor) -> Any:
    return _form(visitor, {"title": _("Parents' evening"), "minutes": "10", "way": "book", **kept_words(visitor)})


def _form(visitor: Visitor, answers: dict[str, str], chosen: dict[str, list[str]] | None = None,
          errors: dict[str, str] | None = None) -> str:
    who = the_office(visitor, "office")
    days = {name: {part: answers.get(f"{name}-{part}", "") for part in ("day", "month", "year")}
            for name in ("on", "by")}
    return flask.render_template(
        "office_evening_new.html", answers=answers, days=days, errors=errors, chosen=chosen or {},
        key=answers.get("key") or new_id(), minutes=[(value, _("%(n)s minutes", n=value)) for value in MINUTES],
        classes=[(item["id"], item["title"]) for item in portal().profiles.list_classes(who)],
        years=year_choices(who), back="/office/evenings")


def year_choices(who: Principal) -> list[tuple[str, str]]:
    """The school's year groups, as a form offers them."""
    return [(item["year"], ngettext("%(year)s (%(num)s child)", "%(year)s (%(num)s children)", item["children"], year=_(
        "Year %(number)s", number=item["year"]) if item["year"].isdecimal() else item["year"]))
        for item in portal().setting_up.list_years(who)]


@for_whom("office")
def open_evening(visitor: Visitor) -> Any:
    """Check the answers; show them once more; keep it as a draft or open it when they were confirmed."""
    who = the_office(visitor, "office")
    answers = flask.request.form.to_dict()
    chosen = {name: flask.request.form.getlist(name) for name in ("classes", "years")}
    errors: dict[str, str] = {}
    wanted = _read(answers, chosen, errors)
    if errors or answers.get("go") == "back":
        return _form(visitor, answers, chosen, errors), 422 if errors else 200
    if answers.get("go") not in ("open", "draft"):
        titles = [item["title"] for item in portal().profiles.list_classes(who) if item["id"] in chosen["classes"]]
        return flask.render_template("office_evening_check.html", wanted=wanted, titles=titles, chosen=chosen,
                                     answers={**answers, "key": answers.get("key") or new_id()})
    wanted["draft"] = answers["go"] == "draft"
    opened: list[str] = []
    errors, status = send(lambda: opened.append(portal().scheduling.open_evening(
        who, wanted, answers.get("key") or new_id())["id"]), "title", AT)
    if errors:
        return _form(visitor, answers, chosen, errors), status
    flask.session["done"] = "evening-drafted" if wanted["draft"] else "evening-opened"
    return flask.redirect(f"/office/evenings/{opened[0]}", 303)


def read_clock(answers: dict[str, str], name: str, errors: dict[str, str]) -> str:
    """A time as the services write it; what is wrong with it goes into `errors`."""
    found = CLOCK.fullmatch(answers.get(name, "").strip())
    if found is None:
        errors[name] = _("Write a time like 16:00")
        return ""
    return f"{int(found.group(1)):02d}:{found.group(2)}"


def _read(answers: dict[str, str], chosen: dict[str, list[str]], errors: dict[str, str]) -> dict[str, Any]:
    """What scheduling is asked to open; what is wrong goes into `errors`."""
    wanted: dict[str, Any] = {"class_ids": chosen["classes"], "years": chosen["years"]}
    for name, words in (("title", _("Write a name for the evening")), ("place", _("Say where it is"))):
        wanted[name] = answers.get(name, "").strip()
        if not wanted[name]:
            errors[name] = words
    for name in ("from", "to"):
        wanted[name] = read_clock(answers, name, errors)
    for name, key in (("on", "on"), ("by", "respond_by")):
        day = read_day(answers, name, errors)
        wanted[key] = day.isoformat() if day else ""
    if answers.get("minutes") not in MINUTES:
        errors["minutes"] = _("Choose how long a talk is")
    else:
        wanted["slot_minutes"] = int(answers["minutes"])
    wanted["way"] = answers.get("way", "book")
    if wanted["way"] not in ("book", "plan"):
        errors["way"] = _("Choose how families get their times")
    if not chosen["classes"] and not chosen["years"]:
        errors["classes"] = _("Choose at least one class or year")
    return wanted


@for_whom("office")
def show_evening(visitor: Visitor, evening_id: str) -> Any:
    """An evening as the office sees it: what is set up, what is still to do, and where it goes from here."""
    who = the_office(visitor, "office")
    evening, ask = portal().scheduling.show_evening(who, evening_id), portal().setting_up
    invited, blocks, sums, offered = (portal().transport.gather([
        lambda: ask.show_invited(who, evening_id), lambda: ask.list_blocks(who, evening_id),
        lambda: ask.add_up(who, evening_id), lambda: ask.list_resources(who, evening_id)]))
    classes = [item for item in portal().profiles.list_classes(who) if item["id"] in evening["class_ids"]]
    state, now = state_of(evening), portal().database.clock.now()
    return flask.render_template(
        "office_evening.html", evening=evening, classes=classes, back="/office/evenings", state=state,
        invited=invited, blocks=blocks, sums=sums, offered=offered, here=f"/office/evenings/{evening_id}",
        may_cancel=state != "cancelled" and datetime.fromisoformat(evening["starts_at"]) > now,
        done=flask.session.pop("done", ""))
