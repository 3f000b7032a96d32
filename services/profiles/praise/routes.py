"""HTTP edge of good news."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read
from services.profiles.consents.queries import list_unanswered
from services.profiles.praise import actions, queries
from services.profiles.praise.models import STRENGTHS
from services.profiles.praise.schemas import (
    FamilyHomeSchema,
    PraiseCreateSchema,
    PraiseListSchema,
    PraiseSchema,
    StrengthListSchema,
)
from services.profiles.relationships.queries import child_item, list_children

room = Blueprint("praise", __name__, url_prefix="/schools/<school>")


@room.route("/strengths")
@allow("guardian", "staff")
@room.response(200, StrengthListSchema)
def list_strengths(_uow: UnitOfWork) -> dict[str, Any]:
    """The strengths that good news can name."""
    return {"items": [{"key": key, "label": label} for key, label in STRENGTHS.items()]}


@room.route("/pupils/<pupil_id>/praise", methods=["POST"])
@allow("staff", right="see", creates=True)
@room.arguments(PraiseCreateSchema)
@room.response(201, PraiseSchema)
def send_praise(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Send good news home."""
    actions.send_praise(uow, pupil_id, principal().person_id, body["strength"], body["sentence"])
    return queries.list_praise(uow, [pupil_id], 1)[0]


@room.route("/pupils/<pupil_id>/praise")
@allow("guardian", "staff", right="see", notes=True)
@room.response(200, PraiseListSchema)
def list_praise(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """Good news about one child, newest first."""
    note_read(uow, principal(), pupil_id, "praise")
    return {"items": queries.list_praise(uow, [pupil_id]), "after": None}


@room.route("/home")
@allow("guardian")
@room.response(200, FamilyHomeSchema)
def show_home(uow: UnitOfWork) -> dict[str, Any]:
    """A parent's first page in one read: my children here, good news about them, and what school asks of me."""
    found = list_children(uow, principal().person_id)
    return {
        "children": [child_item(pupil, may) for pupil, may in found],
        "praise": queries.list_praise(uow, [pupil.id for pupil, _may in found]) if found else [],
        "consents": list_unanswered(uow, principal().person_id, found)}


@room.route("/praise")
@allow("guardian")
@room.response(200, PraiseListSchema)
def list_mine(uow: UnitOfWork) -> dict[str, Any]:
    """Good news about all my children here."""
    mine = [pupil.id for pupil, _may in list_children(uow, principal().person_id)]
    return {"items": queries.list_praise(uow, mine), "after": None}
