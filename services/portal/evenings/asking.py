"""One form for the whole evening: with whom, when and how; what fits is held, with a clock that can be extended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.itineraries import Itinerary
from services.portal.clients.scheduling import Evening, EveningSlots, is_wished
from services.portal.evenings.rules import list_clock_times
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

ACTS = ("keep", "extend", "let-go", "again")
NEEDS = {"bsl": _l("An interpreter for British Sign Language"), "step-free": _l("A room without steps"),
         "longer": _l("A longer talk"), "creche": _l("A place in the crèche for a small child")}
FIELDS = {"/children": "talk", "/earliest": "earliest", "/latest": "latest", "/not_times": "not_from",
          "/how": "how", "/call_on": "call_on", "/needs": "needs"}


def add_pages(room: flask.Blueprint) -> None:
    """The pages of this file."""
    room.add_url_rule("/evenings/<evening_id>/ask", view_func=show_form)
    room.add_url_rule("/evenings/<evening_id>/ask", view_func=ask, methods=["POST"])
    room.add_url_rule("/evenings/<evening_id>/held", view_func=show_held)
    room.add_url_rule("/evenings/<evening_id>/held", view_func=act, methods=["POST"])


@for_whom("guardian")
def show_form(visitor: Visitor, evening_id: str) -> Any:
    """The form, with what was said last time."""
    who, evening = _find(visitor, evening_id)
    if is_wished(evening):
        return flask.redirect(f"/evenings/{evening_id}/wishes", 303)
    last = portal().itineraries.find(who, evening_id)
    return _form(who, evening, kept_words(visitor) or (_answers_of(last) if last else {}))


@for_whom("guardian")
def ask(visitor: Visitor, evening_id: str) -> Any:
    """Hold what fits; what is wrong or does not fit is said on the form, with every answer in it."""
    who, evening = _find(visitor, evening_id)
    form = flask.request.form
    given: dict[str, Any] = {**form.to_dict(), "talk": form.getlist("talk"), "needs": form.getlist("needs")}
    if not given["talk"]:
        return _form(who, evening, given, {"talk": _("Choose at least one teacher")}), 422
    if bool(given.get("not_from")) != bool(given.get("not_to")):
        return _form(who, evening, given, {
            "not_from": _("Choose both a start and an end, or leave both empty")}), 422
    try:
        portal().itineraries.ask(who, evening_id, _asked(given), given.get("key") or new_id())
    except Invalid as error:
        return _form(who, evening, given, _faults(error)), 422
    except Conflict as conflict:
        return _form(who, evening, given, {"talk": conflict.detail}), 409
    return flask.redirect(f"/evenings/{evening_id}/held", 303)


@for_whom("guardian")
def show_held(visitor: Visitor, evening_id: str) -> Any:
    """What is held and until when; or, when time ran out, everything that was said, to ask again."""
    who, evening = _find(visitor, evening_id)
    return _held(who, evening)


@for_whom("guardian")
def act(visitor: Visitor, evening_id: str) -> Any:
    """Book all of it, have more time, let it go, or ask again."""
    who, evening = _find(visitor, evening_id)
    what, itinerary_id = flask.request.form.get("what", ""), flask.request.form.get("itinerary", "")
    if what not in ACTS or not itinerary_id:
        raise NotFound()
    try:
        made = portal().itineraries.act(who, itinerary_id, what)
    except Conflict as conflict:
        return _held(who, evening, conflict.detail), 409
    if what == "keep":
        flask.session["done"] = "kept"
        if len(made["children"]) == 1:
            return flask.redirect(f"/evenings/{evening_id}/{made['children'][0]['pupil_id']}", 303)
    return flask.redirect(f"/evenings/{evening_id}/held", 303)


def _find(visitor: Visitor, evening_id: str) -> tuple[Principal, Evening]:
    who, evening = seek(visitor, lambda who: portal().scheduling.show_evening(who, evening_id))
    at_school(visitor, who.school)
    return who, evening


def _held(who: Principal, evening: Evening, problem: str = "") -> str:
    found = portal().itineraries.find(who, evening["id"])
    if found is None:
        raise NotFound()
    return flask.render_template("evening_held.html", evening=evening, held=found, problem=problem,
                                 minutes=-(-found["seconds_left"] // 60), back=f"/evenings/{evening['id']}/ask")


def _form(who: Principal, evening: Evening, given: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> str:
    found = [portal().scheduling.list_slots(who, evening["id"], child["id"]) for child in evening["pupils"]]
    talks = [{"value": f"{child['id']} {teacher['id']}", "text": _("%(child)s: %(teacher)s", child=child["given_name"],
                                                                    teacher=_name(teacher))}
             for child, slots in zip(evening["pupils"], found, strict=True) for teacher in slots["staff"]]
    return flask.render_template(
        "evening_ask.html", evening=evening, given=_as_lists(given), errors=errors, key=new_id(),
        back=f"/evenings/{evening['id']}", talks=talks, ways=_list_ways(found),
        needs=[(need, name_need(need)) for need in _list_needs(found)],
        times=list_clock_times(evening["from"], evening["to"]))


def _as_lists(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that were kept for somebody who was away hold one word where the form has several."""
    return {**given, **{name: [given[name]] for name in ("talk", "needs") if isinstance(given.get(name), str)}}


def _name(teacher: Mapping[str, Any]) -> str:
    """All who sit there, where there are several."""
    return ", ".join(f"{one['given_name']} {one['family_name']}" for one in teacher.get("sitters") or [teacher])


def _list_ways(found: Sequence[EveningSlots]) -> list[str]:
    return list(dict.fromkeys(way for slots in found for teacher in slots["staff"] for way in teacher.get("ways", ())))


def _list_needs(found: Sequence[EveningSlots]) -> list[str]:
    return sorted({need for slots in found for need in slots.get("needs", ())})


def name_need(need: str) -> str:
    """A need in words; an interpreter's language is a name, and stays as it is."""
    kind, _colon, language = need.partition(":")
    return _("An interpreter: %(language)s", language=language) if kind == "interpreter" else str(NEEDS.get(kind, kind))


def _asked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The form as scheduling takes it."""
    children: dict[str, list[str]] = {}
    for talk in given["talk"]:
        pupil_id, _space, staff_id = talk.partition(" ")
        children.setdefault(pupil_id, []).append(staff_id)
    away = [[given["not_from"], given["not_to"]]] if given.get("not_from") else []
    return {"children": [{"pupil_id": pupil_id, "staff_ids": staff_ids} for pupil_id, staff_ids in children.items()],
            "earliest": given.get("earliest") or None, "latest": given.get("latest") or None, "not_times": away,
            "how": given.get("how") or None, "call_on": given.get("call_on", ""), "needs": given["needs"]}


def _answers_of(last: Itinerary) -> dict[str, Any]:
    """What was said last time, as the form holds it."""
    away = last["not_times"][0] if last["not_times"] else ["", ""]
    return {"talk": [f"{one['pupil_id']} {staff_id}" for one in last["children"] for staff_id in one["staff_ids"]],
            "earliest": last["earliest"] or "", "latest": last["latest"] or "", "not_from": away[0],
            "not_to": away[1], "how": last["how"] or "", "call_on": last["call_on"], "needs": last["needs"]}


def _faults(error: Invalid) -> dict[str, str]:
    """What scheduling says of a field, at the field of the form."""
    found = {next((field for start, field in FIELDS.items() if path.startswith(start)), "talk"): words
             for path, words in error.errors.items()}
    return found or {"talk": error.detail}
