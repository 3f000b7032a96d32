"""Migrations: a step of their own, under a lock, never at start-up of a service's processes.

Each service has one alembic history in `services/<name>/migrations/versions`. After it has run, every table that has a
`school_id` is put under row-level security on PostgreSQL, and the service's role is granted what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from chassis.db import TECHNICAL, make_engine, technical, write_lock

LOCK = 0x7A6E


def migrate(url: str, versions: Path, service_role: str | None = None, trust_tables: Sequence[str] = ()) -> str:
    """Bring the database to the newest revision and return its name. Safe to run twice, or by two at once.

    `trust_tables` names tables of schools that `Database.trust_wide` may reach as well.
    """
    engine = make_engine(url)
    script = ScriptDirectory(str(versions.parent), version_locations=[str(versions)])
    head = script.get_current_head() or ""
    try:
        lock = write_lock(engine)
        with engine.connect() as connection:
            if lock is not None:
                with lock:
                    _upgrade(connection, script, head)
            else:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                _upgrade(connection, script, head)
                protect(connection, service_role, trust_tables)
            connection.commit()
    finally:
        engine.dispose()
    return head


def _upgrade(connection: sa.Connection, script: ScriptDirectory, head: str) -> None:
    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs(head, revision)

    context = MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": False})
    with Operations.context(context):
        context.run_migrations()


def create_technical(connection: sa.Connection) -> None:
    """Make the technical tables (outbox, inbox, offsets, dead letters, timers, idempotency keys) of a service."""
    technical.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(
            "CREATE FUNCTION tandem_outbox_hint() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_notify('tandem_outbox', ''); RETURN NULL; END $$"))
        connection.execute(sa.text("CREATE TRIGGER outbox_hint AFTER INSERT ON outbox "
                                   "FOR EACH STATEMENT EXECUTE FUNCTION tandem_outbox_hint()"))


def protect(connection: sa.Connection, service_role: str | None, trust_tables: Sequence[str] = ()) -> None:
    """Put every table of a school under row-level security, and grant the service's role its work."""
    for (_schema, table), columns in sorted(sa.inspect(connection).get_multi_columns().items()):
        if all(column["name"] != "school_id" for column in columns):
            continue
        own = "school_id = current_setting('tandem.school', true)"
        rule = f"{own} OR current_setting('tandem.school', true) = '*'" if table in (*TECHNICAL, *trust_tables) else own
        connection.execute(sa.text(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'))
        connection.execute(sa.text(f'DROP POLICY IF EXISTS one_school ON "{table}"'))
        connection.execute(sa.text(f'CREATE POLICY one_school ON "{table}" USING ({rule}) WITH CHECK ({rule})'))
    if service_role:
        grant(connection, service_role)


def grant(connection: sa.Connection, service_role: str) -> None:
    """Let the service's role work on all tables there are, as far as row-level security lets it."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", service_role):
        raise ValueError("a role's name has small letters, digits and underscores")
    connection.execute(sa.text(f"GRANT USAGE ON SCHEMA public TO {service_role}"))
    connection.execute(sa.text(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {service_role}"))
    connection.execute(sa.text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {service_role}"))
