"""What the portal is told by its environment; README.md lists the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.auth import TokenMaker
from chassis.clock import SystemClock
from chassis.errors import Refused
from chassis.running import COMMON, MAIL, Surroundings, read_json, read_surroundings
from chassis.settings import Placement, Setting
from services.portal.clients.transport import HttpTransport, Tokens
from services.portal.school_accounts.rules import Provider, read_providers
from services.portal.wiring import Place, Portal, build

TRUST = "trust"  # the tenant of rosters of several schools; no school has this id
OIDC = Setting("PORTAL_OIDC", "whose accounts people may sign in with, as JSON, best from a file (PORTAL_OIDC_FILE); "
               "empty for nobody's", "")
SETTINGS = (
    Setting("PORTAL_DATABASE_URL", "where the portal keeps accounts: postgresql+psycopg://... or sqlite:///..."),
    Setting("PORTAL_SECRET", "what links and cookies are signed with (PORTAL_SECRET_FILE for a file)"),
    Setting("PORTAL_PRIVATE_KEY", "the key that signs tokens, as a JWK (PORTAL_PRIVATE_KEY_FILE for a file)"),
    OIDC,
    *COMMON,
    *MAIL,
)


@dataclass(frozen=True, slots=True)
class Running:
    """The portal as the environment describes it; it serves every school, whatever the cell."""

    portal: Portal
    surroundings: Surroundings
    transport: HttpTransport

    def address_of(self, school: str, service: str) -> str | None:
        return address_of(self.surroundings.placement, school, service)


def from_environment() -> Running:
    """Read the settings and build; Refused says in words what is missing."""
    found, clock = read_surroundings(SETTINGS), SystemClock()
    placement = found.placement
    tokens = Tokens(TokenMaker(read_json(found.values, "PORTAL_PRIVATE_KEY"), clock), clock)
    transport = HttpTransport(lambda school, service: address_of(placement, school, service), tokens)
    place = Place(found.values["TANDEM_PORTAL_URL"].rstrip("/"), lambda: placement.trust, placement.schools,
                  takes_all_at_once=lambda: len(placement.cells()) == 1,
                  providers=providers_of(found.values))
    portal = build(found.values["PORTAL_DATABASE_URL"], found.public_key, found.values["PORTAL_SECRET"], clock, place,
                   found.mail_sender(), transport)
    return Running(portal, found, transport)


def providers_of(values: Mapping[str, str]) -> tuple[Provider, ...]:
    """The providers of school accounts that trust IT has named; Refused says in words what is wrong with one."""
    if not values[OIDC.name].strip():
        return ()
    try:
        return read_providers(read_json(values, OIDC.name))
    except ValueError as error:
        raise Refused(f"{OIDC.name}: {error}.") from error


def address_of(placement: Placement, school: str, service: str) -> str | None:
    """Where a service of a school's cell answers: `cells.<cell>.services.<service>` of the placement file.

    What is about the whole trust goes to the one cell, where there is but one.
    """
    cells = placement.cells()
    name = next(iter(cells)) if school == TRUST and len(cells) == 1 else placement.cell_of(school) or ""
    found = (cells.get(name, {}).get("services") or {}).get(service)
    return str(found) if found else None
