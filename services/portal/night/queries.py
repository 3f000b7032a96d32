"""What other rooms ask of the night: whether it is today."""

from __future__ import annotations

from collections.abc import Iterable

from services.portal.clients.scheduling import Appointment, is_own
from services.portal.looks import LONDON
from services.portal.night.rules import find_today
from services.portal.wiring import Portal


def list_today(portal: Portal, appointments: Iterable[Appointment]) -> list[Appointment]:
    """Of one's own appointments the first at each evening of today: there is a page of its night."""
    return find_today(filter(is_own, appointments), portal.database.clock.now(), LONDON)
