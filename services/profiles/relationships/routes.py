"""HTTP edge of the rule: a parent's children, and the office's screen."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.relationships import actions, queries
from services.profiles.relationships.models import Relationship
from services.profiles.relationships.schemas import (
    ChildListSchema,
    RelationshipListSchema,
    RelationshipQuerySchema,
    RestrictionCreateSchema,
    RestrictionSchema,
)

room = Blueprint("relationships", __name__, url_prefix="/schools/<school>")


@room.route("/children")
@allow("guardian")
@room.response(200, ChildListSchema)
def list_children(uow: UnitOfWork) -> dict[str, Any]:
    """My children in this school."""
    return {"after": None, "items": [queries.child_item(pupil, may) for pupil, may in
                                     queries.list_children(uow, principal().person_id)]}


@room.route("/relationships")
@allow("office", "head", "dsl")
@room.arguments(RelationshipQuerySchema, location="query")
@room.response(200, RelationshipListSchema)
def list_relationships(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """Adults and children of the school, with each right and its reason."""
    wanted = queries.WantedPairs(query["flag"] == "to-check", query["pupil_id"], query["find"], query["limit"],
                                 query["after"])
    items, after = queries.list_relationships(uow, wanted)
    return {"items": items, "after": after}


@room.route("/pupils/<pupil_id>/guardians/<guardian_id>/restrictions", methods=["POST"])
@allow("office", "head", "dsl", creates=True)
@room.arguments(RestrictionCreateSchema)
@room.response(201, RestrictionSchema)
def enter_restriction(uow: UnitOfWork, body: dict[str, Any], pupil_id: str, guardian_id: str) -> Relationship:
    """The office's word about a pair: none, or restricted. It bites at once."""
    return actions.enter_restriction(uow, (pupil_id, guardian_id), body["restriction"], body["evidence"],
                                     body["review_on"], principal().person_id)
