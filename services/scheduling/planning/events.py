"""The facts that are announced about plans: ids, ways and times alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chassis.envelope import Fact

PLAN_PUBLISHED = "tandem.scheduling.plan.published.v1"
ITINERARY_PLANNED = "tandem.scheduling.itinerary.planned.v1"


def plan_published(evening: Any, plan_id: str, staff_ids: Iterable[str]) -> Fact:
    """Everybody's times stand; staff who see families are told once, by this."""
    return Fact(PLAN_PUBLISHED, plan_id, 1, {
        "evening_id": evening.id, "plan_id": plan_id, "on": evening.held_on.isoformat(),
        "staff_ids": sorted(staff_ids)})


def itinerary_planned(evening: Any, guardian_id: str, pupil_ids: Iterable[str],
                      talks: Sequence[dict[str, Any]]) -> Fact:
    """One adult's whole evening; no talks for one whose wishes could not be met. Nothing says what was not met."""
    return Fact(ITINERARY_PLANNED, f"{evening.id}:{guardian_id}", 1, {
        "evening_id": evening.id, "guardian_id": guardian_id, "on": evening.held_on.isoformat(),
        "pupil_ids": sorted(pupil_ids), "talks": list(talks)})
