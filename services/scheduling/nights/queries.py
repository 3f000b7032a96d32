"""What is asked on the night: a teacher's run of it, a family's way through it, the door's list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import list_parts
from services.scheduling.evenings import queries as evenings
from services.scheduling.nights.models import Arrival, NightDesk, NightTalk
from services.scheduling.nights.rules import (
    EARLIEST,
    LATEST,
    MISSED,
    ON,
    WAITING,
    Likely,
    Said,
    Talk,
    find_next,
    foresee,
)
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.resources.queries import list_needs
from services.scheduling.wishes.queries import list_talk_about

Part = Any
Parts = Sequence[Part]


@dataclass(frozen=True, slots=True)
class Night:
    """An evening as it goes on: everybody's parts, what was said of each talk, and who is here."""

    parts: Parts
    talks: Mapping[str, Talk]
    likely: Mapping[str, Likely]
    said: Mapping[str, Said]
    arrived: Collection[str]


def list_tonight(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The evenings to which people come now, soon, or came a while ago."""
    return evenings.list_around(uow, uow.now - LATEST, uow.now + EARLIEST + LATEST)


def read_night(uow: UnitOfWork, evening_id: str) -> Night:
    """The whole of it in four reads: how late one teacher is depends on all of their talks."""
    parts = list_parts(uow, evening_id)
    noted = {row.appointment_id: row for row in uow.all(sa.select(NightTalk).where(NightTalk.evening_id == evening_id))}
    said = {row.staff_id: Said(row.minutes_late, row.said_at) for row in uow.all(
        sa.select(NightDesk).where(NightDesk.evening_id == evening_id))}
    arrived = set(uow.all(sa.select(Arrival.guardian_id).where(Arrival.evening_id == evening_id)))
    talks = {part.id: _talk(part, noted.get(part.id)) for part in parts}
    of_staff: dict[str, dict[str, Talk]] = {}
    for part in parts:
        of_staff.setdefault(part.staff_id, {})[part.id] = talks[part.id]
    likely = {talk_id: one for staff_id, some in of_staff.items()
              for talk_id, one in foresee(some.values(), said.get(staff_id, Said()), uow.now).items()}
    return Night(parts, talks, likely, said, arrived)


def _talk(part: Part, noted: NightTalk | None) -> Talk:
    began, ended = (noted.began_at, noted.ended_at) if noted else (None, None)
    return Talk(part.id, part.starts_at, part.ends_at, began, ended, part.outcome)


def show_desk(uow: UnitOfWork, evening_id: str, staff_id: str) -> dict[str, Any]:
    """The evening of one who sits in it: each talk with who comes, what they wish to talk about, and what they need."""
    if not evenings.has_slots(uow, evening_id, staff_id):
        raise NotFound()
    night, slots = read_night(uow, evening_id), evenings.list_slots_of(uow, evening_id, staff_id)
    parts = [part for part in night.parts if part.slot_id in slots]
    talks = list({part.id: night.talks[part.id] for part in parts}.values())
    names = _adult_names(uow, {part.guardian_id for part in parts})
    about = {key: words for owner in {part.staff_id for part in parts}
             for key, words in list_talk_about(uow, evening_id, owner).items()}
    needs, is_next = list_needs(uow, evening_id), find_next(talks, dict(night.likely))
    items: dict[str, dict[str, Any]] = {}
    for part in parts:
        item = items.setdefault(part.id, {
            **_planned(part, night), "needs": needs.get(part.id, []), "is_next": part.id == is_next, "adults": [],
            "pupil": {"id": part.pupil_id, "given_name": part.pupil_name, "family_name": part.pupil_family_name}})
        item["adults"].append({
            **names.get(part.guardian_id, {"id": part.guardian_id, "given_name": "", "family_name": ""}),
            "how": part.how, "call_on": part.call_on, "is_here": part.guardian_id in night.arrived,
            "talk_about": about.get((part.pupil_id, part.guardian_id), "")})
    return {"evening": _heading(uow, evening_id), "minutes_late": _lateness(night, talks),
            "items": list(items.values())}


def _planned(part: Part, night: Night) -> dict[str, Any]:
    """When and where it was to be, and when it is likely to be."""
    likely = night.likely[part.id]
    return {"id": part.id, "starts_at": part.starts_at, "ends_at": part.ends_at, "place": part.place,
            "room": part.room, "link": part.link, "state": likely.state, "likely_at": likely.starts_at,
            "is_ending": likely.is_ending, "minutes_late": likely.minutes_late(part.starts_at)}


def _lateness(night: Night, talks: Sequence[Talk]) -> int:
    """How many minutes late the next of these talks is likely to begin."""
    ahead = [night.likely[talk.id].minutes_late(talk.starts_at) for talk in talks
             if night.likely[talk.id].state == WAITING]
    return ahead[0] if ahead else 0


def _heading(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    return evenings.evening_item(evenings.find_evening(uow, evening_id))


def show_mine(uow: UnitOfWork, evening_id: str, guardian_id: str) -> dict[str, Any]:
    """Where one adult goes next: their own talks about the children for whom they may book now."""
    bookable = people.list_bookable(uow, guardian_id)
    evening = evenings.get_evening(uow, evening_id, evenings.Reader(bookable=bookable))
    night = read_night(uow, evening_id)
    parts = [part for part in night.parts if part.guardian_id == guardian_id and part.pupil_id in bookable]
    staff = _staff_names(uow, {part.staff_id for part in parts})
    ahead = sorted((night.likely[part.id].starts_at, part.id) for part in parts
                   if night.likely[part.id].state in (WAITING, ON))
    items = [{**_planned(part, night), "how": part.how, "is_next": bool(ahead) and part.id == ahead[0][1],
              "pupil": {"id": part.pupil_id, "given_name": part.pupil_name}, "staff": staff[part.staff_id]}
             for part in parts]
    return {"evening": evening, "is_here": guardian_id in night.arrived, "items": items}


def show_door(uow: UnitOfWork, evening_id: str, find: str) -> dict[str, Any]:
    """Who comes to the school tonight, by name, and where to first; of those alone who may come on site now."""
    night = read_night(uow, evening_id)
    parts = [part for part in night.parts if part.how == "in-person" and night.likely[part.id].state != MISSED]
    may_come = _list_attending(uow, parts)
    names = _adult_names(uow, {part.guardian_id for part in parts})
    staff = _staff_names(uow, {part.staff_id for part in parts})
    adults: dict[str, dict[str, Any]] = {}
    for part in parts:
        if part.guardian_id not in names or (part.pupil_id, part.guardian_id) not in may_come:
            continue
        adult = adults.setdefault(part.guardian_id, {
            **names[part.guardian_id], "is_here": part.guardian_id in night.arrived, "first": None})
        if adult["first"] is None and night.likely[part.id].state in (WAITING, ON):
            adult["first"] = {**_planned(part, night), "staff": staff[part.staff_id]}
    wanted = find.casefold().strip()
    shown = [adult for adult in adults.values()
             if wanted in f"{adult['given_name']} {adult['family_name']}".casefold()]
    return {"evening": _heading(uow, evening_id), "desks": _list_desks(night, staff), "items": sorted(
        shown, key=lambda adult: (adult["family_name"], adult["given_name"], adult["id"]))}


def _list_desks(night: Night, staff: Mapping[str, dict[str, str]]) -> list[dict[str, Any]]:
    """How late each teacher is, for the screen in the hall."""
    found = [{"staff": name, "minutes_late": _lateness(night, [
        night.talks[part.id] for part in night.parts if part.staff_id == staff_id])}
        for staff_id, name in staff.items()]
    return sorted(found, key=lambda desk: (desk["staff"]["family_name"], desk["staff"]["given_name"]))


def _list_attending(uow: UnitOfWork, parts: Parts) -> set[tuple[str, str]]:
    """(child, adult) of these parts whose adult may come on site now; of whom we cannot say all, may not."""
    families = people.list_families(uow, {part.pupil_id for part in parts})
    return {(pupil_id, guardian_id) for pupil_id, family in families.items() for guardian_id, rights in family.items()
            if rights.may_attend and not rights.is_held}


def _adult_names(uow: UnitOfWork, guardian_ids: Collection[str]) -> dict[str, dict[str, str]]:
    adult = adult_names()
    return {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(adult.c.id, adult.c.given_name, adult.c.family_name).where(
            adult.c.school_id == uow.school, adult.c.id.in_(guardian_ids)))}


def _staff_names(uow: UnitOfWork, staff_ids: Collection[str]) -> dict[str, dict[str, str]]:
    teacher = people.staff_names()
    found = {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(teacher.c.id, teacher.c.given_name, teacher.c.family_name).where(
            teacher.c.school_id == uow.school, teacher.c.id.in_(staff_ids)))}
    return {staff_id: found.get(staff_id, {"id": staff_id, "given_name": "", "family_name": ""})
            for staff_id in staff_ids}


def list_missed(uow: UnitOfWork, evening_id: str) -> list[dict[str, Any]]:
    """Who did not come, so that they can be offered a call: for the office and the head."""
    evenings.find_evening(uow, evening_id)
    parts = [part for part in list_parts(uow, evening_id) if part.outcome == MISSED]
    names, staff = (_adult_names(uow, {part.guardian_id for part in parts}),
                    _staff_names(uow, {part.staff_id for part in parts}))
    return [{"appointment_id": part.id, "starts_at": part.starts_at, "staff": staff[part.staff_id],
             "adult": names.get(part.guardian_id, {"id": part.guardian_id, "given_name": "", "family_name": ""}),
             "pupil": {"id": part.pupil_id, "given_name": part.pupil_name, "family_name": part.pupil_family_name}}
            for part in parts]
