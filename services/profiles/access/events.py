"""The facts about requests: ids alone."""

from __future__ import annotations

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.access.models import AccessRequest
from services.profiles.people.events import state_version


def request_requested(uow: UnitOfWork, request: AccessRequest) -> Fact:
    return Fact("tandem.profiles.access.requested.v1", request.pupil_id, 1, _ids(request), after=state_version(uow))


def request_released(uow: UnitOfWork, request: AccessRequest) -> Fact:
    return Fact("tandem.profiles.access.released.v1", request.pupil_id, 1, _ids(request), after=state_version(uow))


def _ids(request: AccessRequest) -> dict[str, str]:
    return {"request_id": request.id, "pupil_id": request.pupil_id, "guardian_id": request.guardian_id}
