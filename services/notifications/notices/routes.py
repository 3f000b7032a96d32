"""HTTP edge: what there is to tell the caller."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.notifications.notices import actions, queries
from services.notifications.notices.schemas import (
    NoticePageSchema,
    NoticeQuerySchema,
    NoticeSchema,
    ToldListSchema,
    ToldQuerySchema,
    WithdrawnPageSchema,
    WithdrawnQuerySchema,
)

room = Blueprint("notices", __name__, url_prefix="/schools/<school>", description="What there is to tell one person")


@room.route("/notices")
@allow("guardian", "staff")
@room.arguments(NoticeQuerySchema, location="query")
@room.response(200, NoticePageSchema)
def list_notices(uow: UnitOfWork, query: dict[str, Any]) -> queries.Page:
    """The caller's notices, newest first."""
    return queries.list_notices(uow, principal(), query["limit"], query["after"])


@room.route("/notices/<notice_id>/read", methods=["POST"])
@allow("guardian", "staff")
@room.response(200, NoticeSchema)
def read_notice(uow: UnitOfWork, notice_id: str) -> dict[str, Any]:
    """Note that the caller has read a notice."""
    actions.read_notice(uow, principal(), notice_id)
    return queries.get_notice(uow, principal(), notice_id)


@room.route("/withdrawn")
@allow("office", "head", "dsl")
@room.arguments(WithdrawnQuerySchema, location="query")
@room.response(200, WithdrawnPageSchema)
def list_withdrawn(uow: UnitOfWork, query: dict[str, Any]) -> queries.Page:
    """What one adult is no longer told of one child, with the cause; newest first."""
    return queries.list_withdrawn(uow, (query["pupil_id"], query["guardian_id"]), query["limit"], query["after"])


@room.route("/notices/<notice_id>/resend", methods=["POST"])
@allow("office", "head", "dsl", creates=True)
@room.response(204)
def resend_notice(uow: UnitOfWork, notice_id: str) -> flask.Response:
    """Tell after all what was taken back; 409 with the reason when the adult may not be told it now."""
    actions.resend_notice(uow, principal(), notice_id)
    return flask.Response(status=204)


@room.route("/told")
@allow("staff")
@room.arguments(ToldQuerySchema, location="query")
@room.response(200, ToldListSchema)
def list_told(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """Whether each home has been told one thing about one child."""
    return {"items": queries.list_told(uow, query["about_id"], query["pupil_id"])}
