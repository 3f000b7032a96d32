"""HTTP edge of support for special needs."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.relationships.queries import SENCO, ask, is_here
from services.profiles.support import actions, queries
from services.profiles.support.rules import NONE, etag_of
from services.profiles.support.schemas import (
    SupportedListSchema,
    SupportQuerySchema,
    SupportSchema,
    SupportUpdateSchema,
)

RECORDERS = (SENCO, "office", "head", "dsl")
PART = "support"
room = Blueprint("support", __name__, url_prefix="/schools/<school>")


def _require(uow: UnitOfWork, pupil_id: str) -> None:
    """NotFound unless the caller may see the child; of support alone a SENCO may know for every child who is here."""
    caller = principal()
    if not (caller.hat == "staff" and SENCO in caller.roles and is_here(uow, pupil_id)):
        ask(uow, caller, "see", pupil_id)


def _shown(uow: UnitOfWork, pupil_id: str) -> Any:
    found = queries.get_support(uow, pupil_id)
    return found, {"ETag": etag_of(found["version"])}


@room.route("/support")
@allow(*RECORDERS, notes=True)
@room.arguments(SupportQuerySchema, location="query")
@room.response(200, SupportedListSchema)
def list_support(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """The children who have support, by name; or any child of the school whose name is asked for."""
    items, after = queries.list_supported(uow, queries.Wanted(**query))
    note_reads(uow, principal(), [(item["pupil"].id, PART) for item in items if item["status"] != NONE])
    return {"items": items, "after": after}


@room.route("/pupils/<pupil_id>/support")
@allow("guardian", "staff", notes=True)
@room.response(200, SupportSchema)
def show_support(uow: UnitOfWork, pupil_id: str) -> Any:
    """What support the child has, for adults with *see*, the child's teachers, leads and the SENCO."""
    _require(uow, pupil_id)
    note_read(uow, principal(), pupil_id, PART)
    return _shown(uow, pupil_id)


@room.route("/pupils/<pupil_id>/support", methods=["PUT"])
@allow(*RECORDERS)
@room.arguments(SupportUpdateSchema)
@room.response(200, SupportSchema)
def set_support(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> Any:
    """Say what support the child has (If-Match); 412 when a colleague was faster."""
    _require(uow, pupil_id)
    actions.set_support(uow, principal(), pupil_id, actions.Said(**body), flask.request.headers.get("If-Match"))
    return _shown(uow, pupil_id)
