"""The form for a whole evening, as it is offered, read and sent: by a parent, or by the office for one who rings.

And for whom somebody waits there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Unavailable
from services.portal.clients.itineraries import Itinerary
from services.portal.clients.scheduling import ChildName, EveningSlots
from services.portal.clients.waitlist import Waiting
from services.portal.evenings.rules import list_clock_times
from services.portal.sending import alike
from services.portal.wiring import Portal
from services.portal.wordings import full_name, need_named

__all__ = ["ACTS", "FIELDS", "answers_of", "as_lists", "asked_of", "find_faults", "list_clock_times", "list_needs",
           "list_talks", "list_waits", "list_ways", "name_teacher"]

ACTS = ("keep", "extend", "let-go", "again")
FIELDS = {"children": "talk", "not_times": "not_from",
          **alike(("earliest", "latest", "how", "call_on", "needs"))}
"""What scheduling calls a part of the answers, and what the form calls it."""

Child = tuple[ChildName, EveningSlots]


def list_talks(found: Sequence[Child]) -> list[dict[str, str]]:
    """Each child with each of their teachers, to tick."""
    return [{"value": f"{child['id']} {teacher['id']}",
             "text": _("%(child)s: %(teacher)s", child=child["given_name"], teacher=name_teacher(teacher))}
            for child, slots in found for teacher in slots["staff"]]


def name_teacher(teacher: Mapping[str, Any]) -> str:
    """All who sit there, where there are several."""
    return ", ".join(map(full_name, teacher.get("sitters") or [teacher]))


def list_ways(found: Sequence[Child]) -> list[str]:
    return list(dict.fromkeys(way for _child, slots in found for teacher in slots["staff"]
                              for way in teacher.get("ways", ())))


def list_needs(found: Sequence[Child]) -> list[tuple[str, str]]:
    """What there is at the evening, each with its words."""
    return [(need, need_named(need)) for need in sorted({
        need for _child, slots in found for need in slots.get("needs", ())})]


def as_lists(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that were kept for somebody who was away hold one word where the form has several."""
    return {**given, **{name: [given[name]] for name in ("talk", "needs") if isinstance(given.get(name), str)}}


def find_faults(given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the answers, by field, before anybody is asked."""
    if not given["talk"]:
        return {"talk": _("Choose at least one teacher")}
    if bool(given.get("not_from")) != bool(given.get("not_to")):
        return {"not_from": _("Choose both a start and an end, or leave both empty")}
    return {}


def asked_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as scheduling takes them."""
    children: dict[str, list[str]] = {}
    for talk in given["talk"]:
        pupil_id, _space, staff_id = talk.partition(" ")
        children.setdefault(pupil_id, []).append(staff_id)
    away = [[given["not_from"], given["not_to"]]] if given.get("not_from") else []
    return {"children": [{"pupil_id": pupil_id, "staff_ids": staff_ids} for pupil_id, staff_ids in children.items()],
            "earliest": given.get("earliest") or None, "latest": given.get("latest") or None, "not_times": away,
            "how": given.get("how") or None, "call_on": given.get("call_on", ""), "needs": given["needs"]}


def answers_of(last: Itinerary | None) -> dict[str, Any]:
    """What was said last time, as the form holds it."""
    if last is None:
        return {}
    away = last["not_times"][0] if last["not_times"] else ["", ""]
    return {"talk": [f"{one['pupil_id']} {staff_id}" for one in last["children"] for staff_id in one["staff_ids"]],
            "earliest": last["earliest"] or "", "latest": last["latest"] or "", "not_from": away[0],
            "not_to": away[1], "how": last["how"] or "", "call_on": last["call_on"], "needs": last["needs"]}


def list_waits(portal: Portal, who: Principal, evening_id: str) -> dict[tuple[str, str], Waiting]:
    """For whom I wait at this evening, by child and teacher; nothing is said of it while that is not known."""
    try:
        found = portal.waitlist.list_waiting(who)
    except Unavailable:
        return {}
    return {(one["pupil"]["id"], one["staff"]["id"]): one for one in found if one["evening_id"] == evening_id}
