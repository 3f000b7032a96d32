"""The history makes the tables that the models describe."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import services.profiles
from chassis.db import TECHNICAL, make_engine
from chassis.migrate import migrate
from services.profiles.tables import Base
from tests.profiles.house import VERSIONS


def test_the_history_makes_the_tables_that_the_models_describe(tmp_path: Path) -> None:
    for module in pkgutil.walk_packages(services.profiles.__path__, "services.profiles."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    url = f"sqlite:///{tmp_path}/made.db"
    migrate(url, VERSIONS)
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "include_name": lambda name, kind, _parents: kind != "table" or name not in (*TECHNICAL, "alembic_version"),
            "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
