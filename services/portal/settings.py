"""What the portal is told by its environment; README.md lists the same names."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.auth import TokenMaker
from chassis.clock import SystemClock
from chassis.running import COMMON, MAIL, Surroundings, read_key, read_surroundings
from chassis.settings import Placement, Setting
from services.portal.clients.transport import HttpTransport, Tokens
from services.portal.wiring import Place, Portal, build

SETTINGS = (
    Setting("PORTAL_DATABASE_URL", "where the portal keeps accounts: postgresql+psycopg://... or sqlite:///..."),
    Setting("PORTAL_SECRET", "what links and cookies are signed with (PORTAL_SECRET_FILE for a file)"),
    Setting("PORTAL_PRIVATE_KEY", "the key that signs tokens, as a JWK (PORTAL_PRIVATE_KEY_FILE for a file)"),
    *COMMON,
    *MAIL,
)


@dataclass(frozen=True, slots=True)
class Running:
    """The portal as the environment describes it; it serves every school, whatever the cell."""

    portal: Portal
    surroundings: Surroundings


def from_environment() -> Running:
    """Read the settings and build; Refused says in words what is missing."""
    found, clock = read_surroundings(SETTINGS), SystemClock()
    placement = found.placement
    tokens = Tokens(TokenMaker(read_key(found.values, "PORTAL_PRIVATE_KEY"), clock), clock)
    portal = build(
        found.values["PORTAL_DATABASE_URL"], found.public_key, found.values["PORTAL_SECRET"], clock,
        Place(found.values["TANDEM_PORTAL_URL"].rstrip("/"), lambda: placement.trust, placement.schools),
        found.mail_sender(), HttpTransport(lambda school, service: address_of(placement, school, service), tokens))
    return Running(portal, found)


def address_of(placement: Placement, school: str, service: str) -> str | None:
    """Where a service of a school's cell answers: `cells.<cell>.services.<service>` of the placement file."""
    cell = placement.cells().get(placement.cell_of(school) or "", {})
    found = (cell.get("services") or {}).get(service)
    return str(found) if found else None
