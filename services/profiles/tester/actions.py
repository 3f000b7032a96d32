"""What the tester does: it notes who looked at whose rights."""

from __future__ import annotations

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.unit_of_work import UnitOfWork
from services.profiles.tester.models import RightsLook


def note_look(uow: UnitOfWork, caller: Principal, what: str, pupil_id: str | None = None,
              guardian_id: str | None = None) -> None:
    """Somebody of the office has opened a screen that shows rights."""
    uow.add(RightsLook(id=new_id(), what=what, pupil_id=pupil_id, guardian_id=guardian_id, by=caller.person_id,
                       at=uow.now))
