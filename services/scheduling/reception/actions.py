"""What can be done at the door: keep who there is by name, and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.clock import new_id
from chassis.envelope import Event
from chassis.projections import keep
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people import queries as people
from services.scheduling.reception.events import colleague_called, read_adult
from services.scheduling.reception.models import DoorAdult, DoorCall
from services.scheduling.reception.queries import find_adult, find_as_of, find_pupil, is_called, may_now

COLLEAGUES = ("dsl", "head", "office")
YES, FETCH = "yes", "fetch"


@dataclass(frozen=True, slots=True)
class AskAtDoor:
    """What reception was told: two names as they were said, and what the adult has come for."""

    child: str
    adult: str
    purpose: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """All that reception is told; never why."""

    answer: str
    purpose: str
    as_of: datetime | None


def store_adults(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take adults' names; their addresses and numbers are passed over."""
    keep(uow, DoorAdult, events, read_adult)


def answer_at_door(uow: UnitOfWork, asked: AskAtDoor) -> DoorAnswer:
    """Yes if the right is open now; else a colleague is called, whatever stands in the way.

    Every question takes the same steps: neither the reply nor the time it takes says which of the names we know.
    """
    pupil_id = find_pupil(uow, asked.child)
    guardian_id = find_adult(uow, asked.adult)
    guardian_id = guardian_id if pupil_id else None  # of a child whom we don't know there is nothing to say of adults
    answer = YES if may_now(uow, pupil_id, guardian_id, asked.purpose) else FETCH
    call = DoorCall(id=new_id(), pupil_id=pupil_id, guardian_id=guardian_id, asked_for=asked.purpose, answer=answer,
                    asked_by=asked.asked_by, asked_at=uow.now, called_at=None)
    staff_ids = people.list_staff_with(uow, COLLEAGUES)
    on_the_way = is_called(uow, pupil_id, guardian_id)
    if answer == FETCH and not on_the_way:
        call.called_at = uow.now
        uow.record(colleague_called(call, staff_ids))
    uow.add(call)
    return DoorAnswer(answer, asked.purpose, find_as_of(uow))
