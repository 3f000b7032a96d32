"""What this service is told by its environment; README.md lists the same names."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import SystemClock
from chassis.running import COMMON, Surroundings, read_surroundings
from chassis.settings import Setting
from chassis.web import Service
from services.profiles.wiring import build

SETTINGS = (
    Setting("PROFILES_DATABASE_URL", "where this service keeps its rows: postgresql+psycopg://... or sqlite:///..."),
    Setting("PROFILES_SEAL", "what all profiles of a trust know each other's pages by: one secret for all cells",
            default=""),
    *COMMON,
)


@dataclass(frozen=True, slots=True)
class Running:
    """The service as the environment describes it."""

    service: Service
    surroundings: Surroundings


def from_environment() -> Running:
    """Read the settings and build; Refused says in words what is missing."""
    found = read_surroundings(SETTINGS)
    service = build(found.values["PROFILES_DATABASE_URL"], found.public_key, SystemClock(), found.schools,
                    seal=found.values["PROFILES_SEAL"])
    return Running(service, found)
