"""The facts that are announced about wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.envelope import Fact

WISHES_REMINDED = "tandem.scheduling.wishes.reminded.v1"
WISHES_ANSWERED = "tandem.scheduling.wishes.answered.v1"


def wishes_reminded(evening: Mapping[str, Any], pupil_id: str, guardian_ids: Sequence[str]) -> Fact:
    """These adults of this child have not said yet what they wish; each is named once for an evening."""
    return Fact(WISHES_REMINDED, evening["id"], evening["version"], {
        "evening_id": evening["id"], "on": evening["on"].isoformat(), "respond_by": evening["respond_by"].isoformat(),
        "pupil_id": pupil_id, "guardian_ids": list(guardian_ids), "staff_ids": []})


def wishes_answered(evening: Mapping[str, Any], guardian_id: str, pupil_ids: Sequence[str]) -> Fact:
    """This adult has answered for the first time; by the same key as what reminds them, so that it comes after that."""
    return Fact(WISHES_ANSWERED, evening["id"], evening["version"], {
        "evening_id": evening["id"], "guardian_id": guardian_id, "pupil_ids": list(pupil_ids)})
