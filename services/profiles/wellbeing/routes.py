"""HTTP edge of updates from home."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.safeguarding.actions import follow_change
from services.profiles.wellbeing import actions, queries
from services.profiles.wellbeing.schemas import (
    AcknowledgeSchema,
    OverdueListSchema,
    PromiseSchema,
    UpdateChangeSchema,
    UpdateCreateSchema,
    UpdateListSchema,
    UpdateSchema,
)

room = Blueprint("wellbeing", __name__, url_prefix="/schools/<school>")


@room.route("/pupils/<pupil_id>/updates", methods=["POST"])
@allow("guardian", right="reply", creates=True)
@room.arguments(UpdateCreateSchema)
@room.response(201, UpdateSchema)
def share_update(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Tell school what has changed at home."""
    kind = body.pop("kind")
    update = actions.share_update(uow, (pupil_id, principal().person_id), kind, actions.Said(**body))
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


@room.route("/updates/overdue")
@allow("office", "head", "dsl")
@room.response(200, OverdueListSchema)
def list_overdue(uow: UnitOfWork) -> dict[str, Any]:
    """Children about whom something was not read by when school had promised it. Never what."""
    return {"items": queries.list_overdue(uow, principal()), "after": None}


@room.route("/updates/promise")
@allow("office", "head", "dsl")
@room.response(200, PromiseSchema)
def show_promise(uow: UnitOfWork) -> dict[str, Any]:
    """Within how many school hours somebody reads an update."""
    return {"hours": queries.promise_hours(uow)}


@room.route("/updates/promise", methods=["PUT"])
@allow("office", "head")
@room.arguments(PromiseSchema)
@room.response(200, PromiseSchema)
def set_promise(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Promise it from now on; what was promised before stays."""
    actions.set_promise(uow, body["hours"], principal().person_id)
    return body


@room.route("/updates/<update_id>")
@allow("guardian", "staff", notes=True)
@room.response(200, UpdateSchema)
def show_update(uow: UnitOfWork, update_id: str) -> Any:
    """One update, for its author and those whom it names."""
    found = queries.get_update(uow, principal(), update_id)
    note_read(uow, principal(), found["pupil_id"], f"update:{update_id}")
    return _versioned(found)


def _versioned(found: dict[str, Any]) -> Any:
    return found, {"ETag": f'"{found["version"]}"'}


@room.route("/updates/<update_id>", methods=["PUT"])
@allow("guardian")
@room.arguments(UpdateChangeSchema)
@room.response(200, UpdateSchema)
def change_update(uow: UnitOfWork, body: dict[str, Any], update_id: str) -> Any:
    """Change my update, as If-Match says that it was; 412 when it has changed since."""
    seen = re.fullmatch(r'(?:W/)?"(\d{1,9})"', flask.request.headers.get("If-Match", "").strip())
    actions.change_update(uow, principal(), update_id, int(seen[1]) if seen else None, actions.Said(**body))
    follow_change(uow, "update", update_id)
    return _versioned(queries.get_update(uow, principal(), update_id))


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
    follow_change(uow, "update", update_id)
    uow.flush()
    return queries.get_update(uow, principal(), update_id)
