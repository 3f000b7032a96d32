"""HTTP edge of contact made: for staff, and for nobody else."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.heard import actions, queries
from services.profiles.heard.schemas import (
    BalanceSchema,
    ContactMadeListSchema,
    ContactMadeQuerySchema,
    HeardSettingSchema,
    UnheardListSchema,
    UnheardQuerySchema,
)

room = Blueprint("heard", __name__, url_prefix="/schools/<school>")


@room.route("/unheard")
@allow("staff")
@room.arguments(UnheardQuerySchema, location="query")
@room.response(200, UnheardListSchema)
def list_unheard(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """My pupils whose family has heard nothing for a while, or only worries this half-term; by name, never ranked."""
    return queries.list_unheard(uow, principal(), queries.Wanted(**query))


@room.route("/unheard/weeks")
@allow("office", "head", "dsl")
@room.response(200, HeardSettingSchema)
def show_weeks(uow: UnitOfWork) -> dict[str, Any]:
    """After how many weeks of school a family is unheard."""
    return {"weeks": queries.get_weeks(uow)}


@room.route("/unheard/weeks", methods=["PUT"])
@allow("office", "head")
@room.arguments(HeardSettingSchema)
@room.response(200, HeardSettingSchema)
def set_weeks(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Say it anew."""
    actions.set_weeks(uow, body["weeks"])
    return {"weeks": queries.get_weeks(uow)}


@room.route("/pupils/<pupil_id>/balance")
@allow("staff", right="see")
@room.response(200, BalanceSchema)
def show_balance(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """Whether some good news would be kind before anything else: the family has heard none this half-term."""
    return {"suggest_good_news": queries.needs_good_news(uow, pupil_id)}


@room.route("/contact-made")
@allow("staff")
@room.arguments(ContactMadeQuerySchema, location="query")
@room.response(200, ContactMadeListSchema)
def list_contact_made(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """How much contact each of my classes had in a half-term, for a meeting of staff; of no child alone."""
    return queries.list_contact_made(uow, principal(), query["half_on"])
