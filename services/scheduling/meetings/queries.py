"""What can be asked about meetings: the talks about a child, whom one may ask, and what could go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import find_evening_of, list_parts
from services.scheduling.checkins.queries import list_adults
from services.scheduling.evenings import queries as evenings
from services.scheduling.meetings.models import Meeting
from services.scheduling.meetings.rules import may_go_on
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.reviews import queries as reviews


def list_about(uow: UnitOfWork, caller: Principal, pupil_id: str) -> dict[str, Any]:
    """The caller's own talks about a child that wait or are ahead, whom one may ask for one, and, for staff, with whom.

    The office sees those of everybody.
    """
    uow.flush()
    is_family = caller.hat == "guardian"
    whose = reviews.of_talks(pupil_id, guardian_id=caller.person_id) if is_family else reviews.of_talks(
        pupil_id, staff_id=None if caller.is_any("office") else caller.person_id)
    items = reviews.list_talks(uow, *whose)
    for item in items if is_family else ():
        item.pop("guardian")
    teachers = people.list_teachers(uow, [pupil_id])[pupil_id]
    if not is_family and not caller.is_any("office"):
        teachers = [one for one in teachers if one == caller.person_id]
    return {"items": items, "teachers": _list_names(uow, people.staff_names(), teachers),
            "adults": [] if is_family else list_adults(uow, pupil_id)}


def find_meeting_of(uow: UnitOfWork, appointment_id: str) -> Meeting | None:
    """The meeting that is the rest of this appointment."""
    return next(iter(uow.all(sa.select(Meeting).where(Meeting.appointment_id == appointment_id))), None)


def find_talk(uow: UnitOfWork, caller: Principal, appointment_id: str) -> tuple[Any, list[str]]:
    """An appointment that stands and the adults who come to it, for who sits there, who comes, and the office."""
    found = find_evening_of(uow, appointment_id)
    if found is None:
        raise NotFound()
    adults = [part.guardian_id for part in list_parts(uow, found.evening_id) if part.id == appointment_id]
    if caller.hat == "guardian":
        if caller.person_id not in adults:
            raise NotFound()
        people.PERMISSIONS.require(uow, caller.person_id, "book", found.pupil_id)
    elif not caller.is_any("office") and found.slot_id not in evenings.list_slots_of(
            uow, found.evening_id, caller.person_id):
        raise NotFound()
    return found, adults


def show_rest(uow: UnitOfWork, caller: Principal, appointment_id: str) -> dict[str, Any]:
    """A talk of an evening, whether the rest of it can be booked now, and what was booked of it.

    To an adult nothing is said of who else comes, or of what they were offered.
    """
    uow.flush()
    found, adults = find_talk(uow, caller, appointment_id)
    meeting = find_meeting_of(uow, appointment_id)
    parts = reviews.list_of_meeting(uow, meeting.id) if meeting is not None else []
    if caller.hat == "guardian":
        parts, adults = [part for part in parts if part[1] == caller.person_id], []
    pupil, staff = (_list_names(uow, names, [one])[0] for names, one in (
        (people.pupil_names(), found.pupil_id), (people.staff_names(), found.staff_id)))
    return {"appointment_id": found.id, "evening_id": found.evening_id, "starts_at": found.starts_at,
            "ends_at": found.ends_at, "pupil": pupil, "staff": staff, "outcome": found.outcome,
            "adults": _list_names(uow, adult_names(), adults), "may_go_on": may_go_on(
                found.starts_at, found.ends_at, uow.now),
            "talks": [{"id": review_id, "guardian_id": guardian_id} for review_id, guardian_id in parts]}


def _list_names(uow: UnitOfWork, names: sa.Subquery, ids: Sequence[str]) -> list[dict[str, str]]:
    found = {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(names.c.id, names.c.given_name, names.c.family_name).where(
            names.c.school_id == uow.school, names.c.id.in_(ids)))}
    return sorted((found.get(one, {"id": one, "given_name": "", "family_name": ""}) for one in ids),
                  key=lambda one: (one["family_name"], one["given_name"], one["id"]))
