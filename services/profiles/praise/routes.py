"""HTTP edge of good news, and of the strengths that it names."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read
from services.profiles.consents.queries import list_unanswered
from services.profiles.praise import actions, queries
from services.profiles.praise.schemas import (
    FamilyHomeSchema,
    KeepsakeQuerySchema,
    KeepsakeSchema,
    PraiseCreateSchema,
    PraiseListSchema,
    PraiseQuerySchema,
    PraiseSchema,
    StrengthListSchema,
    StrengthQuerySchema,
    StrengthWriteSchema,
)
from services.profiles.relationships.queries import child_item, list_children

room = Blueprint("praise", __name__, url_prefix="/schools/<school>")
KEEPERS = ("office", "head")


@room.route("/strengths")
@allow("guardian", "staff", "pupil")
@room.arguments(StrengthQuerySchema, location="query")
@room.response(200, StrengthListSchema)
def list_strengths(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """The strengths that good news can name."""
    return {"items": queries.list_strengths(uow, query["all"] and principal().is_any(*KEEPERS))}


@room.route("/strengths", methods=["POST"])
@allow(*KEEPERS, creates=True)
@room.arguments(StrengthWriteSchema)
@room.response(201, StrengthListSchema)
def add_strength(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Put one of the school's own on the list."""
    actions.add_strength(uow, body["label"])
    return {"items": queries.list_strengths(uow, True)}


@room.route("/strengths/<strength_key>", methods=["PUT"])
@allow(*KEEPERS)
@room.arguments(StrengthWriteSchema)
@room.response(200, StrengthListSchema)
def word_strength(uow: UnitOfWork, body: dict[str, Any], strength_key: str) -> dict[str, Any]:
    """Say it in another word, while no good news has named it."""
    actions.word_strength(uow, strength_key, body["label"])
    return _all(uow)


@room.route("/strengths/<strength_key>/retire", methods=["POST"])
@allow(*KEEPERS)
@room.response(200, StrengthListSchema)
def retire_strength(uow: UnitOfWork, strength_key: str) -> dict[str, Any]:
    """Take it off the list; good news that names it keeps its word."""
    actions.retire_strength(uow, strength_key)
    return _all(uow)


@room.route("/strengths/<strength_key>/restore", methods=["POST"])
@allow(*KEEPERS)
@room.response(200, StrengthListSchema)
def restore_strength(uow: UnitOfWork, strength_key: str) -> dict[str, Any]:
    """Put it back on the list."""
    actions.restore_strength(uow, strength_key)
    return _all(uow)


def _all(uow: UnitOfWork) -> dict[str, Any]:
    uow.flush()
    return {"items": queries.list_strengths(uow, True)}


@room.route("/pupils/<pupil_id>/praise", methods=["POST"])
@allow("guardian", "staff", "pupil", right="reply", creates=True)
@room.arguments(PraiseCreateSchema)
@room.response(201, PraiseSchema)
def send_praise(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Send good news: school's goes home, home's and the child's go to those whom they choose."""
    praise = actions.send_praise(uow, principal(), actions.SendPraise(pupil_id, **body))
    return queries.get_praise(uow, principal(), praise.id)


@room.route("/pupils/<pupil_id>/praise")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.arguments(PraiseQuerySchema, location="query")
@room.response(200, PraiseListSchema)
def list_praise(uow: UnitOfWork, query: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Good news about one child, newest first."""
    note_read(uow, principal(), pupil_id, "praise")
    found = queries.list_praise(uow, principal(), [pupil_id], query["limit"] + 1, query["after"])
    shown = found[:query["limit"]]
    return {"items": shown, "after": shown[-1]["id"] if len(found) > len(shown) else None}


@room.route("/pupils/<pupil_id>/keepsake")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.arguments(KeepsakeQuerySchema, location="query")
@room.response(200, KeepsakeSchema)
def show_keepsake(uow: UnitOfWork, query: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """A school year's good news for everybody, oldest first, to keep."""
    note_read(uow, principal(), pupil_id, "praise")
    return queries.list_keepsake(uow, principal(), pupil_id, query["year"])


@room.route("/home")
@allow("guardian")
@room.response(200, FamilyHomeSchema)
def show_home(uow: UnitOfWork) -> dict[str, Any]:
    """A parent's first page in one read: my children here, good news about them, and what school asks of me."""
    found = list_children(uow, principal().person_id)
    mine = [pupil.id for pupil, _may in found]
    return {
        "children": [child_item(pupil, may) for pupil, may in found],
        "praise": queries.list_praise(uow, principal(), mine) if found else [],
        "consents": list_unanswered(uow, principal().person_id, found)}


@room.route("/praise")
@allow("guardian")
@room.response(200, PraiseListSchema)
def list_mine(uow: UnitOfWork) -> dict[str, Any]:
    """Good news about all my children here."""
    mine = [pupil.id for pupil, _may in list_children(uow, principal().person_id)]
    return {"items": queries.list_praise(uow, principal(), mine), "after": None}
