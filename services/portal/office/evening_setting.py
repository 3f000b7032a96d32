"""What an evening is like: its name and place, what a plan seeks first, what families can ask for, and if it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import Invalid, Stale
from services.portal.accounts.queries import Visitor
from services.portal.clients.scheduling import Evening
from services.portal.office.asking import Answers, day_fields, done, read_day
from services.portal.office.evenings import read_clock
from services.portal.sending import PAGE, Errors, alike, send
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal
from services.portal.wordings import EVENING_AIMS, NEEDS_BRIEFLY

HERE = "/office/evenings/<evening_id>"
MOST_LINES, SPARE = 50, 2
WALKS = {"walk_room_minutes": 2, "walk_site_minutes": 10}


def add_pages(room: flask.Blueprint) -> None:
    for page, ask, act in (("details", ask_details, set_details), ("day", ask_day, set_day),
                           ("aims", ask_aims, set_aims), ("needs", ask_needs, set_needs)):
        room.add_url_rule(f"{HERE}/{page}", f"ask_evening_{page}", view_func=ask)
        room.add_url_rule(f"{HERE}/{page}", f"set_evening_{page}", view_func=act, methods=["POST"])
    room.add_url_rule(f"{HERE}/arithmetic", "show_evening_arithmetic", view_func=show_arithmetic)


def send_version(do: Callable[[], object], fields: Mapping[str, str]) -> tuple[Errors, int]:
    """Like `send`, of what a colleague may have changed meanwhile."""
    try:
        return send(do, fields=fields)
    except Stale:
        return {PAGE: _("A colleague changed this a moment ago. Your words are still here: look at what they saved, "
                        "and save again if yours are right.")}, 409


def _read(visitor: Visitor, evening_id: str) -> Evening:
    return portal().scheduling.show_evening(the_office(visitor, "office"), evening_id)


@for_whom("office")
def ask_details(visitor: Visitor, evening_id: str) -> Any:
    evening = _read(visitor, evening_id)
    year, month, day = evening["respond_by"].split("-")
    return _details_page(evening, {
        "title": evening["title"], "place": evening["place"], "by-day": str(int(day)), "by-month": str(int(month)),
        "by-year": year, **{name: str(evening.get(name, usual)) for name, usual in WALKS.items()},
        "version": str(evening["version"])}, {})


def _details_page(evening: Evening, answers: Answers, errors: Errors) -> str:
    return flask.render_template("office_evening_details.html", evening=evening, answers=answers, errors=errors,
                                 days=day_fields(answers, "by"), back=f"/office/evenings/{evening['id']}")


@for_whom("office")
def set_details(visitor: Visitor, evening_id: str) -> Any:
    who, answers, errors, status = the_office(visitor, "office"), flask.request.form.to_dict(), Errors(), 422
    evening = _read(visitor, evening_id)
    said = {name: answers.get(name, "").strip() for name in ("title", "place")}
    errors |= {name: _("Write something here") for name, words in said.items() if not words}
    by, walks = read_day(answers, "by", errors), {name: _read_minutes(answers, name, errors) for name in WALKS}
    if not errors and by:
        body = {**said, "respond_by": by.isoformat(), "aims": evening["aims"], **walks}
        errors, status = send_version(
            lambda: portal().setting_up.change(who, evening_id, body, answers.get("version", "0")),
            {"title": "title", "place": "place", "respond_by": "by", **alike(WALKS)})
    if errors:
        return _details_page(evening, {**answers, "version": str(evening["version"])}, errors), status
    return done("evening-changed", f"/office/evenings/{evening_id}")


def _read_minutes(answers: Answers, name: str, errors: Errors) -> int:
    """A number of minutes; what is wrong with it goes into `errors`."""
    written = answers.get(name, "").strip()
    if not (written.isascii() and written.isdecimal() and len(written) < 4):
        errors[name] = _("Write a number of minutes, like 2")
        return 0
    return int(written)


@for_whom("office")
def ask_day(visitor: Visitor, evening_id: str) -> Any:
    """The day and the hours, of a draft or while wishes are collected; then no family has a time."""
    evening = _read(visitor, evening_id)
    days = {f"{name}-{part}": str(int(number)) for name, day in (("on", evening["on"]), ("by", evening["respond_by"]))
            for part, number in zip(("year", "month", "day"), day.split("-"), strict=True)}
    return _day_page(evening, {**days, "from": evening["from"], "to": evening["to"],
                               "version": str(evening["version"])}, {})


def _day_page(evening: Evening, answers: Answers, errors: Errors) -> str:
    return flask.render_template("office_evening_day.html", evening=evening, answers=answers, errors=errors,
                                 days=day_fields(answers, "on", "by"), back=f"/office/evenings/{evening['id']}")


@for_whom("office")
def set_day(visitor: Visitor, evening_id: str) -> Any:
    who, answers, errors, status = the_office(visitor, "office"), flask.request.form.to_dict(), Errors(), 422
    evening = _read(visitor, evening_id)
    on, by = read_day(answers, "on", errors), read_day(answers, "by", errors)
    hours = {name: read_clock(answers, name, errors) for name in ("from", "to")}
    if not errors and on and by:
        body = {"title": evening["title"], "place": evening["place"], "aims": evening["aims"], **hours,
                "on": on.isoformat(), "respond_by": by.isoformat()}
        errors, status = send_version(
            lambda: portal().setting_up.change(who, evening_id, body, answers.get("version", "0")),
            {"on": "on", "from": "from", "to": "to", "respond_by": "by", "slot_minutes": "to"})
    if errors:
        return _day_page(evening, {**answers, "version": str(evening["version"])}, errors), status
    return done("evening-moved", f"/office/evenings/{evening_id}")


@for_whom("office")
def ask_aims(visitor: Visitor, evening_id: str) -> Any:
    evening = _read(visitor, evening_id)
    return _aims_page(evening, evening["aims"], str(evening["version"]), {})


def _aims_page(evening: Evening, chosen: list[str], version: str, errors: Errors) -> str:
    return flask.render_template("office_evening_aims.html", evening=evening, chosen=chosen, version=version,
                                 errors=errors, aims=EVENING_AIMS, back=f"/office/evenings/{evening['id']}")


@for_whom("office")
def set_aims(visitor: Visitor, evening_id: str) -> Any:
    who, evening, errors, status = the_office(visitor, "office"), _read(visitor, evening_id), Errors(), 422
    chosen = [flask.request.form.get(f"aim-{place}", "") for place in range(len(EVENING_AIMS))]
    for place, aim in enumerate(chosen):
        if aim not in EVENING_AIMS or aim in chosen[:place]:
            errors[f"aim-{place}"] = _("Each of them has one place in the order: choose another here")
    if not errors:
        body = {"title": evening["title"], "place": evening["place"], "respond_by": evening["respond_by"],
                "aims": chosen}
        version = flask.request.form.get("version", "0")
        errors, status = send_version(lambda: portal().setting_up.change(who, evening_id, body, version),
                                      {"aims": "aim-0"})
    if errors:
        return _aims_page(evening, chosen, str(evening["version"]), errors), status
    return done("evening-changed", f"/office/evenings/{evening_id}")


@for_whom("office")
def ask_needs(visitor: Visitor, evening_id: str) -> Any:
    items, tag = portal().setting_up.list_resources(the_office(visitor, "office"), evening_id)
    answers = {f"{name}-{number}": str(dict(item)[name]) for number, item in enumerate(items)
               for name in ("id", "kind", "language", "units", "name", "from", "to")}
    return _needs_page(visitor, evening_id, {**answers, "tag": tag}, {})


def _needs_page(visitor: Visitor, evening_id: str, answers: Answers, errors: Errors) -> str:
    used = [number for number in range(MOST_LINES) if answers.get(f"kind-{number}")]
    lines = range(min(max(used, default=-1) + 1 + SPARE, MOST_LINES))
    return flask.render_template(
        "office_evening_needs.html", evening=_read(visitor, evening_id), answers=answers, errors=errors, lines=lines,
        kinds=[("", _("Nothing")), *NEEDS_BRIEFLY.items()], back=f"/office/evenings/{evening_id}")


@for_whom("office")
def set_needs(visitor: Visitor, evening_id: str) -> Any:
    """Keep the lines that have a kind; a line without one is taken off."""
    who, answers, errors, status = the_office(visitor, "office"), flask.request.form.to_dict(), Errors(), 422
    items, places = [], []
    for number in range(MOST_LINES):
        if answers.get(f"kind-{number}"):
            items.append(_read_line(answers, number, errors))
            places.append(number)
    if not errors:
        errors, status = _keep_needs(visitor, evening_id, items, places)
    if errors:
        if status == 409:
            answers["tag"] = portal().setting_up.list_resources(who, evening_id)[1]
        return _needs_page(visitor, evening_id, answers, errors), status
    return done("evening-changed", f"/office/evenings/{evening_id}")


def _keep_needs(visitor: Visitor, evening_id: str, items: list[dict[str, Any]],
                places: list[int]) -> tuple[Errors, int]:
    """What the service says of a line is said at that line of the form."""
    who, tag, faults = the_office(visitor, "office"), flask.request.form.get("tag", ""), Errors()

    def keep() -> None:
        try:
            portal().setting_up.set_resources(who, evening_id, items, tag)
        except Invalid as refused:
            for pointer, words in refused.errors.items():
                found = re.fullmatch(r"/items/(\d+)/(\w+)", pointer)
                number = places[int(found[1])] if found and int(found[1]) < len(places) else -1
                faults[f"{found[2]}-{number}" if found and number >= 0 else PAGE] = words

    errors, status = send_version(keep, {})
    return (faults, 422) if faults else (errors, status)


def _read_line(answers: Answers, number: int, errors: Errors) -> dict[str, Any]:
    line: dict[str, Any] = {name: answers.get(f"{name}-{number}", "").strip() for name in ("kind", "language", "name")}
    if answers.get(f"id-{number}"):
        line["id"] = answers[f"id-{number}"]
    units = answers.get(f"units-{number}", "").strip() or "1"
    if not (units.isascii() and units.isdecimal() and len(units) < 5):
        errors[f"units-{number}"] = _("Write a number, like 2")
    else:
        line["units"] = int(units)
    for name in ("from", "to"):
        if answers.get(f"{name}-{number}", "").strip():
            line[name] = read_clock(answers, f"{name}-{number}", errors)
    return line


@for_whom("office")
def show_arithmetic(visitor: Visitor, evening_id: str) -> Any:
    who = the_office(visitor, "office")
    return flask.render_template(
        "office_evening_arithmetic.html", evening=_read(visitor, evening_id),
        sums=portal().setting_up.add_up(who, evening_id), back=f"/office/evenings/{evening_id}")
