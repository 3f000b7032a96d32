"""The facts that are announced about evenings."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Fact
from services.scheduling.evenings.models import Evening

EVENING_OPENED = "tandem.scheduling.evening.opened.v1"
EVENING_CHANGED = "tandem.scheduling.evening.changed.v1"
EVENING_CANCELLED = "tandem.scheduling.evening.cancelled.v1"


def evening_opened(evening: Evening, pupil_ids: list[str]) -> Fact:
    """These children's families are invited from now on."""
    return Fact(EVENING_OPENED, evening.id, evening.version, {
        "evening_id": evening.id, "on": evening.held_on.isoformat(), "respond_by": evening.respond_by_on.isoformat(),
        "way": evening.way, "pupil_ids": pupil_ids})


def evening_changed(evening: Evening, changed: Sequence[str]) -> Fact:
    """Something of an evening that families see is different; who has a time that changes hears of it apart."""
    return Fact(EVENING_CHANGED, evening.id, evening.version, {
        "evening_id": evening.id, "on": evening.held_on.isoformat(), "respond_by": evening.respond_by_on.isoformat(),
        "changed": sorted(changed)})


def evening_cancelled(evening: Evening, pupil_ids: list[str], staff_ids: list[str]) -> Fact:
    """It will not be: for those who were invited, and who would have sat there."""
    return Fact(EVENING_CANCELLED, evening.id, evening.version, {
        "evening_id": evening.id, "on": evening.held_on.isoformat(), "pupil_ids": pupil_ids, "staff_ids": staff_ids})
