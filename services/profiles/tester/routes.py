"""HTTP edge of the tester: the office's, the head's and the safeguarding lead's alone, and every look is recorded."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.tester import queries
from services.profiles.tester.actions import note_look
from services.profiles.tester.schemas import (
    LookListSchema,
    RightsAnswerListSchema,
    RightsChangeListSchema,
    TesterQuerySchema,
)

OFFICE = ("office", "head", "dsl")
room = Blueprint("tester", __name__, url_prefix="/schools/<school>")


@room.route("/tester")
@allow(*OFFICE, notes=True)
@room.arguments(TesterQuerySchema, location="query")
@room.response(200, RightsAnswerListSchema)
def test_rights(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """A child and an adult, an adult and all children, or a child and all adults: each right, and why."""
    if query["pupil_id"] is None and query["guardian_id"] is None:
        raise Invalid(errors={"/pupil_id": "Choose a child, an adult, or both."})
    note_look(uow, principal(), "tester", query["pupil_id"], query["guardian_id"])
    items = queries.list_answers(uow, query["pupil_id"], query["guardian_id"], query["at"])
    return {"at": query["at"] or uow.now, "items": items}


@room.route("/pupils/<pupil_id>/guardians/<guardian_id>/history")
@allow(*OFFICE, right="see", notes=True)
@room.response(200, RightsChangeListSchema)
def show_history(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> dict[str, Any]:
    """Who changed what about this pair, and what was lost or gained by it."""
    note_look(uow, principal(), "history", pupil_id, guardian_id)
    return {"items": queries.list_changes(uow, pupil_id, guardian_id)}


@room.route("/looks")
@allow("head", "dsl")
@room.response(200, LookListSchema)
def list_looks(uow: UnitOfWork) -> dict[str, Any]:
    """Who has looked at whose rights, the newest first."""
    return {"items": queries.list_looks(uow)}
