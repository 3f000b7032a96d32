"""A fresh database for a test, on SQLite or on a real PostgreSQL, reached as a service reaches it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.migrate import protect
from chassis.unit_of_work import Database


def make_database(request: pytest.FixtureRequest, kind: str, folder: Path, service: str, clock: Any,
                  create: Callable[[Database], None]) -> Database:
    """`create` makes the tables as their owner; what is returned is bound by row-level security on PostgreSQL."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder / service}.db", service, clock)
        create(database)
        return database
    server = request.getfixturevalue("postgres_server")
    owner_url, service_url = server.new_database(service)
    owner = Database(owner_url, service, clock)
    create(owner)
    with owner.engine.begin() as connection:
        protect(connection, str(sa.make_url(service_url).username))
    owner.close()
    return Database(service_url, service, clock)
