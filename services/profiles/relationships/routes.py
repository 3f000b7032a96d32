"""HTTP edge of the rule: a parent's children, and what the office knows better about a pair."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.relationships import actions, queries
from services.profiles.relationships.models import Relationship
from services.profiles.relationships.schemas import (
    CheckSchema,
    ChildListSchema,
    HomeListSchema,
    LookedAfterSchema,
    RelationshipFactsSchema,
    RelationshipUpdateSchema,
)

OFFICE = ("office", "head", "dsl")
room = Blueprint("relationships", __name__, url_prefix="/schools/<school>")


@room.route("/children")
@allow("guardian")
@room.response(200, ChildListSchema)
def list_children(uow: UnitOfWork) -> dict[str, Any]:
    """My children in this school."""
    return {"after": None, "items": [queries.child_item(pupil, may) for pupil, may in
                                     queries.list_children(uow, principal().person_id)]}


@room.route("/pupils/<pupil_id>/homes")
@allow("staff", right="see")
@room.response(200, HomeListSchema)
def list_homes(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """The homes of a child, for staff: how many there are to tell."""
    return {"homes": queries.list_homes(uow, pupil_id)}


@room.route("/pupils/<pupil_id>/guardians/<guardian_id>", methods=["PUT"])
@allow(*OFFICE)
@room.arguments(RelationshipUpdateSchema)
@room.response(200, RelationshipFactsSchema)
def change_relationship(uow: UnitOfWork, body: dict[str, Any], pupil_id: str, guardian_id: str) -> Relationship:
    """What kind of relationship it is, parental responsibility and how it was seen, with whom the child lives."""
    return actions.change_relationship(uow, (pupil_id, guardian_id), body, principal().person_id)


@room.route("/pupils/<pupil_id>/guardians/<guardian_id>/checks", methods=["POST"])
@allow(*OFFICE)
@room.arguments(CheckSchema)
@room.response(200, RelationshipFactsSchema)
def check_relationship(uow: UnitOfWork, body: dict[str, Any], pupil_id: str, guardian_id: str) -> Relationship:
    """Somebody has looked, and there is no restriction."""
    return actions.check_relationship(uow, (pupil_id, guardian_id), body["seen"], principal().person_id)


@room.route("/pupils/<pupil_id>/looked-after", methods=["PUT"])
@allow(*OFFICE)
@room.arguments(LookedAfterSchema)
@room.response(204)
def look_after(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> None:
    """The local authority that shares responsibility for this child; null when none does."""
    actions.look_after(uow, pupil_id, body["authority"], principal().person_id)
