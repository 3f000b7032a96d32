"""The facts that are announced about offers."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Fact

MADE = "tandem.scheduling.offer.made.v1"
ENDED = "tandem.scheduling.offer.ended.v1"


def offer_made(offer: Any) -> Fact:
    """Told to the one adult whom it is for."""
    return Fact(MADE, offer.id, 1, {
        **_data(offer), "guardian_ids": [offer.guardian_id], "starts_at": offer.starts_at.isoformat(),
        "ends_at": offer.ends_at.isoformat(), "expires_at": offer.expires_at.isoformat()})


def offer_ended(offer: Any) -> Fact:
    """Told to its adult when time ran out; who took or declined it knows, and who lost the right hears nothing."""
    told = [offer.guardian_id] if offer.state == "expired" else []
    return Fact(ENDED, offer.id, 2, {**_data(offer), "guardian_ids": told, "cause": offer.state})


def _data(offer: Any) -> dict[str, Any]:
    return {"offer_id": offer.id, "evening_id": offer.evening_id, "pupil_id": offer.pupil_id,
            "guardian_id": offer.guardian_id, "staff_id": offer.staff_id, "staff_ids": []}
