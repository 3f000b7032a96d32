"""The HTTP edge of appointments."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.appointments import actions, queries
from services.scheduling.appointments.schemas import (
    AppointmentCancelSchema,
    AppointmentCreateSchema,
    AppointmentListSchema,
    AppointmentMoveSchema,
    AppointmentSchema,
    EveningSlotsSchema,
    FamilyHomeSchema,
    ReleasedListSchema,
    ReleasedQuerySchema,
    RunSheetSchema,
    SlotsQuerySchema,
)
from services.scheduling.callers import calling_adult
from services.scheduling.checkins import queries as checkins
from services.scheduling.evenings import queries as evenings
from services.scheduling.paging import Page, PageQuerySchema, read_page, reply_page
from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.wishes import queries as wishes

FIRST_PAGE = 50
room = Blueprint("appointments", __name__, url_prefix="/schools/<school>",
                 description="The appointments that families book in evenings")


@room.route("/evenings/<evening_id>/pupils/<pupil_id>/slots")
@allow("guardian", "office", right="book")
@room.arguments(SlotsQuerySchema, location="query")
@room.response(200, EveningSlotsSchema)
def list_slots(uow: UnitOfWork, query: dict[str, Any], evening_id: str, pupil_id: str) -> dict[str, Any]:
    """The child's own teachers and their times; of others' bookings only 'taken' is said."""
    guardian_id = _for_whom(uow, query["guardian_id"], pupil_id)
    return queries.list_slots(uow, evening_id, pupil_id, guardian_id)


@room.route("/evenings/<evening_id>/pupils/<pupil_id>/appointments", methods=["POST"])
@allow("guardian", "office", right="book", creates=True)
@room.arguments(AppointmentCreateSchema)
@room.response(201, AppointmentSchema)
def book_slot(uow: UnitOfWork, body: dict[str, Any], evening_id: str, pupil_id: str) -> dict[str, Any]:
    """Book a time, the office for the adult it names; 409 says which are free when somebody was faster."""
    guardian_id = _for_whom(uow, body["guardian_id"], pupil_id)
    if guardian_id is None:
        raise Invalid(errors={"/guardian_id": "Say for which adult (guardian_id) this is."})
    wish = actions.BookSlot(evening_id, pupil_id, body["slot_id"], guardian_id, body["how"], body["call_on"],
                            body["needs"], by_office=calling_adult() is None)
    return queries.get_item(uow, actions.book_slot(uow, wish), guardian_id)


@room.route("/appointments/<appointment_id>/move", methods=["POST"])
@allow("guardian", "office")
@room.arguments(AppointmentMoveSchema)
@room.response(200, AppointmentSchema)
def move_appointment(uow: UnitOfWork, body: dict[str, Any], appointment_id: str) -> dict[str, Any]:
    """Change the time of an appointment in one step; 409 says which are free, and the old time is kept."""
    me = calling_adult()
    actions.move_appointment(uow, appointment_id, body["slot_id"], me)
    return queries.get_item(uow, appointment_id, me)


@room.route("/appointments/<appointment_id>/cancel", methods=["POST"])
@allow("guardian", "office")
@room.arguments(AppointmentCancelSchema)
@room.response(200, AppointmentSchema)
def cancel_appointment(uow: UnitOfWork, body: dict[str, Any], appointment_id: str) -> dict[str, Any]:
    """Give a time back."""
    me = calling_adult()
    whose = me or body["guardian_id"]
    actions.cancel_appointment(uow, appointment_id, whose, "guardian" if me else "office")
    return queries.get_item(uow, appointment_id, whose)


@room.route("/home")
@allow("guardian")
@room.response(200, FamilyHomeSchema)
def show_home(uow: UnitOfWork) -> dict[str, Any]:
    """A parent's first page in one read: evenings to come, what is booked, reviews to choose a time for, and talks."""
    me, page = principal().person_id, Page(FIRST_PAGE)
    reader = evenings.read_as_guardian(uow, me)
    planned = checkins.list_planned(uow, me, reader.bookable or ())
    ahead = evenings.list_evenings(uow, reader, page)[:FIRST_PAGE]
    return {"evenings": ahead,
            "wishes": wishes.list_answered(uow, me, reader.bookable or (), ahead),
            "appointments": queries.list_my_appointments(uow, me, page, reader.bookable, planned.sharing)[:FIRST_PAGE],
            "reviews": planned.reviews, "check_ins": planned.talks}


@room.route("/appointments")
@allow("guardian", "staff")
@room.arguments(PageQuerySchema, location="query")
@room.response(200, AppointmentListSchema)
def list_appointments(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """What is ahead for the caller."""
    page, caller = read_page(query), principal()
    read = queries.list_my_appointments if caller.hat == "guardian" else queries.list_staff_appointments
    return reply_page(read(uow, caller.person_id, page), page, "slot_id")


@room.route("/evenings/<evening_id>/staff/<staff_id>/appointments")
@allow("staff")
@room.response(200, RunSheetSchema)
def show_run_sheet(uow: UnitOfWork, evening_id: str, staff_id: str) -> dict[str, Any]:
    """One teacher's evening in order."""
    caller = principal()
    if caller.person_id != staff_id and not caller.is_any("office"):
        raise NotFound()
    return {"items": queries.list_run_sheet(uow, evening_id, staff_id), "after": None}


@room.route("/released")
@allow("office", "head", "dsl")
@room.arguments(ReleasedQuerySchema, location="query")
@room.response(200, ReleasedListSchema)
def list_released(uow: UnitOfWork, query: dict[str, Any]) -> dict[str, Any]:
    """What was taken back from adults, why and when, so that the office can book again."""
    page, wanted = read_page(query), queries.Released(query["pupil_id"], query["guardian_id"])
    return reply_page(queries.list_released(uow, wanted, page), page, "part_id")


def _for_whom(uow: UnitOfWork, named: str | None, pupil_id: str) -> str | None:
    """The adult whom this is for: the caller, or whom the office names, if that adult may book."""
    me = calling_adult()
    if me is not None:
        if named not in (None, me):
            raise NotFound()
        return me
    if named is not None:
        PERMISSIONS.require(uow, named, "book", pupil_id)
    return named
