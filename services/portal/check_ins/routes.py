"""Short talks with families: the staff's list, one child's talks, a family's good hours, and the school's wish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.clock import new_id
from chassis.errors import NotFound, Stale
from services.portal.accounts.queries import Visitor
from services.portal.check_ins import rules
from services.portal.check_ins.queries import read_board
from services.portal.clients.check_ins import Cadence, CheckIn
from services.portal.looks import LONDON
from services.portal.sending import send
from services.portal.standing import Standing, stand
from services.portal.visiting import at_school, for_whom, kept_words, seek, the_office
from services.portal.wiring import portal

room = flask.Blueprint("check_ins", __name__, template_folder="templates")
HERE = "/staff/check-ins"
OFFICE, CHANGERS = "/office/school/check-ins", ("office", "head")
DAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"))
PARTS = {"before": _l("Before school, 8am to 9am"), "day": _l("In the day, 9am to 3pm"),
         "after": _l("After school, 3pm to 5pm")}
TOO_LONG = _l("Write at most 280 letters")
Answers = Mapping[str, str]


def _done(what: str, path: str) -> Any:
    flask.session["done"] = what
    return flask.redirect(path, 303)


@room.get(HERE)
@for_whom("staff")
def board(visitor: Visitor) -> Any:
    """Whom to ring this week: one tap says that it is done."""
    return _board(visitor, {}, done=flask.session.pop("done", ""))


def _board(visitor: Visitor, answers: Answers, errors: dict[str, str] | None = None, done: str = "") -> str:
    if len(visitor.members) == 1:
        at_school(visitor, visitor.members[0].school.id)
    return flask.render_template("check_ins.html", board=read_board(portal(), visitor), answers=answers, errors=errors,
                                 done=done, back="/staff", most=rules.LONGEST_NOTE)


@room.post(f"{HERE}/<checkin_id>/<any(hold, skip, offer):what>")
@for_whom("staff")
def act(visitor: Visitor, checkin_id: str, what: str) -> Any:
    """Done, left out this time, or offered to the family."""
    answers = flask.request.form.to_dict()
    note = answers.get("note", "").strip()
    field = f"note-{checkin_id}"
    who, _found = seek(visitor, lambda who: portal().check_ins.show_check_in(who, checkin_id))
    if what == "hold" and len(note) > rules.LONGEST_NOTE:
        return _board(visitor, {field: note}, {field: str(TOO_LONG)}), 422
    body = {"note": note} if what == "hold" else None
    errors, status = send(lambda: portal().check_ins.do(who, checkin_id, what, body), field)
    if errors:
        return _board(visitor, {field: note}, errors), status
    return _done(f"check-in-{what}", HERE)


@room.get(f"{HERE}/<checkin_id>/move")
@for_whom("staff")
def ask_move(visitor: Visitor, checkin_id: str) -> Any:
    return _move(visitor, checkin_id, kept_words(visitor))


def _move(visitor: Visitor, checkin_id: str, answers: Answers, errors: dict[str, str] | None = None) -> str:
    who, item = seek(visitor, lambda who: portal().check_ins.show_check_in(who, checkin_id))
    at_school(visitor, who.school)
    return flask.render_template("check_in_move.html", item=item, answers=answers, errors=errors, back=HERE,
                                 about=item["pupil"]["given_name"])


@room.post(f"{HERE}/<checkin_id>/move")
@for_whom("staff")
def move(visitor: Visitor, checkin_id: str) -> Any:
    """Another time for this talk."""
    answers = flask.request.form.to_dict()
    who, _found = seek(visitor, lambda who: portal().check_ins.show_check_in(who, checkin_id))
    at = rules.read_at(answers, LONDON)
    if at is None:
        return _move(visitor, checkin_id, answers, {"day": _("Write a day and a time, like 26 11 2026 and 15:30")}), 422
    errors, status = send(lambda: portal().check_ins.do(who, checkin_id, "move", {"starts_at": at}), "day")
    if errors:
        return _move(visitor, checkin_id, answers, errors), status
    return _done("check-in-move", HERE)


@room.get("/staff/pupils/<pupil_id>/check-ins")
@for_whom("staff")
def show_pupil(visitor: Visitor, pupil_id: str) -> Any:
    """What was talked about with this child's adults, and a way to write a talk down."""
    return _pupil(stand(visitor, pupil_id), kept_words(visitor), done=flask.session.pop("done", ""))


def _pupil(place: Standing, answers: Answers, errors: dict[str, str] | None = None, done: str = "") -> str:
    found = portal().check_ins.list_about(place.who, place.pupil_id)
    return flask.render_template(
        "check_ins_pupil.html", place=place, found=found, answers=answers, errors=errors, done=done, key=new_id(),
        most=rules.LONGEST_NOTE, back=place.base, about=place.child)


@room.post("/staff/pupils/<pupil_id>/check-ins")
@for_whom("staff")
def add(visitor: Visitor, pupil_id: str) -> Any:
    """We have talked, though nobody had proposed it."""
    place, answers = stand(visitor, pupil_id), flask.request.form.to_dict()
    held = {"guardian_id": answers.get("adult", ""), "note": answers.get("note", "").strip()}
    if not held["guardian_id"]:
        return _pupil(place, answers, {"adult": _("Choose whom you talked with")}), 422
    if len(held["note"]) > rules.LONGEST_NOTE:
        return _pupil(place, answers, {"note": str(TOO_LONG)}), 422
    key = answers.get("key") or new_id()
    errors, status = send(lambda: portal().check_ins.add_check_in(place.who, pupil_id, held, key), "adult")
    if errors:
        return _pupil(place, answers, errors), status
    return _done("check-in-hold", f"{place.base}/check-ins")


