"""The facts that are announced about evenings."""

from __future__ import annotations

from chassis.envelope import Fact
from services.scheduling.evenings.models import Evening

EVENING_OPENED = "tandem.scheduling.evening.opened.v1"


def evening_opened(evening: Evening, pupil_ids: list[str]) -> Fact:
    return Fact(EVENING_OPENED, evening.id, 1, {
        "evening_id": evening.id, "on": evening.held_on.isoformat(), "respond_by": evening.respond_by_on.isoformat(),
        "pupil_ids": pupil_ids})
