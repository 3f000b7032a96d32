"""The HTTP edge of evenings."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.evenings import actions, queries, seating
from services.scheduling.evenings.arithmetic import add_up
from services.scheduling.evenings.rules import EveningTimes
from services.scheduling.evenings.schemas import (
    ArithmeticSchema,
    BlockListSchema,
    BlockSchema,
    BlockWantedSchema,
    EveningChangeSchema,
    EveningCopySchema,
    EveningCopyWantedSchema,
    EveningCreateSchema,
    EveningListSchema,
    EveningSchema,
    InvitedChangeSchema,
    InvitedSchema,
    YearListSchema,
)
from services.scheduling.paging import PageQuerySchema, read_page, reply_page
from services.scheduling.people import queries as people

room = Blueprint("evenings", __name__, url_prefix="/schools/<school>",
                 description="Parents' evenings")


@room.route("/evenings", methods=["POST"])
@allow("office", creates=True)
@room.arguments(EveningCreateSchema)
@room.response(201, EveningSchema)
def open_evening(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Open a parents' evening, or draft one: teachers get slots, families of those invited an invitation."""
    times = EveningTimes(body["on"], time.fromisoformat(body["start"]), time.fromisoformat(body["end"]),
                         body["slot_minutes"], body["respond_by"])
    invited = actions.Invited(body["class_ids"], body["years"], body["pupil_ids"])
    evening = actions.open_evening(uow, actions.OpenEvening(
        body["title"], body["place"], invited, times, body["way"], body["aims"], body["draft"],
        (body["walk_room_minutes"], body["walk_site_minutes"])))
    return queries.evening_item(evening, list(dict.fromkeys(body["class_ids"])))


