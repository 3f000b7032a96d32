"""The history of each service makes the tables that its models describe."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis.db import TECHNICAL, make_engine
from tandem.data import SERVICES
from tandem.databases import migrate_service


def tables_of(service: str) -> sa.MetaData:
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    found: sa.MetaData = importlib.import_module(f"services.{service}.tables").Base.metadata
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_history_makes_the_tables_that_the_models_describe(service: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / service}.db"
    migrate_service(service, url)
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "include_name": lambda name, kind, _parents: kind != "table" or name not in (*TECHNICAL, "alembic_version"),
            "compare_type": True})
        assert compare_metadata(context, tables_of(service)) == []
    engine.dispose()
