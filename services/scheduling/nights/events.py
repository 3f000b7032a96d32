"""The facts that are announced after an evening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Fact

HELD = "tandem.scheduling.talk.held.v1"
MISSED = "tandem.scheduling.talk.missed.v1"
THANKED = "tandem.scheduling.evening.thanked.v1"


def talk_told(kind: str, parts: Sequence[Any], evening_id: str) -> Fact:
    """Of one talk, with all who were to come to it: it took place, or they were missed."""
    first = parts[0]
    return Fact(kind, f"{first.id}:talk", 1, {
        "appointment_id": first.id, "evening_id": evening_id, "pupil_id": first.pupil_id, "staff_id": first.staff_id,
        "guardian_ids": [part.guardian_id for part in parts], "starts_at": first.starts_at.isoformat()})


def evening_thanked(evening_id: str, guardian_id: str, pupil_ids: list[str]) -> Fact:
    """An adult who came is thanked once, however many talks there were."""
    return Fact(THANKED, f"{evening_id}:{guardian_id}", 1, {
        "evening_id": evening_id, "guardian_ids": [guardian_id], "pupil_ids": pupil_ids})
