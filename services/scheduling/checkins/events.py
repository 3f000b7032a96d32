"""Facts announced about check-ins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Fact

PROPOSED = "tandem.scheduling.checkin.proposed.v1"
DECLINED = "tandem.scheduling.checkin.declined.v1"
HELD = "tandem.scheduling.checkin.held.v1"


def checkin_proposed(row: Any, guardian_ids: Sequence[str], staff_ids: Sequence[str]) -> Fact:
    """A time for a talk, told to those who are named: first the teacher alone, then, if they wish, the adult."""
    return Fact(PROPOSED, row.id, row.version, {
        **_data(row), "guardian_ids": list(guardian_ids), "staff_ids": list(staff_ids),
        "starts_at": row.starts_at.isoformat(), "how": row.how})


def checkin_declined(row: Any) -> Fact:
    """The adult could not at that time: told to the teacher, without their words."""
    return Fact(DECLINED, row.id, row.version, {**_data(row), "staff_ids": [row.staff_id]})


def checkin_held(row: Any) -> Fact:
    return Fact(HELD, row.id, row.version, {**_data(row), "on": row.held_on.isoformat()})


def _data(row: Any) -> dict[str, str]:
    return {"checkin_id": row.id, "pupil_id": row.pupil_id, "guardian_id": row.guardian_id, "staff_id": row.staff_id}
