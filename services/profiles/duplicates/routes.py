"""HTTP edge of duplicates: the office's, the head's and the safeguarding lead's alone."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.duplicates import actions, queries
from services.profiles.duplicates.schemas import DuplicateListSchema, MergeSchema

OFFICE = ("office", "head", "dsl")
room = Blueprint("duplicates", __name__, url_prefix="/schools/<school>")


@room.route("/duplicates")
@allow(*OFFICE)
@room.response(200, DuplicateListSchema)
def list_duplicates(uow: UnitOfWork) -> dict[str, Any]:
    """Entries that may be one adult."""
    return {"items": queries.list_duplicates(uow)}


@room.route("/guardians/<keep_id>/duplicates/<drop_id>")
@allow(*OFFICE)
@room.response(200, MergeSchema)
def preview_merge(uow: UnitOfWork, keep_id: str, drop_id: str) -> dict[str, Any]:
    """What a merge would open and close, child by child. Nothing is changed."""
    return queries.preview_merge(uow, keep_id, drop_id)


@room.route("/guardians/<keep_id>/duplicates/<drop_id>", methods=["POST"])
@allow(*OFFICE, creates=True)
@room.response(201, MergeSchema)
def merge(uow: UnitOfWork, keep_id: str, drop_id: str) -> dict[str, Any]:
    """Merge them. Nothing is widened where both had the child."""
    preview = queries.preview_merge(uow, keep_id, drop_id)
    actions.merge(uow, keep_id, drop_id, principal().person_id)
    return preview
