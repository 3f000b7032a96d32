"""HTTP edge of what is held, who opened it, and requests to have it."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access import actions, queries
from services.profiles.access.pack import Cover, write_pack
from services.profiles.access.schemas import (
    ExtensionSchema,
    HeldSchema,
    HideSchema,
    OwnRequestListSchema,
    OwnRequestSchema,
    ReadListSchema,
    ReasonSchema,
    RedactionCreateSchema,
    ReleaseSchema,
    RequestInFullSchema,
    RequestListSchema,
    WishesSchema,
)

room = Blueprint("access", __name__, url_prefix="/schools/<school>")
OFFICE = ("office", "head", "dsl")
LEADS = ("dsl",)
ONE = "/access-requests/<request_id>"


@room.route("/pupils/<pupil_id>/held")
@allow("guardian", right="see")
@room.response(200, HeldSchema)
def show_held(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """What we hold about my child, and who opened it."""
    return queries.show_held(uow, pupil_id, principal().person_id)


@room.route("/pupils/<pupil_id>/reads")
@allow(*LEADS, right="see")
@room.response(200, ReadListSchema)
def list_reads(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """Who opened a child's record, with what is never shown to an adult."""
    return {"items": queries.list_reads(uow, pupil_id), "after": None}


@room.route("/pupils/<pupil_id>/reads/<read_id>/hide", methods=["POST"])
@allow(*LEADS, right="see")
@room.arguments(HideSchema)
@room.response(200, ReadListSchema)
def hide_read(uow: UnitOfWork, body: dict[str, Any], pupil_id: str, read_id: str) -> dict[str, Any]:
    """Never show a read to an adult; for good: nor the same person at the same thing of this child again."""
    actions.hide_read(uow, principal(), pupil_id, read_id, body["is_for_good"])
    uow.flush()
    return {"items": queries.list_reads(uow, pupil_id), "after": None}


@room.route("/pupils/<pupil_id>/access-requests", methods=["POST"])
@allow("guardian", right="see", creates=True)
@room.response(201, OwnRequestSchema)
def ask_for_record(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """Ask for everything that is held about my child."""
    actions.ask_for_record(uow, pupil_id, principal().person_id)
    return queries.list_own(uow, pupil_id, principal().person_id)[0]


@room.route("/pupils/<pupil_id>/access-requests")
@allow("guardian", right="see")
@room.response(200, OwnRequestListSchema)
def list_own(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """My own requests about my child, and by when each is answered."""
    return {"items": queries.list_own(uow, pupil_id, principal().person_id), "after": None}


@room.route(f"{ONE}/withdraw", methods=["POST"])
@allow("guardian")
@room.response(200, OwnRequestSchema)
def withdraw_request(uow: UnitOfWork, request_id: str) -> dict[str, Any]:
    """I no longer want it."""
    request = actions.withdraw_request(uow, principal(), request_id)
    uow.flush()
    own = queries.list_own(uow, request.pupil_id, request.guardian_id)
    return next(item for item in own if item["id"] == request_id)


@room.route("/access-requests")
@allow(*OFFICE)
@room.response(200, RequestListSchema)
def list_requests(uow: UnitOfWork) -> dict[str, Any]:
    """Requests to have a child's record, those that wait first."""
    return {"items": queries.list_requests(uow), "after": None}


@room.route(ONE)
@allow(*OFFICE, notes=True)
@room.response(200, RequestInFullSchema)
def show_request(uow: UnitOfWork, request_id: str) -> dict[str, Any]:
    """One request with all that its pack would hold."""
    actions.note_read(uow, principal(), queries.get_request(uow, request_id).pupil_id, "record")
    return queries.show_request(uow, request_id)


@room.route(f"{ONE}/redactions", methods=["POST"])
@allow(*OFFICE, creates=True)
@room.arguments(RedactionCreateSchema)
@room.response(201, RequestInFullSchema)
def keep_out(uow: UnitOfWork, body: dict[str, Any], request_id: str) -> dict[str, Any]:
    """Keep something about somebody else out of the pack."""
    actions.keep_out(uow, principal(), request_id, body["item_key"], body["reason"])
    return _now(uow, request_id)


def _now(uow: UnitOfWork, request_id: str) -> dict[str, Any]:
    uow.flush()
    return queries.show_request(uow, request_id)


@room.route(f"{ONE}/child-wishes", methods=["POST"])
@allow(*OFFICE)
@room.arguments(WishesSchema)
@room.response(200, RequestInFullSchema)
def note_wishes(uow: UnitOfWork, body: dict[str, Any], request_id: str) -> dict[str, Any]:
    """What the child says about it; for staff alone."""
    actions.note_wishes(uow, principal(), request_id, body["words"].strip(), body["is_too_young"])
    return _now(uow, request_id)


@room.route(f"{ONE}/extend", methods=["POST"])
@allow(*OFFICE)
@room.arguments(ExtensionSchema)
@room.response(200, RequestInFullSchema)
def extend_request(uow: UnitOfWork, body: dict[str, Any], request_id: str) -> dict[str, Any]:
    """More time, with a reason that the adult is told."""
    actions.extend_request(uow, request_id, body["until"], body["reason"])
    return _now(uow, request_id)


@room.route(f"{ONE}/release", methods=["POST"])
@allow(*OFFICE)
@room.arguments(ReleaseSchema)
@room.response(200, RequestInFullSchema)
def release_request(uow: UnitOfWork, body: dict[str, Any], request_id: str) -> dict[str, Any]:
    """I have read all of it, as it was at this fingerprint: it may go out."""
    actions.release_request(uow, principal(), request_id, body["fingerprint"])
    return _now(uow, request_id)


@room.route(f"{ONE}/refuse", methods=["POST"])
@allow(*OFFICE)
@room.arguments(ReasonSchema)
@room.response(200, RequestInFullSchema)
def refuse_request(uow: UnitOfWork, body: dict[str, Any], request_id: str) -> dict[str, Any]:
    """It does not go out, with a reason that the adult is told."""
    actions.refuse_request(uow, principal(), request_id, body["reason"])
    return _now(uow, request_id)


@room.route(f"{ONE}/pack")
@allow("guardian", *OFFICE, notes=True)
@room.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def read_pack(uow: UnitOfWork, request_id: str) -> flask.Response:
    """Everything that is held, as a zip: for its adult once it is ready, for the office to review."""
    request = queries.get_for_pack(uow, principal(), request_id)
    actions.note_read(uow, principal(), request.pupil_id, "record")
    cover = Cover(*queries.show_cover(uow, request), uow.now)
    written = write_pack(cover, queries.list_items(uow, request), queries.list_kept_out(uow, request_id))
    return flask.Response(written, content_type="application/zip", headers={
        "Content-Disposition": 'attachment; filename="what-we-hold.zip"'})
