"""Facts announced about reviews, and how profiles' wish for one is read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis.envelope import Event, Fact

OFFERED = "tandem.scheduling.review.offered.v1"
BOOKED = "tandem.scheduling.review.booked.v1"
CANCELLED = "tandem.scheduling.review.cancelled.v1"
TALK_OFFERED = "tandem.scheduling.meeting.offered.v1"
TALK_BOOKED = "tandem.scheduling.meeting.booked.v1"
TALK_CANCELLED = "tandem.scheduling.meeting.cancelled.v1"
TALK_HELD = "tandem.scheduling.meeting.held.v1"
TALK = "talk"


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
    """There are times to choose from; told to those who are named, and to no adult who has no part in it any more."""
    return Fact(TALK_OFFERED if review.kind == TALK else OFFERED, review.id, review.version, {
        **_data(review), "guardian_ids": [] if review.is_staffs_alone else list(guardian_ids),
        "staff_ids": list(staff_ids)})


def review_booked(review: Any, link: str) -> Fact:
    """`link` is where the video call is; '' where one meets in another way."""
    return Fact(TALK_BOOKED if review.kind == TALK else BOOKED, review.id, review.version, {
        **_data(review), "guardian_id": review.guardian_id, "staff_id": review.staff_id,
        "guardian_ids": [review.guardian_id], "staff_ids": [review.staff_id], "how": review.how,
        "sequence": review.sequence, "starts_at": review.starts_at.isoformat(), "ends_at": review.ends_at.isoformat(),
        **({"link": link} if link else {})})


def read_time(review: Any) -> dict[str, str]:
    """The time of a booked review, and how one meets; nothing of another."""
    if review.state != "booked":
        return {}
    return {"starts_at": review.starts_at.isoformat(), "ends_at": review.ends_at.isoformat(), "how": review.how}


def review_cancelled(review: Any, cause: str, was: Mapping[str, str]) -> Fact:
    """It stands no longer: told to the two whose it was, with the time that `was`, so that calendars take it out.

    What was offered, and is wanted no longer, goes without a word.
    """
    is_told = bool(was) or cause != "dropped"
    adults = [review.guardian_id] if is_told and not review.is_staffs_alone else []
    return _cancelled(review, (adults, [review.staff_id] if is_told else []), cause, was)


def review_left(review: Any, was: Mapping[str, str]) -> Fact:
    """It stands no longer for the adult, who alone is told; for the member of staff all is as it was."""
    return _cancelled(review, ([review.guardian_id], []), "dropped", was)


def _cancelled(review: Any, told: tuple[Sequence[str], Sequence[str]], cause: str, was: Mapping[str, str]) -> Fact:
    return Fact(TALK_CANCELLED if review.kind == TALK else CANCELLED, review.id, review.version, {
        **_data(review), "guardian_id": review.guardian_id, "guardian_ids": list(told[0]), "staff_ids": list(told[1]),
        "cause": cause, **was, "sequence": review.sequence})


def talk_held(review: Any) -> Fact:
    """The time of a talk is over, and nobody had given it back."""
    return Fact(TALK_HELD, review.id, review.version, {
        **_data(review), "guardian_id": review.guardian_id, "staff_id": review.staff_id,
        "starts_at": review.starts_at.isoformat(), "ends_at": review.ends_at.isoformat()})


def _data(review: Any) -> dict[str, str]:
    """Of a review the loop that it is of, of a talk its meeting."""
    about = "meeting_id" if review.kind == TALK else "partnership_id"
    return {"review_id": review.id, about: review.partnership_id, "pupil_id": review.pupil_id}
