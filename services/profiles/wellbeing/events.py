"""The facts about updates from home: ids, a kind and a date; never a word of them, and never why one ended."""

from __future__ import annotations

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version
from services.profiles.wellbeing.models import Update


def update_fact(uow: UnitOfWork, update: Update, happened: str, **more: object) -> Fact:
    """What happened to an update.

    'ended' says that nothing of it waits for staff any more: everybody has read it, it was taken back, its time is
    over, or it is with a safeguarding lead. The fact is the same for all, so that none can be told from another.
    """
    return Fact(f"tandem.profiles.update.{happened}.v1", update.pupil_id, 1, {
        "update_id": update.id, "pupil_id": update.pupil_id, "guardian_id": update.guardian_id, **more},
        after=state_version(uow))
