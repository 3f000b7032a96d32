"""The HTTP edge of nights."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.nights import actions, figures, queries
from services.scheduling.nights.schemas import (
    DoorQuerySchema,
    MissedListSchema,
    MyNightSchema,
    NightArrivalSchema,
    NightDeskSchema,
    NightDoorSchema,
    NightFiguresSchema,
    NightLateSchema,
    NightListSchema,
)

AT_THE_DOOR = ("reception", "office", "head", "dsl")
room = Blueprint("nights", __name__, url_prefix="/schools/<school>", description="The night of an evening")


@room.route("/nights")
@allow(*AT_THE_DOOR)
@room.response(200, NightListSchema)
def list_nights(uow: UnitOfWork) -> dict[str, Any]:
    """The evenings of tonight."""
    return {"items": queries.list_tonight(uow)}


@room.route("/evenings/<evening_id>/night/door")
@allow(*AT_THE_DOOR)
@room.arguments(DoorQuerySchema, location="query")
@room.response(200, NightDoorSchema)
def show_door(uow: UnitOfWork, query: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """Who comes tonight, by name, and how late each teacher is."""
    return queries.show_door(uow, evening_id, query["find"])


@room.route("/evenings/<evening_id>/night/door", methods=["POST"])
@allow(*AT_THE_DOOR)
@room.arguments(NightArrivalSchema)
@room.response(200, NightDoorSchema)
def note_arrival(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """An adult is here, or is not after all."""
    actions.note_arrival(uow, evening_id, body["guardian_id"], principal().person_id, body["is_here"])
    return queries.show_door(uow, evening_id, "")


@room.route("/evenings/<evening_id>/night/mine")
@allow("guardian")
@room.response(200, MyNightSchema)
def show_my_night(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """The caller's own talks: where to go next, and how late it is."""
    return queries.show_mine(uow, evening_id, principal().person_id)


@room.route("/evenings/<evening_id>/night/mine", methods=["POST"])
@allow("guardian")
@room.response(200, MyNightSchema)
def say_here(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """The caller is here."""
    me = principal().person_id
    found = queries.show_mine(uow, evening_id, me)
    if not found["items"]:
        raise NotFound()
    actions.note_arrival(uow, evening_id, me, me)
    return queries.show_mine(uow, evening_id, me)


@room.route("/evenings/<evening_id>/night/desks/<staff_id>")
@allow("staff")
@room.response(200, NightDeskSchema)
def show_night_desk(uow: UnitOfWork, evening_id: str, staff_id: str) -> dict[str, Any]:
    """One teacher's evening as it goes on."""
    return queries.show_desk(uow, evening_id, _whose(staff_id))


@room.route("/evenings/<evening_id>/night/desks/<staff_id>/late", methods=["PUT"])
@allow("staff")
@room.arguments(NightLateSchema)
@room.response(200, NightDeskSchema)
def say_late(uow: UnitOfWork, body: dict[str, Any], evening_id: str, staff_id: str) -> dict[str, Any]:
    """So many minutes late: those who wait see it."""
    actions.say_late(uow, evening_id, _whose(staff_id), body["minutes"])
    return queries.show_desk(uow, evening_id, staff_id)


@room.route("/appointments/<appointment_id>/begin", methods=["POST"])
@allow("staff")
@room.response(204)
def begin_talk(uow: UnitOfWork, appointment_id: str) -> None:
    """It begins now; what was on with this teacher has ended."""
    actions.begin_talk(uow, appointment_id, _sitter())


@room.route("/appointments/<appointment_id>/end", methods=["POST"])
@allow("staff")
@room.response(204)
def end_talk(uow: UnitOfWork, appointment_id: str) -> None:
    """It has ended."""
    actions.end_talk(uow, appointment_id, _sitter())


@room.route("/appointments/<appointment_id>/missed", methods=["POST"])
@allow("staff")
@room.response(204)
def miss_talk(uow: UnitOfWork, appointment_id: str) -> None:
    """Nobody came, so far."""
    actions.miss_talk(uow, appointment_id, _sitter())


@room.route("/appointments/<appointment_id>/undo", methods=["POST"])
@allow("staff")
@room.response(204)
def undo_talk(uow: UnitOfWork, appointment_id: str) -> None:
    """Take back the last that was said of it."""
    actions.undo_talk(uow, appointment_id, _sitter())


@room.route("/evenings/<evening_id>/missed")
@allow("office", "head")
@room.response(200, MissedListSchema)
def list_missed(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Who did not come, to be offered a call."""
    return {"items": queries.list_missed(uow, evening_id)}


@room.route("/evenings/<evening_id>/figures")
@allow("office", "head")
@room.response(200, NightFiguresSchema)
def show_figures(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """The evening in numbers; by year group only where at least ten families came, never by teacher or family."""
    return figures.add_up(uow, evening_id)


def _whose(staff_id: str) -> str:
    """A teacher sees their own evening, the office everybody's."""
    caller = principal()
    if caller.person_id != staff_id and not caller.is_any("office"):
        raise NotFound()
    return staff_id


def _sitter() -> str | None:
    """Who must sit there to say so; None for the office."""
    caller = principal()
    return None if caller.is_any("office") else caller.person_id
