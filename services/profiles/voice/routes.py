"""HTTP edge of what children write. Reads by staff are kept as reads of the child's page.

A read with a name of its own would tell an adult that there is something which they do not see.
"""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.safeguarding.actions import follow_change
from services.profiles.voice import actions, queries
from services.profiles.voice.schemas import (
    ChildNoteChangeSchema,
    ChildNoteCreateSchema,
    ChildNoteListSchema,
    ChildNoteSchema,
    NoteShareSchema,
    SealedItemListSchema,
    SealedOpeningListSchema,
    SealedOpenSchema,
    TopicCreateSchema,
    TopicListSchema,
)

room = Blueprint("voice", __name__, url_prefix="/schools/<school>")
PAGE = "page"


@room.route("/pupils/<pupil_id>/notes", methods=["POST"])
@allow("pupil", right="reply", creates=True)
@room.arguments(ChildNoteCreateSchema)
@room.response(201, ChildNoteSchema)
def write_note(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> Any:
    """Write a note of my own, and say who may read it."""
    note = actions.write_note(uow, pupil_id, body["words"], body["audience"])
    return _note(uow, note.id)


def _note(uow: UnitOfWork, note_id: str) -> Any:
    uow.flush()
    found = queries.get_note(uow, principal(), note_id)
    return found, {"ETag": f'"{found["version"]}"'} if "version" in found else {}


@room.route("/pupils/<pupil_id>/notes")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.response(200, ChildNoteListSchema)
def list_notes(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """My own notes; for an adult, those that the child lets them read."""
    note_read(uow, principal(), pupil_id, PAGE)
    found = {"items": queries.list_notes(uow, principal(), pupil_id), "after": None}
    if principal().hat == "pupil":
        found["opened"] = queries.list_openings(uow, principal(), pupil_id)
    return found


@room.route("/notes/new")
@allow("staff", notes=True)
@room.response(200, ChildNoteListSchema)
def list_new_notes(uow: UnitOfWork) -> dict[str, Any]:
    """What children whom I teach have shared and I have not read yet."""
    found = queries.list_new(uow, principal())
    note_reads(uow, principal(), {(item["pupil_id"], PAGE) for item in found})
    return {"items": found, "after": None}


@room.route("/notes/<note_id>")
@allow("guardian", "staff", "pupil", notes=True)
@room.response(200, ChildNoteSchema)
def show_note(uow: UnitOfWork, note_id: str) -> Any:
    """One note."""
    reply = _note(uow, note_id)
    note_read(uow, principal(), reply[0]["pupil_id"], PAGE)
    return reply


@room.route("/notes/<note_id>", methods=["PUT"])
@allow("pupil")
@room.arguments(ChildNoteChangeSchema)
@room.response(200, ChildNoteSchema)
def change_note(uow: UnitOfWork, body: dict[str, Any], note_id: str) -> Any:
    """Change a note that nobody else can read; If-Match says which version, and 412 that there is a newer one."""
    given = re.fullmatch(r'(?:W/)?"(\d{1,9})"', flask.request.headers.get("If-Match", ""))
    actions.change_note(uow, principal(), note_id, body["words"], int(given.group(1)) if given else None)
    follow_change(uow, actions.KIND, note_id)
    return _note(uow, note_id)


@room.route("/notes/<note_id>/share", methods=["POST"])
@allow("pupil")
@room.arguments(NoteShareSchema)
@room.response(200, ChildNoteSchema)
def share_note(uow: UnitOfWork, body: dict[str, Any], note_id: str) -> Any:
    """Say yes: these may read it from now on."""
    actions.share_note(uow, principal(), note_id, body["audience"])
    follow_change(uow, actions.KIND, note_id)
    return _note(uow, note_id)


@room.route("/notes/<note_id>/withdraw", methods=["POST"])
@allow("pupil")
@room.response(200, ChildNoteSchema)
def withdraw_note(uow: UnitOfWork, note_id: str) -> Any:
    """Take it back: nobody else can read it from now on."""
    actions.withdraw_note(uow, principal(), note_id)
    follow_change(uow, actions.KIND, note_id)
    return _note(uow, note_id)


@room.route("/notes/<note_id>/read", methods=["POST"])
@allow("staff")
@room.response(200, ChildNoteSchema)
def read_note(uow: UnitOfWork, note_id: str) -> Any:
    """Say that I have read it: the child sees my name."""
    actions.mark_read(uow, principal(), note_id)
    return _note(uow, note_id)


@room.route("/pupils/<pupil_id>/topics", methods=["POST"])
@allow("pupil", right="reply", creates=True)
@room.arguments(TopicCreateSchema)
@room.response(201, TopicListSchema)
def pick_topic(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Pick what I want to talk about; the reply is my whole list."""
    actions.pick_topic(uow, pupil_id, actions.PickTopic(**body))
    return {"items": queries.list_topics(uow, principal(), pupil_id), "after": None}


@room.route("/pupils/<pupil_id>/topics")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.response(200, TopicListSchema)
def list_topics(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """What the child wants to talk about, as far as the child lets it be known."""
    note_read(uow, principal(), pupil_id, PAGE)
    return {"items": queries.list_topics(uow, principal(), pupil_id), "after": None}


@room.route("/topics/<topic_id>/remove", methods=["POST"])
@allow("pupil")
@room.response(204)
def remove_topic(uow: UnitOfWork, topic_id: str) -> None:
    """Take it off my list."""
    actions.remove_topic(uow, principal(), topic_id)
    follow_change(uow, actions.KIND, topic_id)


@room.route("/pupils/<pupil_id>/notes/sealed", methods=["POST"])
@allow("dsl", right="see")
@room.arguments(SealedOpenSchema)
@room.response(200, SealedItemListSchema)
def open_sealed(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """What a child keeps for themselves, in this reply alone: no Idempotency-Key, because a kept reply is a copy."""
    return actions.open_sealed(uow, principal(), pupil_id, body["why"], body["child_told"])


@room.route("/pupils/<pupil_id>/notes/sealed")
@allow("dsl", right="see", notes=True)
@room.response(200, SealedOpeningListSchema)
def list_openings(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """When leads have opened it, and why; none of the words."""
    note_read(uow, principal(), pupil_id, PAGE)
    return {"items": queries.list_openings(uow, principal(), pupil_id), "after": None}


@room.route("/sealed-openings/<opening_id>/told", methods=["POST"])
@allow("dsl")
@room.response(204)
def tell_child(uow: UnitOfWork, opening_id: str) -> None:
    """The child has been told now."""
    actions.tell_child(uow, principal(), opening_id)
