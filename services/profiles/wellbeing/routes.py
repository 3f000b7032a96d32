"""HTTP edge of updates from home."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.wellbeing import actions, queries
from services.profiles.wellbeing.schemas import AcknowledgeSchema, UpdateCreateSchema, UpdateListSchema, UpdateSchema

room = Blueprint("wellbeing", __name__, url_prefix="/schools/<school>")


@room.route("/pupils/<pupil_id>/updates", methods=["POST"])
@allow("guardian", right="see", creates=True)
@room.arguments(UpdateCreateSchema)
@room.response(201, UpdateSchema)
def share_update(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Tell school what has changed at home."""
    update = actions.share_update(uow, actions.ShareUpdate(pupil_id, principal().person_id, **body))
    return queries.get_update(uow, principal(), update.id)


@room.route("/pupils/<pupil_id>/updates")
@allow("guardian", "staff", right="see", notes=True)
@room.response(200, UpdateListSchema)
def list_updates(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """A parent's own updates about the child, or those that name this member of staff."""
    note_read(uow, principal(), pupil_id, "updates")
    return {"items": queries.list_updates(uow, principal(), pupil_id), "after": None}


@room.route("/updates")
@allow("staff", notes=True)
@room.response(200, UpdateListSchema)
def list_waiting(uow: UnitOfWork) -> dict[str, Any]:
    """What waits for me to say that I have read it."""
    waiting = queries.list_waiting(uow, principal())
    note_reads(uow, principal(), [(item["pupil_id"], f"update:{item['id']}") for item in waiting])
    return {"items": waiting, "after": None}


@room.route("/updates/<update_id>")
@allow("guardian", "staff", notes=True)
@room.response(200, UpdateSchema)
def show_update(uow: UnitOfWork, update_id: str) -> dict[str, Any]:
    """One update, for its author and those whom it names."""
    found = queries.get_update(uow, principal(), update_id)
    note_read(uow, principal(), found["pupil_id"], f"update:{update_id}")
    return found


@room.route("/updates/<update_id>/acknowledge", methods=["POST"])
@allow("staff", creates=True)
@room.arguments(AcknowledgeSchema)
@room.response(200, UpdateSchema)
def acknowledge(uow: UnitOfWork, body: dict[str, Any], update_id: str) -> dict[str, Any]:
    """Say that I have read it, with a line of reply."""
    actions.acknowledge_update(uow, update_id, principal().person_id, body["reply"])
    uow.flush()
    return queries.get_update(uow, principal(), update_id)


@room.route("/updates/<update_id>/withdraw", methods=["POST"])
@allow("guardian")
@room.response(200, UpdateSchema)
def withdraw(uow: UnitOfWork, update_id: str) -> dict[str, Any]:
    """Take my update back."""
    actions.withdraw_update(uow, principal(), update_id)
    uow.flush()
    return queries.get_update(uow, principal(), update_id)
