"""Facts announced about meetings; what becomes of each adult's part is announced by reviews (meeting.offered ...)."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Fact

ASKED = "tandem.scheduling.meeting.asked.v1"


def meeting_asked(meeting: Any, staff_ids: list[str]) -> Fact:
    """Somebody would like to talk; told to the member of staff, unless it was they who asked."""
    return Fact(ASKED, meeting.id, 1, {
        "meeting_id": meeting.id, "pupil_id": meeting.pupil_id, "asked_by": meeting.asked_by, "staff_ids": staff_ids})
