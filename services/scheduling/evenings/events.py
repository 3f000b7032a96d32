"""The facts that are announced about evenings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chassis.envelope import Fact
from services.scheduling.evenings.models import Evening

EVENING_OPENED = "tandem.scheduling.evening.opened.v1"
EVENING_CHANGED = "tandem.scheduling.evening.changed.v1"
EVENING_MOVED = "tandem.scheduling.evening.moved.v1"
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


def evening_moved(evening: Evening, was_on: date, pupil_ids: list[str], staff_ids: list[str]) -> Fact:
    """It is on another day, or at other hours, before anybody has a time: for who is invited, and who sits there."""
    return Fact(EVENING_MOVED, evening.id, evening.version, {
        "evening_id": evening.id, "was_on": was_on.isoformat(), "on": evening.held_on.isoformat(),
        "starts_at": evening.starts_at.isoformat(), "ends_at": evening.ends_at.isoformat(),
        "respond_by": evening.respond_by_on.isoformat(), "pupil_ids": pupil_ids, "staff_ids": staff_ids})


def evening_cancelled(evening: Evening, pupil_ids: list[str], staff_ids: list[str]) -> Fact:
    """It will not be: for those who were invited, and who would have sat there."""
    return Fact(EVENING_CANCELLED, evening.id, evening.version, {
        "evening_id": evening.id, "on": evening.held_on.isoformat(), "pupil_ids": pupil_ids, "staff_ids": staff_ids})
