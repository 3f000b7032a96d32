"""How a guardian's snapshot is read here, and the fact that a colleague was called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Event, Fact
from services.scheduling.reception.models import DoorCall

COLLEAGUE_CALLED = "tandem.scheduling.colleague.called.v1"
DOOR = "door"  # the key of a call about nobody whom we know


def read_adult(event: Event) -> dict[str, Any]:
    """The row of an adult; an erased one keeps its key and nothing else."""
    data = event.data or {}
    status = "erased" if event.data is None else str(data.get("status", "current"))
    return {"id": event.key, "given_name": str(data.get("given_name", "")),
            "family_name": str(data.get("family_name", "")), "status": status}


def colleague_called(call: DoorCall, staff_ids: Sequence[str]) -> Fact:
    return Fact(COLLEAGUE_CALLED, call.pupil_id or DOOR, 1, {
        "call_id": call.id, "pupil_id": call.pupil_id, "guardian_id": call.guardian_id, "staff_ids": list(staff_ids)})
