"""HTTP edge: what there is to tell the caller."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.notifications.notices import actions, queries
from services.notifications.notices.schemas import NoticePageSchema, NoticeQuerySchema, NoticeSchema

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
