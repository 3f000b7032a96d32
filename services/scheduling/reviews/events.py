"""Facts announced about reviews, and how profiles' wish for one is read here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.envelope import Event, Fact

OFFERED = "tandem.scheduling.review.offered.v1"
BOOKED = "tandem.scheduling.review.booked.v1"
CANCELLED = "tandem.scheduling.review.cancelled.v1"


def read_ask(event: Event) -> dict[str, Any]:
    """The row of what was asked, or of what is wanted no longer."""
    data = event.data or {}
    first, last = data.get("from_on"), data.get("by_on")
    return {"partnership_id": event.key, "pupil_id": str(data.get("pupil_id", "")),
            "guardian_ids": list(data.get("guardian_ids", ())), "staff_ids": list(data.get("staff_ids", ())),
            "from_on": date.fromisoformat(first) if first else None,
            "by_on": date.fromisoformat(last) if last else None,
            "status": "asked" if ".asked." in event.type else "dropped"}


def review_offered(review: Any, guardian_ids: Sequence[str], staff_ids: Sequence[str]) -> Fact:
    """There are times to choose from; told to those who are named."""
    return Fact(OFFERED, review.id, review.version, {
        **_data(review), "guardian_ids": list(guardian_ids), "staff_ids": list(staff_ids)})


def review_booked(review: Any) -> Fact:
    return Fact(BOOKED, review.id, review.version, {
        **_data(review), "guardian_id": review.guardian_id, "staff_id": review.staff_id,
        "guardian_ids": [review.guardian_id], "staff_ids": [review.staff_id], "how": review.how,
        "sequence": review.sequence, "starts_at": review.starts_at.isoformat(), "ends_at": review.ends_at.isoformat()})


def review_cancelled(review: Any, cause: str) -> Fact:
    return Fact(CANCELLED, review.id, review.version, {
        **_data(review), "guardian_ids": [review.guardian_id], "staff_ids": [review.staff_id], "cause": cause})


def _data(review: Any) -> dict[str, str]:
    return {"review_id": review.id, "partnership_id": review.partnership_id, "pupil_id": review.pupil_id}
