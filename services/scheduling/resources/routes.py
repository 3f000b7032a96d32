"""The HTTP edge of resources."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow
from services.scheduling.evenings.queries import find_evening
from services.scheduling.resources import queries
from services.scheduling.resources.offering import set_resources as offer
from services.scheduling.resources.rules import Offered
from services.scheduling.resources.schemas import ResourceListSchema, ResourcesWantedSchema

room = Blueprint("resources", __name__, url_prefix="/schools/<school>",
                 description="What families may need at an evening, and how much of it there is")


@room.route("/evenings/<evening_id>/resources")
@allow("office")
@room.response(200, ResourceListSchema)
def list_resources(uow: UnitOfWork, evening_id: str) -> Any:
    """What there is; the ETag is of the whole list."""
    find_evening(uow, evening_id)
    return _shown(uow, evening_id)


@room.route("/evenings/<evening_id>/resources", methods=["PUT"])
@allow("office")
@room.arguments(ResourcesWantedSchema)
@room.response(200, ResourceListSchema)
def set_resources(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> Any:
    """Offer this list (If-Match); 412 when a colleague was faster, 409 where a family would lose what it has."""
    given = re.fullmatch(r'(?:W/)?"([0-9a-f]{16})"', flask.request.headers.get("If-Match", "").strip())
    if given is None:
        raise Invalid(errors={"/If-Match": "Say which list this changes."})
    offer(uow, evening_id, [_offered(one) for one in body["items"]], given[1])
    return _shown(uow, evening_id)


def _offered(one: dict[str, Any]) -> Offered:
    start, end = (time.fromisoformat(one[name]) if one[name] else None for name in ("from", "to"))
    return Offered(one.get("id", ""), one["kind"], one["language"].strip(), one["name"].strip(), one["units"], start,
                   end)


def _shown(uow: UnitOfWork, evening_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    found = queries.show_resources(uow, evening_id)
    return found, {"ETag": f'"{found["tag"]}"'}
