"""The HTTP edge of evenings."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.evenings import actions, queries
from services.scheduling.evenings.rules import EveningTimes
from services.scheduling.evenings.schemas import EveningCreateSchema, EveningListSchema, EveningSchema
from services.scheduling.paging import PageQuerySchema, read_page, reply_page

room = Blueprint("evenings", __name__, url_prefix="/schools/<school>",
                 description="Parents' evenings")


@room.route("/evenings", methods=["POST"])
@allow("office", creates=True)
@room.arguments(EveningCreateSchema)
@room.response(201, EveningSchema)
def open_evening(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Open a parents' evening for some classes: their teachers get slots, their families an invitation."""
    times = EveningTimes(body["on"], time.fromisoformat(body["start"]), time.fromisoformat(body["end"]),
                         body["slot_minutes"], body["respond_by"])
    evening = actions.open_evening(uow, actions.OpenEvening(body["title"], body["place"], body["class_ids"], times))
    return queries.evening_item(evening, list(dict.fromkeys(body["class_ids"])))


@room.route("/evenings")
@allow("guardian", "staff")
@room.arguments(PageQuerySchema, location="query")
@room.response(200, EveningListSchema)
def list_evenings(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """Evenings that concern the caller: an adult's to come, a teacher's own, all for the office."""
    page = read_page(query)
    return reply_page(queries.list_evenings(uow, _reader(uow), page), page)


@room.route("/evenings/<evening_id>")
@allow("guardian", "staff")
@room.response(200, EveningSchema)
def show_evening(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """One evening, if it concerns the caller."""
    return queries.get_evening(uow, evening_id, _reader(uow))


def _reader(uow: UnitOfWork) -> queries.Reader:
    caller = principal()
    if caller.hat == "guardian":
        return queries.read_as_guardian(uow, caller.person_id)
    return queries.Reader() if caller.is_any("office") else queries.Reader(staff_id=caller.person_id)
