"""The facts about matters: an id that leads nowhere but here, and nothing else."""

from __future__ import annotations

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version


def matter_fact(uow: UnitOfWork, matter_id: str, happened: str, version: int) -> Fact:
    return Fact(f"tandem.profiles.matter.{happened}.v1", matter_id, version, {"matter_id": matter_id},
                after=state_version(uow))
