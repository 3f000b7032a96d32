"""Talks with school outside evenings, and what comes after an evening: its rest, its notes, its figures."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.clock import new_id
from services.portal.accounts.queries import Visitor
from services.portal.clients.meetings import Rest
from services.portal.sending import send
from services.portal.standing import Standing, stand
from services.portal.talks import noting
from services.portal.talks.rules import MOST_ABOUT
from services.portal.visiting import at_school, for_whom, kept_words, seek, the_office
from services.portal.wiring import portal
from services.portal.wordings import WAYS_TO_TALK

room = flask.Blueprint("talks", __name__, template_folder="templates")
WAYS = {"": _l("Any of these"), **WAYS_TO_TALK}
FIELDS = {"staff_id": "teacher", "guardian_id": "adult", "how": "how"}


@for_whom("guardian", "staff")
def show(visitor: Visitor, pupil_id: str) -> Any:
    """The talks that wait or are ahead, and a form to ask for one."""
    return _page(stand(visitor, pupil_id), kept_words(visitor))


def _page(place: Standing, answers: dict[str, str], errors: dict[str, str] | None = None) -> str:
    return flask.render_template(
        "talks.html", place=place, found=portal().meetings.list_meetings(place.who, place.pupil_id), answers=answers,
        errors=errors, ways=list(WAYS.items()), key=answers.get("key") or new_id(), most=MOST_ABOUT, about=place.child,
        back=place.base)


@for_whom("guardian", "staff")
def ask(visitor: Visitor, pupil_id: str) -> Any:
    """Ask for a talk, and go on to choose its time."""
    place, answers = stand(visitor, pupil_id), flask.request.form.to_dict()
    errors = _faults(place, answers)
    if errors:
        return _page(place, answers, errors), 422
    wanted = {"about": answers.get("about", "").strip(), "how": answers.get("how") or None,
              **{field: answers[name] for field, name in (("staff_id", "teacher"), ("guardian_id", "adult"))
                 if answers.get(name)}}
    made: list[str] = []
    errors, status = send(lambda: made.append(portal().meetings.ask(
        place.who, place.pupil_id, wanted, answers.get("key") or new_id())["id"]), "about", FIELDS)
    if errors:
        return _page(place, answers, errors), status
    return flask.redirect(f"{place.base}/reviews/{made[0]}", 303)


def _faults(place: Standing, answers: dict[str, str]) -> dict[str, str]:
    found = {}
    if not answers.get("teacher"):
        found["teacher"] = _("Choose a teacher")
    if place.hat == "staff" and not answers.get("adult"):
        found["adult"] = _("Choose with whom")
    if len(answers.get("about", "")) > MOST_ABOUT:
        found["about"] = _("Write at most %(most)s letters", most=MOST_ABOUT)
    return found


for _place in ("/children/<pupil_id>", "/staff/pupils/<pupil_id>"):
    room.add_url_rule(f"{_place}/talks", view_func=show)
    room.add_url_rule(f"{_place}/talks", view_func=ask, methods=["POST"])


@for_whom("guardian", "staff")
def ask_rest(visitor: Visitor, appointment_id: str) -> Any:
    """There is more to say: the same people, another day."""
    return _rest(visitor, appointment_id)


def _rest(visitor: Visitor, appointment_id: str, errors: dict[str, str] | None = None) -> str:
    who, rest = seek(visitor, lambda who: portal().meetings.show_rest(who, appointment_id))
    at_school(visitor, who.school)
    is_staff = who.hat == "staff"
    return flask.render_template(
        "talks_rest.html", rest=rest, errors=errors, is_staff=is_staff, about=rest["pupil"]["given_name"],
        base=f"{'/staff/pupils' if is_staff else '/children'}/{rest['pupil']['id']}",
        here=f"{'/staff' if is_staff else ''}/talks/{appointment_id}/rest",
        back=f"{'/staff' if is_staff else ''}/evenings/{rest['evening_id']}/night")


@for_whom("guardian", "staff")
def book_rest(visitor: Visitor, appointment_id: str) -> Any:
    who, _found = seek(visitor, lambda who: portal().meetings.show_rest(who, appointment_id))
    booked: list[Rest] = []
    errors, status = send(lambda: booked.append(portal().meetings.book_rest(who, appointment_id)))
    if errors:
        return _rest(visitor, appointment_id, errors), status
    rest = booked[0]
    if who.hat == "guardian" and rest["talks"]:
        return flask.redirect(f"/children/{rest['pupil']['id']}/reviews/{rest['talks'][0]['id']}", 303)
    return flask.redirect(flask.request.path, 303)


for _place in ("", "/staff"):
    room.add_url_rule(f"{_place}/talks/<appointment_id>/rest", view_func=ask_rest)
    room.add_url_rule(f"{_place}/talks/<appointment_id>/rest", view_func=book_rest, methods=["POST"])
room.add_url_rule("/staff/talks/<appointment_id>/note", view_func=noting.ask_note)
room.add_url_rule("/staff/talks/<appointment_id>/note", view_func=noting.keep_note, methods=["POST"])


@room.get("/office/evenings/<evening_id>/figures")
@for_whom("office", "head")
def show_figures(visitor: Visitor, evening_id: str) -> Any:
    """The evening in numbers; never a ranking."""
    who = the_office(visitor, "office", "head")
    back = f"/office/evenings/{evening_id}" if visitor.is_any("office") else "/office/evenings"
    return flask.render_template("talks_figures.html", figures=portal().meetings.show_figures(who, evening_id),
                                 back=back)


