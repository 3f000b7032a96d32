"""HTTP edge of progress notes."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read
from services.profiles.progress import actions, queries
from services.profiles.progress.schemas import (
    ClassProgressSchema,
    ProgressCreateSchema,
    ProgressDueListSchema,
    ProgressListSchema,
    ProgressReplyCreateSchema,
    ProgressSchema,
)

room = Blueprint("progress", __name__, url_prefix="/schools/<school>")


@room.route("/pupils/<pupil_id>/progress")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.response(200, ProgressListSchema)
def list_progress(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """How it goes, from each teacher, newest first."""
    note_read(uow, principal(), pupil_id, "progress")
    return {"items": queries.list_notes(uow, principal(), pupil_id), "after": None}


@room.route("/pupils/<pupil_id>/progress", methods=["POST"])
@allow("staff", right="see", creates=True)
@room.arguments(ProgressCreateSchema)
@room.response(201, ProgressSchema)
def write_progress(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Say how it goes: a strength first. For a child whom the caller teaches in that class."""
    note = actions.write_note(uow, principal(), pupil_id, body)
    return queries.show_note(uow, principal(), note.id)


@room.route("/progress/<progress_id>/replies", methods=["POST"])
@allow("guardian", "pupil", creates=True)
@room.arguments(ProgressReplyCreateSchema)
@room.response(201, ProgressSchema)
def reply_to_progress(uow: UnitOfWork, body: dict[str, Any], progress_id: str) -> dict[str, Any]:
    """Answer a note: for school alone."""
    actions.reply(uow, principal(), progress_id, body["words"])
    return queries.show_note(uow, principal(), progress_id)


@room.route("/classes/<class_id>/progress")
@allow("staff")
@room.response(200, ClassProgressSchema)
def list_class_progress(uow: UnitOfWork, class_id: str) -> dict[str, Any]:
    """A class that the caller teaches, by name: who has a note of the caller's this half-term."""
    return queries.list_class(uow, principal(), class_id)


@room.route("/progress/due")
@allow("staff")
@room.response(200, ProgressDueListSchema)
def list_progress_due(uow: UnitOfWork) -> dict[str, Any]:
    """The caller's classes for which notes are to be written, from three weeks before they are due."""
    return {"items": queries.list_due(uow, principal())}
