"""What the portal is told by its environment; README.md lists the same names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.auth import TokenMaker
from chassis.clock import SystemClock
from chassis.errors import Refused
from chassis.mail import SmtpSender
from chassis.settings import Placement, Setting, read_settings
from services.portal.clients.transport import HttpTransport, Tokens
from services.portal.wiring import Place, Portal, build

SETTINGS = (
    Setting("PORTAL_DATABASE_URL", "where the portal keeps accounts: postgresql+psycopg://... or sqlite:///..."),
    Setting("PORTAL_SECRET", "what links and cookies are signed with (PORTAL_SECRET_FILE for a file)"),
    Setting("PORTAL_PRIVATE_KEY", "the key that signs tokens, as a JWK (PORTAL_PRIVATE_KEY_FILE for a file)"),
    Setting("TANDEM_PUBLIC_KEY", "the public half of that key, as a JWK (TANDEM_PUBLIC_KEY_FILE for a file)"),
    Setting("TANDEM_TRUST", "the file that places schools in cells, and says where a cell's services answer",
            "deploy/trust.yaml"),
    Setting("TANDEM_BUS", "Kafka's bootstrap servers, or embedded:<file> for one machine", "127.0.0.1:9092"),
    Setting("TANDEM_SMTP", "the mail server, host:port"),
    Setting("TANDEM_PORTAL_URL", "where people open the portal"),
    Setting("TANDEM_MAIL_FROM", "the sender of letters", "Tandem <no-reply@tandem.invalid>"),
)


@dataclass(frozen=True, slots=True)
class Running:
    """The portal as the environment describes it, and the bus that its worker follows."""

    portal: Portal
    bus: str


def from_environment() -> Running:
    """Read the settings and build; Refused says in words what is missing."""
    values = read_settings(SETTINGS)
    placement, clock = Placement(Path(values["TANDEM_TRUST"])), SystemClock()
    host, _, port = values["TANDEM_SMTP"].rpartition(":")
    if not host or not port.isdigit():
        raise Refused("TANDEM_SMTP is host:port, for example 127.0.0.1:1025.")
    tokens = Tokens(TokenMaker(_key(values, "PORTAL_PRIVATE_KEY"), clock), clock)
    portal = build(
        values["PORTAL_DATABASE_URL"], _key(values, "TANDEM_PUBLIC_KEY"), values["PORTAL_SECRET"], clock,
        Place(values["TANDEM_PORTAL_URL"].rstrip("/"), lambda: placement.trust, placement.schools),
        SmtpSender(host, int(port), values["TANDEM_MAIL_FROM"]),
        HttpTransport(lambda school, service: address_of(placement, school, service), tokens))
    return Running(portal, values["TANDEM_BUS"])


def address_of(placement: Placement, school: str, service: str) -> str | None:
    """Where a service of a school's cell answers: `cells.<cell>.services.<service>` of the placement file."""
    cell = placement.cells().get(placement.cell_of(school) or "", {})
    found = (cell.get("services") or {}).get(service)
    return str(found) if found else None


def _key(values: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        return dict(json.loads(values[name]))
    except ValueError as error:
        raise Refused(f"{name} is not a JWK.") from error
