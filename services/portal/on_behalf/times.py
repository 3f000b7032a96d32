"""Single times for an adult who rings: booked, changed, given back; and waiting for one, with what is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.scheduling import EveningSlots, TeacherSlots
from services.portal.clients.waitlist import Waiting
from services.portal.evenings import queries
from services.portal.on_behalf.desk import ADULT, Desk, find_desk, read_talks
from services.portal.sending import alike, place
from services.portal.visiting import for_whom
from services.portal.wiring import portal

ONE = f"{ADULT}/times/<staff_id>"
FIELDS = alike(("how", "call_on", "needs"))


def add_pages(room: flask.Blueprint) -> None:
    """The pages of this file."""
    room.add_url_rule(ONE, view_func=choose)
    room.add_url_rule(ONE, view_func=book, methods=["POST"])
    room.add_url_rule(f"{ONE}/cancel", view_func=ask_cancel)
    room.add_url_rule(f"{ONE}/cancel", view_func=cancel, methods=["POST"])
    room.add_url_rule(f"{ONE}/wait", view_func=wait, methods=["POST"])
    room.add_url_rule(f"{ADULT}/waiting", view_func=answer, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Seat:
    """A teacher's times as an adult may have them, and the talk that they have with them."""

    desk: Desk
    slots: EveningSlots
    teacher: TeacherSlots
    talk: dict[str, Any] | None

    @property
    def here(self) -> str:
        return f"{self.desk.here}/times/{self.teacher['id']}"


def _find(desk: Desk, staff_id: str) -> Seat:
    """NotFound when the child is not invited, or that teacher has no times for them."""
    slots = portal().scheduling.list_slots_for(desk.who, desk.evening["id"], desk.child["id"], desk.guardian_id)
    for teacher in slots["staff"]:
        if teacher["id"] == staff_id:
            talks = read_talks(desk, desk.child, [teacher])
            return Seat(desk, slots, teacher, talks[0] if talks else None)
    raise NotFound()


@for_whom("office")
def choose(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str, staff_id: str) -> Any:
    """The free times of one teacher, and waiting for a time or for a better one."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if not desk.is_open:
        return flask.redirect(desk.here, 303)
    return _times(_find(desk, staff_id))


def _times(seat: Seat, errors: Mapping[str, str] | None = None, given: Mapping[str, Any] | None = None) -> str:
    desk, found = seat.desk, [(seat.desk.child, seat.slots)]
    return flask.render_template(
        "on_behalf_times.html", desk=desk, evening=desk.evening, teacher=seat.teacher, talk=seat.talk, here=seat.here,
        name=queries.name_teacher(seat.teacher), errors=errors, key=new_id(), back=desk.here,
        free=[slot for slot in seat.teacher["slots"] if slot["state"] == "free"], waits=_find_waiting(seat),
        times=queries.list_clock_times(desk.evening["from"], desk.evening["to"]), given=given or {},
        ways=seat.teacher.get("ways", ()), needs=queries.list_needs(found))


def _find_waiting(seat: Seat) -> Waiting | None:
    sought = (seat.desk.evening["id"], seat.desk.child["id"], seat.teacher["id"])
    return next((one for one in portal().waitlist.list_waiting(seat.desk.who, seat.desk.guardian_id) if (
        one["evening_id"], one["pupil"]["id"], one["staff"]["id"]) == sought), None)


@for_whom("office")
def book(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str, staff_id: str) -> Any:
    """Book a time, or change the one that they have to it; who comes second sees what is free now."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if not desk.is_open:
        return flask.redirect(desk.here, 303)
    seat, form = _find(desk, staff_id), flask.request.form
    given: dict[str, Any] = {**form.to_dict(), "needs": form.getlist("needs")}
    if not given.get("slot"):
        return _times(seat, {"slot": _("Choose a time")}, given), 422
    try:
        _give(seat, given)
    except (Conflict, Invalid) as refused:
        return _times(_find(desk, staff_id), place(refused, "slot", FIELDS), given), refused.status
    flask.session["done"] = "booked"
    return flask.redirect(desk.here, 303)


def _give(seat: Seat, given: Mapping[str, Any]) -> None:
    """Who moves to another time comes as before, with all that they were given."""
    scheduling, desk = portal().scheduling, seat.desk
    if seat.talk:
        scheduling.move_appointment(desk.who, seat.talk["id"], given["slot"])
    else:
        scheduling.book_for(desk.who, desk.evening["id"], desk.child["id"], {
            "slot_id": given["slot"], "guardian_id": desk.guardian_id, "how": given.get("how") or None,
            "call_on": given.get("call_on", ""), "needs": given["needs"]}, given.get("key") or new_id())


@for_whom("office")
def ask_cancel(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str, staff_id: str) -> Any:
    """Once more before a time is given back; straight on when they have none."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    seat = _find(desk, staff_id) if desk.is_open else None
    if seat is None or seat.talk is None:
        return flask.redirect(desk.here, 303)
    return flask.render_template("on_behalf_cancel.html", desk=desk, evening=desk.evening, seat=seat, talk=seat.talk,
                                 name=queries.name_teacher(seat.teacher), back=desk.here)


@for_whom("office")
def cancel(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str, staff_id: str) -> Any:
    """Give it back for this adult alone; another adult who comes to it keeps it. Twice is once."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    seat = _find(desk, staff_id) if desk.is_open else None
    if seat is not None and seat.talk is not None:
        portal().scheduling.cancel_appointment(desk.who, seat.talk["id"], guardian_id)
        flask.session["done"] = "cancelled"
    return flask.redirect(desk.here, 303)


@for_whom("office")
def wait(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str, staff_id: str) -> Any:
    """Put them on the list: for a time, or for a better one than they have, between two hours."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if not desk.is_open:
        return flask.redirect(desk.here, 303)
    seat, form = _find(desk, staff_id), flask.request.form
    wish = {"staff_id": staff_id, "guardian_id": guardian_id, "instead_of": seat.talk["id"] if seat.talk else None,
            "earliest": form.get("earliest") or None, "latest": form.get("latest") or None}
    try:
        portal().waitlist.join(desk.who, evening_id, pupil_id, wish)
    except (Invalid, Conflict) as refused:
        words = refused.errors.get("/earliest") or refused.errors.get("/latest") or refused.detail
        return _times(seat, {"earliest": words or _("Please look at this again")}), refused.status
    flask.session["done"] = "waits"
    return flask.redirect(desk.here, 303)


@for_whom("office")
def answer(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """Off the list; or yes or no to what is offered to them, as they say it on the phone."""
    desk, form = find_desk(visitor, evening_id, pupil_id, guardian_id), flask.request.form
    waits = next((one for one in portal().waitlist.list_waiting(desk.who, guardian_id)
                  if one["id"] == form.get("waiting") and one["evening_id"] == evening_id), None)
    offer, what = waits["offer"] if waits else None, form.get("what", "")
    try:
        if waits and what == "leave":
            portal().waitlist.leave(desk.who, waits["id"])
        elif offer and offer["id"] == form.get("offer") and what in ("accept", "decline"):
            portal().waitlist.answer(desk.who, offer["id"], what)
        else:
            raise Conflict(_("This was changed meanwhile. Here is how it stands now."))
    except Conflict as refused:
        flask.session["problem"] = refused.detail or refused.title
        return flask.redirect(desk.here, 303)
    flask.session["done"] = {"leave": "waits-no-more", "accept": "taken"}.get(what, "left-to-next")
    return flask.redirect(desk.here, 303)
