"""Migrated databases for tests: each history is run once in a process, and its end is copied for whoever asks."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa

from chassis.db import make_engine
from chassis.migrate import grant
from tandem.databases import migrate_service
from tests.parts.postgres import Postgres


def new_sqlite(service: str, path: Path) -> str:
    """The URL of a service's new database in this file."""
    shutil.copyfile(_migrated(service), path)
    return f"sqlite:///{path}"


@functools.cache
def _migrated(service: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tandem-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"{service}.db"
    migrate_service(service, f"sqlite:///{path}")
    return path


def new_postgres(server: Postgres, service: str) -> tuple[str, str]:
    """(owner's URL, service's URL) of a service's new database; the role is bound by row-level security."""
    owner, url = server.new_database(service, like=_migrated_on(server, service))
    engine = make_engine(owner)
    with engine.begin() as connection:
        grant(connection, str(sa.make_url(url).username))
    engine.dispose()
    return owner, url


@functools.cache
def _migrated_on(server: Postgres, service: str) -> str:
    owner, url = server.new_database(service)
    migrate_service(service, owner, str(sa.make_url(url).username))
    return str(sa.make_url(owner).database)
