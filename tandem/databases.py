"""The databases of a trust: one for each service and cell, and the portal's; migrated and granted by their owner."""

from __future__ import annotations

import importlib
from pathlib import Path

import sqlalchemy as sa

from chassis.errors import Refused
from chassis.migrate import migrate
from chassis.settings import Placement
from services.portal.tables import TRUST_TABLES
from tandem.data import SERVICES, DataFolder


def versions_of(service: str) -> Path:
    """Where a service keeps its migrations."""
    package = importlib.import_module(f"services.{service}.migrations")
    return Path(str(package.__file__)).parent / "versions"


def migrate_service(service: str, url: str, service_role: str | None = None) -> str:
    """Bring a service's database to its newest revision, and return its name."""
    return migrate(url, versions_of(service), service_role, TRUST_TABLES if service == "portal" else ())


def migrate_folder(data: DataFolder) -> None:
    """Bring every database of one machine up to date."""
    for service in SERVICES:
        migrate_service(service, data.database_url(service))


def names_of(placement: Placement) -> list[tuple[str, str]]:
    """(database, service) for each cell and service, and the portal: `primaries_profiles`, ..., `portal`."""
    cells = [(f"{cell.replace('-', '_')}_{service}", service) for cell in sorted(placement.cells())
             for service in SERVICES if service != "portal"]
    return [*cells, ("portal", "portal")]


def migrate_trust(placement: Placement, owner_url: str, service_role: str) -> list[str]:
    """Make what is missing and bring all up to date; `owner_url` has {database} in the place of the name."""
    if "{database}" not in owner_url:
        raise Refused("The owner's URL must have {database} where the name belongs.")
    done = []
    for database, service in names_of(placement):
        _make_if_missing(owner_url, database)
        revision = migrate_service(service, owner_url.format(database=database), service_role)
        done.append(f"{database} {revision}")
    return done


def _make_if_missing(owner_url: str, database: str) -> None:
    engine = sa.create_engine(owner_url.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}):
            quoted = connection.dialect.identifier_preparer.quote(database)
            connection.execute(sa.text(f"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0"))
    engine.dispose()
