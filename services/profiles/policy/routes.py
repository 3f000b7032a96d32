"""HTTP edge of the policy: the office, the head and the safeguarding lead look; the head and the lead change."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.policy import actions
from services.profiles.policy.schemas import (
    PolicyCreateSchema,
    PolicyEffectSchema,
    PolicyPreviewSchema,
    PolicySchema,
)

room = Blueprint("policy", __name__, url_prefix="/schools/<school>")


@room.route("/policy")
@allow("office", "head", "dsl")
@room.response(200, PolicySchema)
def show_policy(uow: UnitOfWork) -> dict[str, Any]:
    """What each kind of relationship may do by default, and every version there was."""
    return actions.describe_policy(uow)


@room.route("/policy/preview", methods=["POST"])
@allow("office", "head", "dsl")
@room.arguments(PolicyPreviewSchema)
@room.response(200, PolicyEffectSchema)
def preview_policy(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Who would gain and who would lose what, by name. Nothing is changed."""
    return {"items": actions.preview_policy(uow, body["kinds"])}


@room.route("/policy", methods=["POST"])
@allow("head", "dsl", creates=True)
@room.arguments(PolicyCreateSchema)
@room.response(201, PolicySchema)
def change_policy(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Save a new version, from a day on or at once; 412 when somebody else was faster."""
    actions.change_policy(uow, body, principal().person_id)
    return actions.describe_policy(uow)


@room.route("/policy/undo", methods=["POST"])
@allow("head", "dsl", creates=True)
@room.response(201, PolicySchema)
def undo_policy(uow: UnitOfWork) -> dict[str, Any]:
    """Let what held before the last version hold again."""
    actions.undo_policy(uow, principal().person_id)
    return actions.describe_policy(uow)
