"""What this service is told by its environment; README.md lists the same names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from chassis.clock import SystemClock
from chassis.errors import Refused
from chassis.settings import Placement, Setting, read_settings
from chassis.web import Service
from services.scheduling.wiring import build

SETTINGS = (
    Setting("SCHEDULING_DATABASE_URL", "where this service keeps its rows: postgresql+psycopg://... or sqlite:///..."),
    Setting("TANDEM_PUBLIC_KEY", "the public half of the portal's key, as a JWK (TANDEM_PUBLIC_KEY_FILE for a file)"),
    Setting("TANDEM_TRUST", "the file that places schools in cells", "deploy/trust.yaml"),
    Setting("TANDEM_CELL", "the cell that this process serves", "main"),
    Setting("TANDEM_BUS", "Kafka's bootstrap servers, or embedded:<file> for one machine", "127.0.0.1:9092"),
)


@dataclass(frozen=True, slots=True)
class Running:
    """The service as the environment describes it, and what its worker needs beside it."""

    service: Service
    cell: str
    bus: str


def from_environment() -> Running:
    """Read the settings and build; Refused says in words what is missing."""
    values = read_settings(SETTINGS)
    placement = Placement(Path(values["TANDEM_TRUST"]))
    cell = values["TANDEM_CELL"]
    try:
        public_key = json.loads(values["TANDEM_PUBLIC_KEY"])
    except ValueError as error:
        raise Refused("TANDEM_PUBLIC_KEY is not a JWK.") from error
    service = build(values["SCHEDULING_DATABASE_URL"], public_key, SystemClock(), lambda: placement.schools(cell))
    return Running(service, cell, values["TANDEM_BUS"])
