"""What an evening holds, by arithmetic, a part of the queries: places against children, and against wishes so far."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.queries import find_evening, list_invited
from services.scheduling.evenings.rules import Load, Rhythm, Sitting, break_minutes, write_walk_warning, write_warning
from services.scheduling.evenings.seating import list_blocks
from services.scheduling.people import queries as people
from services.scheduling.wishes.queries import count_by_staff


def add_up(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Of each who sees families: times, breaks, children who are theirs, wishes so far; the whole; and what to mend.

    Several who sit together are counted with whose slots they are. Wishes are None while there are none at all.
    """
    invited, blocks = list_invited(uow, evening_id), list_blocks(uow, evening_id)
    teachers = people.list_teachers(uow, invited)
    wishes = count_by_staff(uow, evening_id)
    rows: dict[str, dict[str, Any]] = {}
    for block in blocks:
        own = block["staff"][0]
        row = rows.setdefault(own["id"], {"staff": block["staff"], "places": 0, "break_minutes": 0, "children": 0,
                                          "wishes": wishes.get(own["id"], 0) if wishes else None, "for_all": False})
        row["places"] += block["places"]
        row["break_minutes"] += break_minutes(block["places"], Rhythm(
            block["slot_minutes"], block["gap_minutes"], block["run"], block["break_minutes"]))
        row["for_all"] = row["for_all"] or block["open_to"] == "all"
        sitting = {one["id"] for one in block["staff"]}
        row["children"] = max(row["children"], sum(not sitting.isdisjoint(ones) for ones in teachers.values()))
    places = sum(row["places"] for row in rows.values())
    return {"items": list(rows.values()), "children": len(invited), "places": places,
            "wishes": sum(wishes.values()) if wishes else None,
            "warnings": [*_warn(uow, rows, blocks, teachers), *_warn_of_ways(uow, evening_id, blocks)]}


def _warn_of_ways(uow: UnitOfWork, evening_id: str, blocks: list[dict[str, Any]]) -> list[str]:
    """Who sits in one room after the other and has no time to walk between them."""
    evening, found = find_evening(uow, evening_id), []
    sits: dict[str, list[Sitting]] = {}
    names = {one["id"]: f"{one['given_name']} {one['family_name']}" for block in blocks for one in block["staff"]}
    for block in sorted(blocks, key=lambda block: block["starts_at"]):
        for one in block["staff"]:
            sits.setdefault(one["id"], []).append(Sitting(
                block["id"], (), block["starts_at"], block["ends_at"], block["site"], block["room"]))
    for staff_id, mine in sits.items():
        found += [words for one, other in pairwise(mine) if (words := write_walk_warning(
            names[staff_id], one, other, (evening.walk_room_minutes, evening.walk_site_minutes)))]
    return found


def _warn(uow: UnitOfWork, rows: Mapping[str, Mapping[str, Any]], blocks: list[dict[str, Any]],
          teachers: Mapping[str, list[str]]) -> list[str]:
    loads = [Load(" and ".join(f"{one['given_name']} {one['family_name']}" for one in row["staff"]), row["places"],
                  0 if row["for_all"] else row["children"], row["wishes"]) for row in rows.values()]
    seated = {one["id"] for block in blocks for one in block["staff"]}
    lost = [pupil_id for pupil_id, ones in teachers.items() if seated.isdisjoint(ones)]
    found = [words for load in loads if (words := write_warning(load))]
    if lost and not any(row["for_all"] for row in rows.values()):
        many = "1 child has" if len(lost) == 1 else f"{len(lost)} children have"
        found.append(f"{many} no teacher at this evening.")
    if not teachers:
        found.append("Nobody is invited yet.")
    return found
