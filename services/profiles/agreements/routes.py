"""HTTP edge of the home-school agreement."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.agreements import actions, queries
from services.profiles.agreements.schemas import (
    AgreementAnswerCreateSchema,
    ClassAgreedSchema,
    PromisesSchema,
    PupilAgreementSchema,
    SchoolAgreementSchema,
)

room = Blueprint("agreements", __name__, url_prefix="/schools/<school>")


def _shown(uow: UnitOfWork) -> tuple[dict[str, Any], dict[str, str]]:
    """What the writers see; the ETag is the draft's revision ("0": there is none)."""
    found = queries.show_school_agreement(uow)
    return found, {"ETag": f'"{found["draft"].revision if found["draft"] else 0}"'}


def _based_on() -> int:
    given = flask.request.headers.get("If-Match", "").strip('"')
    if not given.isdecimal():
        raise Invalid(errors={"/If-Match": "Say which draft this changes."})
    return int(given)


@room.route("/agreement")
@allow("office", "head", "dsl")
@room.response(200, SchoolAgreementSchema)
def show_school_agreement(uow: UnitOfWork) -> Any:
    """What holds, the draft, and what held before."""
    return _shown(uow)


@room.route("/agreement", methods=["PUT"])
@allow("office", "head")
@room.arguments(PromisesSchema)
@room.response(200, SchoolAgreementSchema)
def write_agreement(uow: UnitOfWork, body: dict[str, Any]) -> Any:
    """Keep the draft that If-Match names; 412 when somebody else has written since."""
    actions.write_draft(uow, body, _based_on(), principal().person_id)
    return _shown(uow)


@room.route("/agreement/publish", methods=["POST"])
@allow("office", "head", creates=True)
@room.response(200, SchoolAgreementSchema)
def publish_agreement(uow: UnitOfWork) -> Any:
    """Let the draft hold, and ask every adult anew."""
    actions.publish_draft(uow, _based_on())
    return _shown(uow)


@room.route("/classes/<class_id>/agreement")
@allow("office", "head", "dsl", notes=True)
@room.response(200, ClassAgreedSchema)
def list_class_agreed(uow: UnitOfWork, class_id: str) -> dict[str, Any]:
    """Who has agreed, by child. Nothing depends on it."""
    items = queries.list_class_agreed(uow, principal(), class_id)
    note_reads(uow, principal(), [(item["pupil"].id, "agreement") for item in items])
    return {"items": items, "after": None}


@room.route("/pupils/<pupil_id>/agreement")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.response(200, PupilAgreementSchema)
def show_agreement(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """The agreement, my word on it, and how it was before."""
    note_read(uow, principal(), pupil_id, "agreement")
    return queries.show_agreement(uow, principal(), pupil_id)


@room.route("/pupils/<pupil_id>/agreement", methods=["POST"])
@allow("guardian", "pupil", right="reply", creates=True)
@room.arguments(AgreementAnswerCreateSchema)
@room.response(200, PupilAgreementSchema)
def answer_agreement(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Agree for myself, or not now; with a line if I like."""
    actions.answer_agreement(uow, principal(), actions.GiveWord(
        pupil_id, body["number"], body["answer"], body.get("words", ""), body["audience"]))
    return queries.show_agreement(uow, principal(), pupil_id)
