"""Whose evening it is when the office acts for an adult, and what is read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.auth import Principal
from chassis.errors import NotFound, Unavailable
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Adult, Family
from services.portal.clients.scheduling import ChildName, Evening, EveningSlots, TeacherSlots
from services.portal.on_behalf import rules
from services.portal.visiting import the_office
from services.portal.wiring import portal
from services.portal.wordings import full_name

FAMILIES = "/office/evenings/<evening_id>/families"
ADULT = f"{FAMILIES}/<pupil_id>/<guardian_id>"


@dataclass(frozen=True, slots=True)
class Desk:
    """An adult for whom the office acts at an evening, found by one of their children."""

    who: Principal
    evening: Evening
    adult: Adult

    @property
    def child(self) -> ChildName:
        return {"id": self.adult["pupil"]["id"], "given_name": self.adult["pupil"]["given_name"]}

    @property
    def guardian_id(self) -> str:
        return self.adult["guardian"]["id"]

    @property
    def name(self) -> str:
        return full_name(self.adult["guardian"])

    @property
    def back(self) -> str:
        return f"/office/evenings/{self.evening['id']}/families/{self.child['id']}"

    @property
    def here(self) -> str:
        return f"{self.back}/{self.guardian_id}"

    @property
    def may_book(self) -> bool:
        return self.adult["rights"]["book"]["allowed"]

    @property
    def stage(self) -> str:
        return rules.stage_of(self.evening, portal().database.clock.now())

    @property
    def is_open(self) -> bool:
        """Whether times can be booked for them now."""
        return self.may_book and self.stage == rules.OPEN

    def at(self, child: Mapping[str, Any]) -> str:
        """This adult's page, by another of their children."""
        return f"/office/evenings/{self.evening['id']}/families/{child['id']}/{self.guardian_id}"


@dataclass(frozen=True, slots=True)
class ChildsPart:
    """What an adult may have about one child: the teachers' times, and the talks that they have."""

    child: ChildName
    slots: EveningSlots
    talks: list[dict[str, Any]]


def find_evening(visitor: Visitor, evening_id: str) -> tuple[Principal, Evening]:
    who = the_office(visitor, "office")
    return who, portal().scheduling.show_evening(who, evening_id)


def find_family(visitor: Visitor, evening_id: str, pupil_id: str) -> tuple[Principal, Evening, Family]:
    who, evening = find_evening(visitor, evening_id)
    return who, evening, portal().rights.show_family(who, pupil_id)


def find_desk(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Desk:
    """NotFound when this adult has no relationship with this child."""
    who, evening, family = find_family(visitor, evening_id, pupil_id)
    for adult in family["adults"]:
        if adult["guardian"]["id"] == guardian_id:
            return Desk(who, evening, adult)
    raise NotFound()


def read_children(desk: Desk) -> list[ChildsPart]:
    """Each child of this adult who is invited; empty where they may not book."""
    names = rules.children_of(_list_pairs(desk), desk.guardian_id, desk.child["id"])
    children: list[ChildName] = [{"id": one["id"], "given_name": one["given_name"]} for one in names]
    found = portal().transport.gather([partial(_seek_slots, desk, child) for child in children])
    if any(one is None for one in found):
        raise Unavailable()
    seen = [(child, slots) for child, listed in zip(children, found, strict=True) for slots in listed or ()]
    return [ChildsPart(child, slots, read_talks(desk, child, slots["staff"])) for child, slots in seen]


def _list_pairs(desk: Desk) -> list[Any]:
    """All pairs with this adult's name in them; an adult's children may be in several families."""
    found: list[Any] = []
    after: dict[str, str] = {}
    while True:
        pairs, more = portal().rights.list_pairs(desk.who, find=desk.name[:100], **after)
        found += pairs
        if more is None:
            return found
        after = {"after": more}


def _seek_slots(desk: Desk, child: ChildName) -> list[EveningSlots]:
    """The times for this child; none where the child is not invited."""
    try:
        return [portal().scheduling.list_slots_for(desk.who, desk.evening["id"], child["id"], desk.guardian_id)]
    except NotFound:
        return []


def read_talks(desk: Desk, child: ChildName, teachers: Sequence[TeacherSlots]) -> list[dict[str, Any]]:
    """The talks that this adult has with these teachers about this child, in the order of time."""
    theirs = [one for one in teachers if any(slot["state"] == "yours" for slot in one["slots"])]
    sheets = portal().transport.gather([
        partial(portal().scheduling.list_run_sheet, desk.who, desk.evening["id"], one["id"]) for one in theirs])
    if any(sheet is None for sheet in sheets):
        raise Unavailable()
    found = [talk for one, sheet in zip(theirs, sheets, strict=True)
             for talk in rules.match_times(one["slots"], sheet or (), child["id"])]
    return sorted(found, key=lambda talk: str(talk["starts_at"]))
