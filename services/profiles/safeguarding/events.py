"""The facts about matters: an id that leads nowhere but here; and that some words are for others no longer."""

from __future__ import annotations

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version
from services.profiles.signed import Passed


def matter_fact(uow: UnitOfWork, matter_id: str, happened: str, version: int) -> Fact:
    return Fact(f"tandem.profiles.matter.{happened}.v1", matter_id, version, {"matter_id": matter_id},
                after=state_version(uow))


def entry_withdrawn(uow: UnitOfWork, entry_id: str, passed: Passed) -> Fact:
    """Nobody but whoever wrote it is told of this any more: of one entry in `about_id`, or of all of it."""
    one = {} if passed.is_whole else {"entry_id": entry_id}
    return Fact("tandem.profiles.entry.withdrawn.v1", passed.pupil_id, 1, {
        "about_id": passed.about_id or entry_id, **one, "pupil_id": passed.pupil_id, "by_id": passed.author_id},
        after=state_version(uow))