@room.get("/children/<pupil_id>/check-ins/<checkin_id>")
@room.get("/staff/pupils/<pupil_id>/check-ins/<checkin_id>", endpoint="show_to_staff")
@for_whom("guardian", "staff")
def show(visitor: Visitor, pupil_id: str, checkin_id: str) -> Any:
    """When school will ring or see me, or what we said."""
    place, item = _find(visitor, pupil_id, checkin_id)
    return _one(place, item, kept_words(visitor), done=flask.session.pop("done", ""))


def _one(place: Standing, item: CheckIn, answers: Answers, errors: dict[str, str] | None = None,
         done: str = "") -> str:
    return flask.render_template("check_in.html", place=place, item=item, answers=answers, errors=errors, done=done,
                                 back=place.base, about=place.child, most=rules.LONGEST_NOTE)


@room.post("/children/<pupil_id>/check-ins/<checkin_id>/decline")
@for_whom("guardian")
def decline(visitor: Visitor, pupil_id: str, checkin_id: str) -> Any:
    """Not at this time, and perhaps when I can talk."""
    place, item = _find(visitor, pupil_id, checkin_id)
    answers = flask.request.form.to_dict()
    words = answers.get("words", "").strip()
    if len(words) > rules.LONGEST_NOTE:
        return _one(place, item, answers, {"words": str(TOO_LONG)}), 422
    errors, status = send(lambda: portal().check_ins.do(place.who, checkin_id, "decline", {"words": words}), "words")
    if errors:
        return _one(*_find(visitor, pupil_id, checkin_id), answers, errors), status
    return _done("check-in-decline", f"{place.base}/check-ins/{checkin_id}")


def _find(visitor: Visitor, pupil_id: str, checkin_id: str) -> tuple[Standing, CheckIn]:
    place = stand(visitor, pupil_id)
    item = portal().check_ins.show_check_in(place.who, checkin_id)
    if item["pupil"]["id"] != pupil_id:
        raise NotFound()
    return place, item


@room.get("/children/<pupil_id>/check-ins/hours")
@for_whom("guardian")
def show_hours(visitor: Visitor, pupil_id: str) -> Any:
    """When I can usually talk."""
    place = stand(visitor, pupil_id)
    ticked = rules.boxes_of(portal().check_ins.show_hours(place.who, pupil_id))
    return _hours(place, ticked, done=flask.session.pop("done", ""))


def _hours(place: Standing, ticked: list[str], errors: dict[str, str] | None = None, done: str = "") -> str:
    return flask.render_template("family_hours.html", place=place, ticked=ticked, errors=errors, done=done, days=DAYS,
                                 parts=PARTS, back=place.base, about=place.child)


@room.post("/children/<pupil_id>/check-ins/hours")
@for_whom("guardian")
def set_hours(visitor: Visitor, pupil_id: str) -> Any:
    place, form = stand(visitor, pupil_id), flask.request.form
    ticked = [f"{day}-{part}" for day in rules.WEEKDAYS for part in form.getlist(f"hours-{day}")]
    windows: Any = rules.windows_of(ticked)
    errors, status = send(lambda: portal().check_ins.set_hours(place.who, pupil_id, windows), "hours")
    if errors:
        return _hours(place, ticked, errors), status
    return _done("hours-set", f"{place.base}/check-ins/hours")


@room.get(OFFICE)
@for_whom(*CHANGERS)
def show_cadence(visitor: Visitor) -> Any:
    """How often this school wishes to speak with families."""
    cadence = portal().check_ins.show_cadence(the_office(visitor, *CHANGERS))
    return _cadence(cadence, {**_as_form(cadence), **kept_words(visitor)}, done=flask.session.pop("done", ""))


def _as_form(cadence: Cadence) -> dict[str, str]:
    return {"usual": str(cadence["usual"]), "closer": str(cadence["closer"]), "reviews": str(cadence["reviews"]),
            "most_a_day": str(cadence["most_a_day"]), "based_on": str(cadence["version"])}


def _cadence(cadence: Cadence, answers: Answers, errors: dict[str, str] | None = None, done: str = "") -> str:
    return flask.render_template("office_cadence.html", cadence=cadence, answers=answers, errors=errors, done=done,
                                 back="/office/school")


@room.post(OFFICE)
@for_whom(*CHANGERS)
def set_cadence(visitor: Visitor) -> Any:
    """Keep it; when a colleague was faster, both are shown and nothing is lost."""
    who, answers = the_office(visitor, *CHANGERS), flask.request.form.to_dict()
    found, wrong = rules.read_numbers(answers)
    based_on = answers.get("based_on", "")
    if wrong:
        errors = {name: _("Write a number from %(least)s to %(most)s", least=rules.NUMBERS[name][0],
                          most=rules.NUMBERS[name][1]) for name in wrong}
        return _cadence(portal().check_ins.show_cadence(who), answers, errors), 422
    found["based_on"] = int(based_on) if based_on.isdigit() else -1
    try:
        errors, status = send(lambda: portal().check_ins.set_cadence(who, found), "usual")
    except Stale:
        cadence = portal().check_ins.show_cadence(who)
        return _cadence(cadence, {**answers, "based_on": str(cadence["version"])}, done="changed-meanwhile"), 412
    if errors:
        return _cadence(portal().check_ins.show_cadence(who), answers, errors), status
    return _done("cadence-set", OFFICE)
