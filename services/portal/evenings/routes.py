"""Choosing times at a parents' evening: one teacher, one question; two people can never hold one time."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.scheduling import Appointment, EveningSlots, TeacherSlots, is_own, is_wished
from services.portal.evenings import asking, waiting
from services.portal.evenings.queries import list_waits
from services.portal.evenings.rules import list_clock_times
from services.portal.night.queries import list_today
from services.portal.visiting import at_school, for_whom, seek
from services.portal.wiring import portal

room = flask.Blueprint("evenings", __name__, template_folder="templates")
asking.add_pages(room)
waiting.add_pages(room)


@room.get("/evenings/<evening_id>")
@for_whom("guardian")
def choose_child(visitor: Visitor, evening_id: str) -> Any:
    """For which child; with one child straight on."""
    who, evening = seek(visitor, lambda who: portal().scheduling.show_evening(who, evening_id))
    if is_wished(evening):
        return flask.redirect(f"/evenings/{evening_id}/wishes", 303)
    if len(evening["pupils"]) == 1:
        return flask.redirect(f"/evenings/{evening_id}/{evening['pupils'][0]['id']}", 303)
    at_school(visitor, who.school)
    return flask.render_template("evening_children.html", evening=evening, back="/")


@room.get("/evenings/<evening_id>/<pupil_id>")
@for_whom("guardian")
def show(visitor: Visitor, evening_id: str, pupil_id: str) -> Any:
    """The evening of one child: each teacher with the time that is booked, or a way to choose one."""
    who, found = _find(visitor, evening_id, pupil_id)
    if is_wished(found["evening"]):
        return flask.redirect(f"/evenings/{evening_id}/wishes", 303)
    ahead = [item for item in portal().scheduling.list_appointments(who) if item["pupil"]["id"] == pupil_id]
    mine = [item for item in ahead if is_own(item) and item["evening_id"] == evening_id]
    evening = found["evening"]
    others = [item for item in ahead if not is_own(item)
              and evening["starts_at"] <= item["starts_at"] < evening["ends_at"]]
    is_full = any(all(slot["state"] != "free" for slot in one["slots"]) for one in found["staff"])
    return _page("evening.html", found, pupil_id, back="/", others=others,
                 waits=list_waits(portal(), who, evening_id) if is_full else {},
                 mine={item["staff"]["id"]: item for item in mine},
                 itinerary=sorted(mine, key=lambda item: item["starts_at"]),
                 tonight=list_today(portal(), mine),
                 done=flask.session.pop("done", ""))


@room.get("/evenings/<evening_id>/<pupil_id>/<staff_id>")
@for_whom("guardian")
def choose_time(visitor: Visitor, evening_id: str, pupil_id: str, staff_id: str) -> Any:
    """The free times of one teacher."""
    who, found = _find(visitor, evening_id, pupil_id)
    held = _held(who, evening_id, pupil_id, staff_id)
    return _times(found, pupil_id, staff_id, held=held[0] if held else None, waits=list_waits(
        portal(), who, evening_id).get((pupil_id, staff_id)), said=flask.session.pop("waiting", ""))


@room.post("/evenings/<evening_id>/<pupil_id>/<staff_id>")
@for_whom("guardian")
def book(visitor: Visitor, evening_id: str, pupil_id: str, staff_id: str) -> Any:
    """Book a time, or move the one held with this teacher to it; who comes second is shown what is free now."""
    who, found = _find(visitor, evening_id, pupil_id)
    slot_id = flask.request.form.get("slot", "")
    if not slot_id:
        return _times(found, pupil_id, staff_id, {"slot": _("Choose a time")}), 422
    held = _held(who, evening_id, pupil_id, staff_id)
    try:
        if held:
            booked = portal().scheduling.move_appointment(who, held[0]["id"], slot_id)
        else:
            booked = portal().scheduling.book_slot(who, evening_id, pupil_id, slot_id,
                                                   flask.request.form.get("key") or new_id())
    except Conflict as conflict:
        _who, fresh = _find(visitor, evening_id, pupil_id)
        return _times(fresh, pupil_id, staff_id, {"slot": conflict.detail or _("That time has just gone.")}), 409
    flask.session["done"] = f"booked {booked['id']}"
    return flask.redirect(f"/evenings/{evening_id}/{pupil_id}", 303)


@room.get("/evenings/<evening_id>/<pupil_id>/<staff_id>/cancel")
@for_whom("guardian")
def ask_cancel(visitor: Visitor, evening_id: str, pupil_id: str, staff_id: str) -> Any:
    who, found = _find(visitor, evening_id, pupil_id)
    held = _held(who, evening_id, pupil_id, staff_id)
    if not held:
        raise NotFound()
    return _page("evening_cancel.html", found, pupil_id, back=f"/evenings/{evening_id}/{pupil_id}", held=held[0])


@room.post("/evenings/<evening_id>/<pupil_id>/<staff_id>/cancel")
@for_whom("guardian")
def cancel(visitor: Visitor, evening_id: str, pupil_id: str, staff_id: str) -> Any:
    who, _found = _find(visitor, evening_id, pupil_id)
    for item in _held(who, evening_id, pupil_id, staff_id):
        portal().scheduling.cancel_appointment(who, item["id"])
    flask.session["done"] = "cancelled"
    return flask.redirect(f"/evenings/{evening_id}/{pupil_id}", 303)


def _find(visitor: Visitor, evening_id: str, pupil_id: str) -> tuple[Principal, EveningSlots]:
    who, found = seek(visitor, lambda who: portal().scheduling.list_slots(who, evening_id, pupil_id))
    at_school(visitor, who.school)
    return who, found


def _held(who: Principal, evening_id: str, pupil_id: str, staff_id: str) -> list[Appointment]:
    return [item for item in portal().scheduling.list_appointments(who)
            if is_own(item) and item["staff"]["id"] == staff_id
            and item["evening_id"] == evening_id and item["pupil"]["id"] == pupil_id]


def _times(found: EveningSlots, pupil_id: str, staff_id: str, errors: dict[str, str] | None = None,
           **more: Any) -> str:
    teacher: TeacherSlots | None = next((one for one in found["staff"] if one["id"] == staff_id), None)
    if teacher is None:
        raise NotFound()
    return _page("evening_times.html", found, pupil_id, teacher=teacher, errors=errors, key=new_id(),
                 back=f"/evenings/{found['evening']['id']}/{pupil_id}", **more,
                 times=list_clock_times(found["evening"]["from"], found["evening"]["to"]),
                 free=[slot for slot in teacher["slots"] if slot["state"] == "free"])


def _page(template: str, found: EveningSlots, pupil_id: str, **words: Any) -> str:
    name = next((child["given_name"] for child in found["evening"]["pupils"] if child["id"] == pupil_id), "")
    return flask.render_template(template, evening=found["evening"], staff=found["staff"], pupil_id=pupil_id,
                                 name=name, about=name, **words)
