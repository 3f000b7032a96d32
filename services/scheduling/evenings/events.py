"""The facts that are announced about evenings and appointments."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Fact
from services.scheduling.evenings.models import Evening

EVENING_OPENED = "tandem.scheduling.evening.opened.v1"
APPOINTMENT_BOOKED = "tandem.scheduling.appointment.booked.v1"
APPOINTMENT_CANCELLED = "tandem.scheduling.appointment.cancelled.v1"


def evening_opened(evening: Evening, pupil_ids: list[str]) -> Fact:
    return Fact(EVENING_OPENED, evening.id, 1, {
        "evening_id": evening.id, "on": evening.held_on.isoformat(), "respond_by": evening.respond_by_on.isoformat(),
        "pupil_ids": pupil_ids})


def appointment_booked(appointment: Any) -> Fact:
    return Fact(APPOINTMENT_BOOKED, appointment.id, appointment.sequence + 1, _data(appointment, appointment.sequence))


def appointment_cancelled(appointment: Any, cause: str) -> Fact:
    """Of an appointment as it was before: the cancelling is its next sequence."""
    sequence = appointment.sequence + 1
    return Fact(APPOINTMENT_CANCELLED, appointment.id, sequence + 1, {**_data(appointment, sequence), "cause": cause})


def _data(appointment: Any, sequence: int) -> dict[str, Any]:
    return {
        "appointment_id": appointment.id, "evening_id": appointment.evening_id, "pupil_id": appointment.pupil_id,
        "guardian_id": appointment.guardian_id, "staff_id": appointment.staff_id,
        "starts_at": appointment.starts_at.isoformat(), "ends_at": appointment.ends_at.isoformat(),
        "sequence": sequence, "place": appointment.place,
    }
