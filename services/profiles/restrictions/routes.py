"""HTTP edge of restrictions: the office's, the head's and the safeguarding lead's alone."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.restrictions import actions, queries
from services.profiles.restrictions.rules import Entered
from services.profiles.restrictions.schemas import (
    EvidenceSchema,
    HeldRightsCreateSchema,
    HeldRightsSchema,
    KeepApartCreateSchema,
    KeepApartSchema,
    LiftingSchema,
    RestrictionCreateSchema,
    RestrictionSchema,
)

OFFICE = ("office", "head", "dsl")
room = Blueprint("restrictions", __name__, url_prefix="/schools/<school>")


@room.route("/pupils/<pupil_id>/guardians/<guardian_id>/restrictions", methods=["POST"])
@allow(*OFFICE, creates=True)
@room.arguments(RestrictionCreateSchema)
@room.response(201, RestrictionSchema)
def enter_restriction(uow: UnitOfWork, body: dict[str, Any], pupil_id: str, guardian_id: str) -> Any:
    """Enter a restriction. It bites from its first day on, and without one at once."""
    return actions.enter_restriction(uow, (pupil_id, guardian_id), Entered(**body), principal().person_id)


@room.route("/restrictions/<restriction_id>/evidence", methods=["POST"])
@allow(*OFFICE)
@room.arguments(EvidenceSchema)
@room.response(200, RestrictionSchema)
def see_evidence(uow: UnitOfWork, body: dict[str, Any], restriction_id: str) -> Any:
    """Say what was seen, by whom and when, and when to look again. It takes and gives nothing."""
    return actions.see_evidence(uow, restriction_id, body, principal().person_id)


@room.route("/restrictions/<restriction_id>/lifting", methods=["POST"])
@allow(*OFFICE)
@room.arguments(LiftingSchema)
@room.response(200, RestrictionSchema)
def ask_lifting(uow: UnitOfWork, body: dict[str, Any], restriction_id: str) -> Any:
    """Ask to lift it, with a reason. It holds until a second member of staff confirms."""
    row = queries.get_restriction(uow, restriction_id)
    actions.ask_lifting(uow, row, body["reason"], principal().person_id)
    return row


@room.route("/restrictions/<restriction_id>/lifting/confirm", methods=["POST"])
@allow(*OFFICE)
@room.response(200, RestrictionSchema)
def lift_restriction(uow: UnitOfWork, restriction_id: str) -> Any:
    """Confirm the lifting that a colleague asked for."""
    row = queries.get_restriction(uow, restriction_id)
    actions.lift_restriction(uow, row, principal().person_id)
    return row


@room.route("/restrictions/<restriction_id>/lifting/refuse", methods=["POST"])
@allow(*OFFICE)
@room.response(200, RestrictionSchema)
def refuse_lifting(uow: UnitOfWork, restriction_id: str) -> Any:
    """Say no to a lifting, or take one's own wish back: it holds on."""
    row = queries.get_restriction(uow, restriction_id)
    actions.refuse_lifting(uow, row, principal().person_id)
    return row


@room.route("/keep-apart", methods=["POST"])
@allow(*OFFICE, creates=True)
@room.arguments(KeepApartCreateSchema)
@room.response(201, KeepApartSchema)
def keep_apart(uow: UnitOfWork, body: dict[str, Any]) -> Any:
    """Two adults who must not meet."""
    one, other = body["guardian_ids"]
    return actions.keep_apart(uow, one, other, body["document"], principal().person_id)


@room.route("/keep-apart/<keep_apart_id>/lifting", methods=["POST"])
@allow(*OFFICE)
@room.arguments(LiftingSchema)
@room.response(200, KeepApartSchema)
def ask_end_of_keep_apart(uow: UnitOfWork, body: dict[str, Any], keep_apart_id: str) -> Any:
    """Ask to end it; a second member of staff confirms."""
    row = queries.get_keep_apart(uow, keep_apart_id)
    actions.ask_lifting(uow, row, body["reason"], principal().person_id)
    return row


@room.route("/keep-apart/<keep_apart_id>/lifting/confirm", methods=["POST"])
@allow(*OFFICE)
@room.response(200, KeepApartSchema)
def end_keep_apart(uow: UnitOfWork, keep_apart_id: str) -> Any:
    """Confirm the end that a colleague asked for."""
    row = queries.get_keep_apart(uow, keep_apart_id)
    actions.end_keep_apart(uow, row, principal().person_id)
    return row


@room.route("/keep-apart/<keep_apart_id>/lifting/refuse", methods=["POST"])
@allow(*OFFICE)
@room.response(200, KeepApartSchema)
def refuse_end_of_keep_apart(uow: UnitOfWork, keep_apart_id: str) -> Any:
    """Say no to an end, or take one's own wish back: they are kept apart as before."""
    row = queries.get_keep_apart(uow, keep_apart_id)
    actions.refuse_lifting(uow, row, principal().person_id)
    return row


@room.route("/pupils/<pupil_id>/guardians/<guardian_id>/held", methods=["POST"])
@allow("dsl", creates=True)
@room.arguments(HeldRightsCreateSchema)
@room.response(201, HeldRightsSchema)
def hold_back(uow: UnitOfWork, body: dict[str, Any], pupil_id: str, guardian_id: str) -> Any:
    """The child holds rights back from an adult; the safeguarding lead who enters it agrees by that."""
    return actions.hold_back(uow, (pupil_id, guardian_id), body["rights"], body["basis"], principal().person_id)


@room.route("/held/<held_id>/end", methods=["POST"])
@allow("dsl")
@room.response(204)
def give_back(uow: UnitOfWork, held_id: str) -> None:
    """The child holds them back no longer."""
    actions.give_back(uow, held_id, principal().person_id)
