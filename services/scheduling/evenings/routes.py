"""The HTTP edge of evenings and appointments."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_smorest import Blueprint

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.evenings import actions, queries
from services.scheduling.evenings.rules import EveningTimes
from services.scheduling.evenings.schemas import (
    AppointmentCreateSchema,
    AppointmentListSchema,
    AppointmentSchema,
    EveningCreateSchema,
    EveningListSchema,
    EveningSchema,
    EveningSlotsSchema,
    FamilyHomeSchema,
    RunSheetSchema,
)
from services.scheduling.paging import Page, PageQuerySchema, read_page, reply_page

FIRST_PAGE = 50
room = Blueprint("evenings", __name__, url_prefix="/schools/<school>",
                 description="Parents' evenings and the appointments in them")


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


@room.route("/evenings/<evening_id>/pupils/<pupil_id>/slots")
@allow("guardian", "office", right="book")
@room.response(200, EveningSlotsSchema)
def list_slots(uow: UnitOfWork, evening_id: str, pupil_id: str) -> dict[str, Any]:
    """The child's own teachers and their times; of others' bookings only 'taken' is said."""
    caller = principal()
    return queries.list_slots(uow, evening_id, pupil_id, caller.person_id if caller.hat == "guardian" else None)


@room.route("/evenings/<evening_id>/pupils/<pupil_id>/appointments", methods=["POST"])
@allow("guardian", right="book", creates=True)
@room.arguments(AppointmentCreateSchema)
@room.response(201, AppointmentSchema)
def book_slot(uow: UnitOfWork, body: dict[str, Any], evening_id: str, pupil_id: str) -> dict[str, Any]:
    """Book a time; 409 says which are free when somebody was faster."""
    wish = actions.BookSlot(evening_id, pupil_id, body["slot_id"], principal().person_id)
    return queries.get_appointment_item(uow, actions.book_slot(uow, wish).id)


@room.route("/appointments/<appointment_id>/cancel", methods=["POST"])
@allow("guardian", "office")
@room.response(200, AppointmentSchema)
def cancel_appointment(uow: UnitOfWork, appointment_id: str) -> dict[str, Any]:
    """Give a time back."""
    caller = principal()
    actions.cancel_appointment(uow, appointment_id, caller.person_id if caller.hat == "guardian" else None)
    return queries.get_appointment_item(uow, appointment_id)


@room.route("/home")
@allow("guardian")
@room.response(200, FamilyHomeSchema)
def show_home(uow: UnitOfWork) -> dict[str, Any]:
    """A parent's first page in one read: evenings to come, and what is booked."""
    me, page = principal().person_id, Page(FIRST_PAGE)
    reader = queries.read_as_guardian(uow, me)
    return {"evenings": queries.list_evenings(uow, reader, page)[:FIRST_PAGE],
            "appointments": queries.list_my_appointments(uow, me, page, reader.bookable)[:FIRST_PAGE]}


@room.route("/appointments")
@allow("guardian", "staff")
@room.arguments(PageQuerySchema, location="query")
@room.response(200, AppointmentListSchema)
def list_appointments(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """What is ahead for the caller."""
    page, caller = read_page(query), principal()
    read = queries.list_my_appointments if caller.hat == "guardian" else queries.list_staff_appointments
    return reply_page(read(uow, caller.person_id, page), page)


@room.route("/evenings/<evening_id>/staff/<staff_id>/appointments")
@allow("staff")
@room.response(200, RunSheetSchema)
def show_run_sheet(uow: UnitOfWork, evening_id: str, staff_id: str) -> dict[str, Any]:
    """One teacher's evening in order."""
    caller = principal()
    if caller.person_id != staff_id and not caller.is_any("office"):
        raise NotFound()
    return {"items": queries.list_run_sheet(uow, evening_id, staff_id), "after": None}


def _reader(uow: UnitOfWork) -> queries.Reader:
    caller = principal()
    if caller.hat == "guardian":
        return queries.read_as_guardian(uow, caller.person_id)
    return queries.Reader() if caller.is_any("office") else queries.Reader(staff_id=caller.person_id)
