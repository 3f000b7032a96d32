"""The facts that are announced about appointments: one of each adult who comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Fact

BOOKED = "tandem.scheduling.appointment.booked.v1"
MOVED = "tandem.scheduling.appointment.moved.v1"
CANCELLED = "tandem.scheduling.appointment.cancelled.v1"


def appointment_told(kind: str, appointment: Any, guests: Sequence[Any]) -> list[Fact]:
    """Booked or moved, as both are now: a fact to each who comes; the teacher's is the first of them.

    Where the video call is, is told to who comes by video.
    """
    return [Fact(kind, appointment.id, appointment.version + number, {
        **_data(appointment, guest, number > 1), **link_of(appointment.link, guest.how)})
        for number, guest in enumerate(guests, 1)]


def link_of(link: str, how: str) -> dict[str, str]:
    return {"link": link} if link and how == "video" else {}


def appointment_cancelled(appointment: Any, guests: Sequence[Any], cause: str, stands: bool) -> list[Fact]:
    """Of guests as they are now: a fact to each; the teacher's is the first, unless it `stands` with others."""
    return [Fact(CANCELLED, appointment.id, appointment.version + number,
                 {**_data(appointment, guest, stands or number > 1), "cause": cause})
            for number, guest in enumerate(guests, 1)]


def _data(appointment: Any, guest: Any, guardian_only: bool) -> dict[str, Any]:
    data = {
        "appointment_id": appointment.id, "evening_id": appointment.evening_id, "pupil_id": appointment.pupil_id,
        "guardian_id": guest.guardian_id, "staff_id": appointment.staff_id,
        "starts_at": appointment.starts_at.isoformat(), "ends_at": appointment.ends_at.isoformat(),
        "sequence": guest.sequence, "how": guest.how,
        "place": ", ".join(filter(None, (appointment.room, appointment.place))),
    }
    return {**data, "guardian_only": True} if guardian_only else data
