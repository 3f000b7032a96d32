"""HTTP edge of consents."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.consents import actions, queries
from services.profiles.consents.schemas import (
    AnswerCreateSchema,
    ConsentCreateSchema,
    ConsentListSchema,
    ConsentSchema,
)

room = Blueprint("consents", __name__, url_prefix="/schools/<school>")


@room.route("/consents", methods=["POST"])
@allow("office", "head", creates=True)
@room.arguments(ConsentCreateSchema)
@room.response(201, ConsentSchema)
def ask_consent(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Ask every home of these classes."""
    consent = actions.ask_consent(uow, actions.AskConsent(**body, asked_by=principal().person_id))
    return queries.get_consent(uow, principal(), consent.id)


@room.route("/consents")
@allow("guardian", "staff")
@room.response(200, ConsentListSchema)
def list_consents(uow: UnitOfWork) -> dict[str, Any]:
    """A parent's questions with own answers; every question for the office, the head and safeguarding leads."""
    return {"items": queries.list_consents(uow, principal()), "after": None}


@room.route("/consents/<consent_id>")
@allow("guardian", "staff")
@room.response(200, ConsentSchema)
def show_consent(uow: UnitOfWork, consent_id: str) -> dict[str, Any]:
    """A parent's own answers; for staff the state of each child."""
    return queries.get_consent(uow, principal(), consent_id)


@room.route("/consents/<consent_id>/pupils/<pupil_id>/answer", methods=["POST"])
@allow("guardian", right="consent")
@room.arguments(AnswerCreateSchema)
@room.response(200, ConsentSchema)
def answer_consent(uow: UnitOfWork, body: dict[str, Any], consent_id: str, pupil_id: str) -> dict[str, Any]:
    """Say yes or no for my child; it can be changed until the question closes."""
    actions.answer_consent(uow, actions.GiveAnswer(consent_id, pupil_id, principal().person_id, **body))
    return queries.get_consent(uow, principal(), consent_id)


@room.route("/consents/<consent_id>/end", methods=["POST"])
@allow("office", "head")
@room.response(200, ConsentSchema)
def end_consent(uow: UnitOfWork, consent_id: str) -> dict[str, Any]:
    """End it before its day."""
    actions.end_consent(uow, consent_id)
    return queries.get_consent(uow, principal(), consent_id)
