"""The facts that are announced of strategies: ids, voices and words of our own choosing, never what anybody wrote.

Whom each names is chosen so that no adult is told of what another adult has done for themselves.
"""

from __future__ import annotations

from typing import Any

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version
from services.profiles.strategies.models import Strategy, Tried


def strategy_fact(uow: UnitOfWork, strategy: Strategy, happened: str, voice: str, told: dict[str, Any]) -> Fact:
    """`happened` is suggested, agreed, changed or ended; `told` names who is to be told, where anybody is."""
    return Fact(f"tandem.profiles.strategy.{happened}.v1", strategy.pupil_id, 1, {
        "strategy_id": strategy.id, "pupil_id": strategy.pupil_id, "voice": voice, **told}, after=state_version(uow))


def strategy_tried(uow: UnitOfWork, note: Tried) -> Fact:
    return Fact("tandem.profiles.strategy.tried.v1", note.pupil_id, 1, {
        "strategy_id": note.strategy_id, "pupil_id": note.pupil_id, "voice": note.voice, "how": note.how},
        after=state_version(uow))
