"""HTTP edge of the office's screens: the office's, the head's and the safeguarding lead's alone."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.families import queries
from services.profiles.families.schemas import (
    ChecksSchema,
    FamilySchema,
    RelationshipListSchema,
    RelationshipQuerySchema,
)
from services.profiles.tester.actions import note_look

OFFICE = ("office", "head", "dsl")
room = Blueprint("families", __name__, url_prefix="/schools/<school>")


@room.route("/relationships")
@allow(*OFFICE, notes=True)
@room.arguments(RelationshipQuerySchema, location="query")
@room.response(200, RelationshipListSchema)
def list_relationships(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """Adults and children of the school, with each right and its reason."""
    note_look(uow, principal(), "families", query["pupil_id"])
    wanted = queries.WantedPairs(query["flag"] == "to-check", query["pupil_id"], query["find"], query["limit"],
                                 query["after"])
    items, after = queries.list_relationships(uow, wanted)
    return {"items": items, "after": after}


@room.route("/pupils/<pupil_id>/family")
@allow(*OFFICE, right="see", notes=True)
@room.response(200, FamilySchema)
def show_family(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """A child's adults and what each may do, with every restriction."""
    note_look(uow, principal(), "family", pupil_id)
    return queries.get_family(uow, pupil_id)


@room.route("/checks")
@allow(*OFFICE, notes=True)
@room.response(200, ChecksSchema)
def list_checks(uow: UnitOfWork) -> dict[str, Any]:
    """Reviews due, restrictions that end, evidence to be seen, flags of files, liftings to confirm, the unchecked."""
    note_look(uow, principal(), "checks")
    return queries.list_checks(uow)
