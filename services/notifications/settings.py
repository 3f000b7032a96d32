"""What this service is told by its environment; README.md lists the same names."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import SystemClock
from chassis.running import COMMON, MAIL, Surroundings, read_surroundings
from chassis.settings import Setting
from chassis.web import Service
from services.notifications.wiring import build

SETTINGS = (
    Setting("NOTIFICATIONS_DATABASE_URL", "where this service keeps its rows: postgresql+psycopg://... or sqlite:///..."),
    *COMMON,
    *MAIL,
)


@dataclass(frozen=True, slots=True)
class Running:
    """The service as the environment describes it."""

    service: Service
    surroundings: Surroundings


def from_environment() -> Running:
    """Read the settings and build; Refused says in words what is missing."""
    found = read_surroundings(SETTINGS)
    service = build(found.values["NOTIFICATIONS_DATABASE_URL"], found.public_key, SystemClock(), found.schools,
                    found.mail_sender(), found.values["TANDEM_PORTAL_URL"])
    return Running(service, found)
