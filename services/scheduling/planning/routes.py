"""The HTTP edge of planning."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, kept_reply, once, principal, service
from services.scheduling.planning import actions, queries
from services.scheduling.planning.causes import Cause
from services.scheduling.planning.publishing import publish_plan
from services.scheduling.planning.replanning import confirm_replan, find_changes, keep_replan
from services.scheduling.planning.schemas import (
    PlanCreateSchema,
    PlanListSchema,
    PlanSchema,
    ReplanCreateSchema,
    ReplanSchema,
    WholePlanSchema,
    WhySchema,
)

room = Blueprint("planning", __name__, url_prefix="/schools/<school>",
                 description="Whole timetables from wishes, and the fewest changes when times are lost")


@room.route("/evenings/<evening_id>/plans", methods=["POST"])
@allow("office", creates=True)
@room.arguments(PlanCreateSchema)
@room.response(201, PlanSchema)
def ask_plan(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """Have a plan made in the background; while families may still say what they wish it is a trial."""
    plan = actions.ask_plan(uow, evening_id, actions.AskedPlan(**body), principal().person_id)
    return queries.show_progress(uow, plan.id)


@room.route("/evenings/<evening_id>/plans")
@allow("office")
@room.response(200, PlanListSchema)
def list_plans(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """The last plans of an evening, newest first."""
    return {"items": queries.list_plans(uow, evening_id), "after": None}


@room.route("/plans/<plan_id>")
@allow("office")
@room.response(200, WholePlanSchema)
def show_plan(uow: UnitOfWork, plan_id: str) -> dict[str, Any]:
    """How far it is, and once it is ready the whole timetable, by teacher and by family, with all reasons."""
    return queries.show_plan(uow, plan_id)


@room.route("/plans/<plan_id>/stop", methods=["POST"])
@allow("office")
@room.response(200, PlanSchema)
def stop_plan(uow: UnitOfWork, plan_id: str) -> dict[str, Any]:
    """End the search, and keep the best so far."""
    actions.stop_plan(uow, plan_id)
    return queries.show_progress(uow, plan_id)


@room.route("/plans/<plan_id>/publish", methods=["POST"])
@allow("office", creates=True)
@room.response(200, PlanSchema)
def publish(uow: UnitOfWork, plan_id: str) -> dict[str, Any]:
    """Make it everybody's times (If-Match: the evening's version); all is asked once more, and each adult told once."""
    queries.get_plan(uow, plan_id)
    publish_plan(uow, plan_id, _based_on())
    return queries.show_progress(uow, plan_id)


@room.route("/evenings/<evening_id>/why")
@allow("guardian")
@room.response(200, WhySchema)
def show_why(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """What became of each of the caller's own wishes, and why."""
    return queries.show_why(uow, evening_id, principal().person_id)


@room.route("/evenings/<evening_id>/replans", methods=["POST"])
@allow("office", creates=True, opens=False)
@room.arguments(ReplanCreateSchema)
@room.response(201, ReplanSchema)
def find_replan(body: dict[str, Any], school: str, evening_id: str) -> Any:
    """Find the fewest changes for lost times, and show them; nothing is changed. No transaction is open meanwhile."""
    cause = Cause(**{**body, "slot_ids": tuple(body["slot_ids"]), "to_room": body["to_room"].strip()})
    with service().database.unit_of_work(school, write=False) as uow:
        kept = kept_reply(uow)
        if kept is not None:
            return kept
        found = find_changes(uow, evening_id, cause)
    written = {name: value.isoformat() if hasattr(value, "isoformat") else value
               for name, value in body.items() if value}
    with service().database.unit_of_work(school) as uow:
        return once(uow, lambda: flask.make_response(ReplanSchema().dump(queries.show_replan(uow, keep_replan(
            uow, evening_id, found, (written, principal().person_id)))), 201))


@room.route("/replans/<replan_id>")
@allow("office")
@room.response(200, ReplanSchema)
def show_replan(uow: UnitOfWork, replan_id: str) -> dict[str, Any]:
    """What would change, as it was found."""
    return queries.show_replan(uow, queries.get_replan(uow, replan_id))


@room.route("/replans/<replan_id>/confirm", methods=["POST"])
@allow("office", creates=True)
@room.response(200, ReplanSchema)
def confirm(uow: UnitOfWork, replan_id: str) -> dict[str, Any]:
    """Carry it out and tell those whose time changes; 409 when anybody booked meanwhile: have it found anew."""
    return queries.show_replan(uow, confirm_replan(uow, replan_id))


def _based_on() -> int:
    """Which version of the evening the caller has read."""
    given = re.fullmatch(r'(?:W/)?"(\d{1,9})"', flask.request.headers.get("If-Match", "").strip())
    if given is None:
        raise Invalid(errors={"/If-Match": "Say which version of the evening you have read."})
    return int(given[1])
