"""What this service is told by its environment; README.md lists the same names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from chassis.clock import SystemClock
from chassis.errors import Refused
from chassis.mail import SmtpSender
from chassis.settings import Placement, Setting, read_settings
from chassis.web import Service
from services.notifications.wiring import build

SETTINGS = (
    Setting("NOTIFICATIONS_DATABASE_URL",
            "where this service keeps its rows: postgresql+psycopg://... or sqlite:///..."),
    Setting("TANDEM_PUBLIC_KEY", "the public half of the portal's key, as a JWK (TANDEM_PUBLIC_KEY_FILE for a file)"),
    Setting("TANDEM_TRUST", "the file that places schools in cells", "deploy/trust.yaml"),
    Setting("TANDEM_CELL", "the cell that this process serves", "main"),
    Setting("TANDEM_BUS", "Kafka's bootstrap servers, or embedded:<file> for one machine", "127.0.0.1:9092"),
    Setting("TANDEM_SMTP", "the mail server, host:port"),
    Setting("TANDEM_PORTAL_URL", "where people open the portal"),
    Setting("TANDEM_MAIL_FROM", "the sender of letters", "Tandem <no-reply@tandem.invalid>"),
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
    placement, cell = Placement(Path(values["TANDEM_TRUST"])), values["TANDEM_CELL"]
    host, _, port = values["TANDEM_SMTP"].rpartition(":")
    if not host or not port.isdigit():
        raise Refused("TANDEM_SMTP is host:port, for example 127.0.0.1:1025.")
    try:
        public_key = json.loads(values["TANDEM_PUBLIC_KEY"])
    except ValueError as error:
        raise Refused("TANDEM_PUBLIC_KEY is not a JWK.") from error
    service = build(values["NOTIFICATIONS_DATABASE_URL"], public_key, SystemClock(), lambda: placement.schools(cell),
                    SmtpSender(host, int(port), values["TANDEM_MAIL_FROM"]), values["TANDEM_PORTAL_URL"])
    return Running(service, cell, values["TANDEM_BUS"])
