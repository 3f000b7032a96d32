"""The HTTP edge of reception."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.reception import actions
from services.scheduling.reception.schemas import DoorAnswerSchema, DoorQuestionSchema

room = Blueprint("reception", __name__, url_prefix="/schools/<school>", description="Answers at the door")


# Names are in the body, because addresses are in logs. No Idempotency-Key: its table would keep a digest of the names.
@room.route("/door/answers", methods=["POST"])
@allow("reception", "office", "head", "dsl")
@room.arguments(DoorQuestionSchema)
@room.response(200, DoorAnswerSchema)
def answer_at_door(uow: UnitOfWork, body: dict[str, Any]) -> actions.DoorAnswer:
    """May this adult collect this child, or come in with them, now? Else a colleague is called."""
    return actions.answer_at_door(uow, actions.AskAtDoor(
        body["child"], body["adult"], body["purpose"], principal().person_id))