@room.route("/evenings")
@allow("guardian", "staff")
@room.arguments(PageQuerySchema, location="query")
@room.response(200, EveningListSchema)
def list_evenings(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """Evenings that concern the caller: an adult's to come, a teacher's own, all for the office and the head."""
    page = read_page(query)
    return reply_page(queries.list_evenings(uow, _reader(uow), page), page)


@room.route("/evenings/<evening_id>")
@allow("guardian", "staff")
@room.response(200, EveningSchema)
def show_evening(uow: UnitOfWork, evening_id: str) -> Any:
    """One evening, if it concerns the caller."""
    return _tagged(queries.get_evening(uow, evening_id, _reader(uow)))


def _reader(uow: UnitOfWork) -> queries.Reader:
    caller = principal()
    if caller.hat == "guardian":
        return queries.read_as_guardian(uow, caller.person_id)
    return queries.Reader() if caller.is_any("office", "head") else queries.Reader(staff_id=caller.person_id)


def _tagged(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """With its version as its tag."""
    return found, {"ETag": f'"{found["version"]}"'}


def _based_on() -> int:
    """Which version the caller has read."""
    given = re.fullmatch(r'(?:W/)?"(\d{1,9})"', flask.request.headers.get("If-Match", "").strip())
    if given is None:
        raise Invalid(errors={"/If-Match": "Say which version this changes."})
    return int(given[1])


def _as_office(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    uow.flush()
    return queries.get_evening(uow, evening_id, queries.Reader())


@room.route("/evenings/<evening_id>", methods=["PUT"])
@allow("office")
@room.arguments(EveningChangeSchema)
@room.response(200, EveningSchema)
def change_evening(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> Any:
    """Another name, place, last day to answer, order of aims or minutes to walk (If-Match); 412 when a colleague was
    faster. Another day or other hours while nobody has a time; else 409, with the way to go."""
    wanted: dict[str, Any] = {**body, **{name: time.fromisoformat(body[name]) for name in ("start", "end")
                                         if name in body}}
    actions.change_evening(uow, evening_id, actions.ChangeEvening(**wanted), _based_on())
    return _tagged(_as_office(uow, evening_id))


@room.route("/evenings/<evening_id>/open", methods=["POST"])
@allow("office", creates=True)
@room.response(200, EveningSchema)
def open_draft(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Let families see a draft and tell those who are invited; 409 says why it cannot be held as it stands."""
    actions.open_draft(uow, evening_id)
    return _as_office(uow, evening_id)


@room.route("/evenings/<evening_id>/cancel", methods=["POST"])
@allow("office", creates=True)
@room.response(200, EveningSchema)
def cancel_evening(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Call it off before it begins: every time is given back, and all who knew of it are told."""
    actions.cancel_evening(uow, evening_id)
    return _as_office(uow, evening_id)


@room.route("/evenings/<evening_id>/copy", methods=["POST"])
@allow("office", creates=True)
@room.arguments(EveningCopyWantedSchema)
@room.response(201, EveningCopySchema)
def copy_evening(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """A draft on another day with the same blocks, rooms and rhythm, for those who teach today."""
    said = body["class_ids"] or body["years"]
    invited = actions.Invited(body["class_ids"], body["years"]) if said else None
    evening, left_out, added = actions.copy_evening(
        uow, evening_id, actions.CopyEvening(body["on"], body["respond_by"], invited))
    return {"evening": _as_office(uow, evening.id), "left_out": seating.name_staff(uow, left_out),
            "added": seating.name_staff(uow, added)}


@room.route("/years")
@allow("office")
@room.response(200, YearListSchema)
def list_years(uow: UnitOfWork) -> dict[str, Any]:
    """The year groups of today's pupils, with how many are in each: whom an evening can invite whole."""
    return {"items": [{"year": year, "children": many} for year, many in people.list_years(uow)]}


@room.route("/evenings/<evening_id>/invited")
@allow("office")
@room.response(200, InvitedSchema)
def show_invited(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Who is invited."""
    return seating.show_invited(uow, evening_id)


@room.route("/evenings/<evening_id>/invited", methods=["PUT"])
@allow("office")
@room.arguments(InvitedChangeSchema)
@room.response(200, InvitedSchema)
def set_invited(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """Invite them (If-Match: the evening's version); 409 where somebody would be sent away of one that is open."""
    actions.set_invited(uow, evening_id, actions.Invited(**body), _based_on())
    return seating.show_invited(uow, evening_id)


@room.route("/evenings/<evening_id>/blocks")
@allow("office")
@room.response(200, BlockListSchema)
def list_blocks(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Who sits where and when, and who else could."""
    queries.find_evening(uow, evening_id)
    return {"items": seating.list_blocks(uow, evening_id), "staff": people.list_staff(uow)}


@room.route("/evenings/<evening_id>/blocks", methods=["POST"])
@allow("office", creates=True)
@room.arguments(BlockWantedSchema)
@room.response(201, BlockSchema)
def add_block(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """More times: of a part-timer, of several together, or of somebody who is there for all."""
    return _block(uow, evening_id, actions.add_block(uow, evening_id, _wanted(body)).id)


@room.route("/evenings/<evening_id>/blocks/<block_id>", methods=["PUT"])
@allow("office")
@room.arguments(BlockWantedSchema)
@room.response(200, BlockSchema)
def change_block(uow: UnitOfWork, body: dict[str, Any], evening_id: str, block_id: str) -> Any:
    """Other times, people or places (If-Match); 409, and all stays, where a family would lose its time by it."""
    actions.change_block(uow, evening_id, block_id, _wanted(body), _based_on())
    return _tagged(_block(uow, evening_id, block_id))


@room.route("/evenings/<evening_id>/blocks/<block_id>", methods=["DELETE"])
@allow("office")
@room.response(204)
def remove_block(uow: UnitOfWork, evening_id: str, block_id: str) -> None:
    """No times there any more (If-Match); 409, and all stays, where a family has one."""
    actions.remove_block(uow, evening_id, block_id, _based_on())


def _wanted(body: dict[str, Any]) -> actions.WantedBlock:
    rhythm = actions.Rhythm(*(body[name] for name in ("slot_minutes", "gap_minutes", "run", "break_minutes")))
    return actions.WantedBlock(
        list(dict.fromkeys(body["staff_ids"])), time.fromisoformat(body["from"]), time.fromisoformat(body["to"]),
        rhythm, body["room"].strip(), body["site"].strip(), body["step_free"], list(dict.fromkeys(body["ways"])),
        body["link"], body["open_to"])


def _block(uow: UnitOfWork, evening_id: str, block_id: str) -> dict[str, Any]:
    return next(one for one in seating.list_blocks(uow, evening_id) if one["id"] == block_id)


@room.route("/evenings/<evening_id>/arithmetic")
@allow("office")
@room.response(200, ArithmeticSchema)
def show_arithmetic(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """What it holds, by arithmetic: places against children and wishes so far, and where it is too little."""
    queries.find_evening(uow, evening_id)
    return add_up(uow, evening_id)
