"""HTTP edge of the locked room: staff pass something on; safeguarding leads, and they alone, open what was."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.safeguarding import actions, queries
from services.profiles.safeguarding.schemas import (
    HandOverSchema,
    MatterAddedSchema,
    MatterListSchema,
    MatterNoteSchema,
    MatterSchema,
    PassedOnSchema,
    PassOnSchema,
)

room = Blueprint("safeguarding", __name__, url_prefix="/schools/<school>/safeguarding")
LEADS = ("dsl",)
ONE = "/matters/<matter_id>"


@room.route("/matters", methods=["POST"])
@allow("staff", creates=True)
@room.arguments(PassOnSchema)
@room.response(201, PassedOnSchema)
def pass_on(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Pass something that I may read on to the safeguarding leads. The reply leads nowhere."""
    actions.pass_on(uow, principal(), actions.PassOn(**body))
    return {"is_passed": True}


@room.route("/matters")
@allow(*LEADS, notes=True)
@room.response(200, MatterListSchema)
def list_matters(uow: UnitOfWork) -> dict[str, Any]:
    """What was passed on, the newest first."""
    actions.note_open(uow, principal(), "list")
    return {"items": queries.list_matters(uow, principal()), "after": None}


@room.route(ONE)
@allow(*LEADS, notes=True)
@room.response(200, MatterSchema)
def show_matter(uow: UnitOfWork, matter_id: str) -> dict[str, Any]:
    """One matter in full, and who opened it."""
    queries.get_matter(uow, matter_id)
    actions.note_open(uow, principal(), "matter", matter_id)
    return queries.show_matter(uow, matter_id)


@room.route(f"{ONE}/notes", methods=["POST"])
@allow(*LEADS, creates=True)
@room.arguments(MatterNoteSchema)
@room.response(201, MatterAddedSchema)
def add_matter_note(uow: UnitOfWork, body: dict[str, Any], matter_id: str) -> dict[str, Any]:
    """Add a note; it can't be changed afterwards."""
    actions.add_note(uow, principal(), matter_id, body["words"])
    return {"id": matter_id}


@room.route(f"{ONE}/answer", methods=["POST"])
@allow(*LEADS, creates=True)
@room.response(201, MatterAddedSchema)
def answer_home(uow: UnitOfWork, matter_id: str) -> dict[str, Any]:
    """New words of an update were read here: home sees that school has read them."""
    actions.answer_home(uow, principal(), matter_id)
    return {"id": matter_id}


@room.route(f"{ONE}/hand-over", methods=["POST"])
@allow(*LEADS, creates=True)
@room.arguments(HandOverSchema)
@room.response(201, MatterAddedSchema)
def hand_over(uow: UnitOfWork, body: dict[str, Any], matter_id: str) -> dict[str, Any]:
    """Keep the receipt of the school's safeguarding system."""
    actions.hand_over(uow, principal(), matter_id, actions.HandOver(**body))
    return {"id": matter_id}


@room.route(f"{ONE}/file")
@allow(*LEADS, notes=True)
@room.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def read_matter_file(uow: UnitOfWork, matter_id: str) -> flask.Response:
    """The matter as a zip, for the school's safeguarding system."""
    written = queries.write_file(uow, matter_id)
    actions.note_open(uow, principal(), "file", matter_id)
    return flask.Response(written, content_type="application/zip", headers={
        "Content-Disposition": 'attachment; filename="matter.zip"'})
