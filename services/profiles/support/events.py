"""What is announced of support: how often school and home should speak, and nothing else."""

from __future__ import annotations

from services.profiles.people.events import Snapshot


def support_described(pupil_id: str, reviews: str) -> Snapshot:
    return ("tandem.profiles.support.described.v1", pupil_id, {"pupil_id": pupil_id, "reviews": reviews})
