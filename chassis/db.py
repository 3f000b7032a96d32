"""The database under a service: engines, the UTC type, and the technical tables that every service has of its own.

SQLite and PostgreSQL run the same code. What differs is written here and nowhere else: SQLite has one writer at a
time (a lock per file and BEGIN IMMEDIATE), PostgreSQL has row-level security and NOTIFY.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ACROSS_SCHOOLS = "*"  # never a school's id: those are a-z, 0-9 and hyphens


class Utc(TypeDecorator[datetime]):
    """An instant. Naive values are refused; SQLite, which forgets zones, gets UTC and gives UTC back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Tenant:
    """A row of one school. The school leads the key, so that no index ever mixes two."""

    @declared_attr
    def school_id(cls) -> Mapped[str]:
        return mapped_column(sa.String(64), primary_key=True, sort_order=-100)


class Rows(DeclarativeBase):
    """What a service's models inherit through a base of their own (`class Base(Rows): __abstract__ = True; metadata = ...`)."""

    type_annotation_map = {datetime: Utc(), str: sa.String(), dict[str, Any]: sa.JSON(), list[str]: sa.JSON()}


def metadata() -> sa.MetaData:
    """A service's own catalogue of tables, with names that migrations can rely on."""
    return sa.MetaData(naming_convention=NAMING)


technical = metadata()
serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

outbox = sa.Table(
    "outbox", technical,
    sa.Column("seq", serial, sa.Identity(), primary_key=True),
    sa.Column("school_id", sa.String(64), nullable=False),
    sa.Column("id", sa.String(36), nullable=False),
    sa.Column("topic", sa.String(200), nullable=False),
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("headers", sa.Text, nullable=False),
    sa.Column("value", sa.LargeBinary),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("published_at", Utc),
    sa.Column("failed_at", Utc),
)
sa.Index("ix_outbox_pending", outbox.c.school_id, outbox.c.seq,
         sqlite_where=outbox.c.published_at.is_(None), postgresql_where=outbox.c.published_at.is_(None))
sa.Index("ix_outbox_failed", outbox.c.school_id, outbox.c.topic, outbox.c.key,
         sqlite_where=outbox.c.failed_at.is_not(None), postgresql_where=outbox.c.failed_at.is_not(None))

inbox = sa.Table(
    "inbox", technical,
    sa.Column("school_id", sa.String(64), primary_key=True),
    sa.Column("event_id", sa.String(100), primary_key=True),
    sa.Column("handled_at", Utc, nullable=False),
)
offsets = sa.Table(
    "offsets", technical,
    sa.Column("school_id", sa.String(64), primary_key=True),
    sa.Column("topic", sa.String(200), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("next_offset", sa.BigInteger, nullable=False),
    sa.Column("end_offset", sa.BigInteger, nullable=False, server_default="0"),  # where it ended when last looked
    sa.Column("starts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("updated_at", Utc, nullable=False),
)
freshness = sa.Table(  # how far a service's state stream was applied here, and as of when that was true
    "freshness", technical,
    sa.Column("school_id", sa.String(64), primary_key=True),
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("as_of", Utc, nullable=False),
)
dead_letters = sa.Table(
    "dead_letters", technical,
    sa.Column("school_id", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("direction", sa.String(3), nullable=False),  # 'in' from the bus, 'out' of the outbox
    sa.Column("topic", sa.String(200), nullable=False),
    sa.Column("partition", sa.Integer, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),  # offset in the topic, or seq in the outbox
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("headers", sa.Text, nullable=False),
    sa.Column("value", sa.LargeBinary),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # dead | waiting | retried | discarded
    sa.Column("resolution", sa.String(500)),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("resolved_at", Utc),
)
sa.Index("ix_dead_letters_open", dead_letters.c.school_id, dead_letters.c.topic, dead_letters.c.key,
         sqlite_where=dead_letters.c.resolved_at.is_(None), postgresql_where=dead_letters.c.resolved_at.is_(None))
timers = sa.Table(
    "timers", technical,
    sa.Column("school_id", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("kind", sa.String(50), nullable=False),
    sa.Column("about_id", sa.String(100), nullable=False),
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("claimed_until", Utc),
)
sa.Index("ix_timers_due", timers.c.due_at)
idempotency_keys = sa.Table(
    "idempotency_keys", technical,
    sa.Column("school_id", sa.String(64), primary_key=True),
    sa.Column("caller", sa.String(100), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
)
TECHNICAL: Sequence[str] = tuple(technical.tables)

# Workers plan each call anew: a plan that is kept from when a table was nearly empty walks the whole school, until
# PostgreSQL counts the table a minute later (measured: an update by its key at 1.5 ms and growing, and not 0.15). For
# who serves people, where tables have their rows, planning was half of what PostgreSQL did in a rush: they keep plans.
NEW_PLANS, KEPT_PLANS = "force_custom_plan", "auto"
ON_CONNECT = f"-c lock_timeout=5000 -c statement_timeout=60000 -c plan_cache_mode={NEW_PLANS}"
WROTE = "wrote"  # in a connection's info: whether the transaction that is open may have changed a row
MOST_PREPARED = 500  # a service has more statements than the 100 that psycopg keeps for a connection

_write_locks: dict[str, threading.Lock] = {}


def write_lock(engine: sa.Engine) -> threading.Lock | None:
    """The one lock of this process for writers of a SQLite file; None on PostgreSQL, which needs none."""
    if engine.dialect.name != "sqlite":
        return None
    return _write_locks.setdefault(str(engine.url.database), threading.Lock())  # one step, so of two both get one


def make_engine(url: str, pool_size: int = 10) -> sa.Engine:
    """An engine for `sqlite:///...` or `postgresql+psycopg://...`, set for durability and short waits."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, pool_size)
    engine = sa.create_engine(
        url, pool_size=pool_size, max_overflow=5, pool_timeout=5,
        json_serializer=dump_json, json_deserializer=load_json, hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": ON_CONNECT})

    @event.listens_for(engine, "connect")
    def _keep_prepared(connection: Any, record: Any) -> None:
        connection.prepared_max, record.info[WROTE] = MOST_PREPARED, False

    @event.listens_for(engine, "after_cursor_execute")
    def _note_write(connection: sa.Connection, cursor: Any, statement: str, *_: Any) -> None:
        connection.info[WROTE] |= cursor.rowcount != 0 and not statement.startswith("SELECT ")

    return engine


def _sqlite_engine(url: str, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        url, pool_size=pool_size, max_overflow=20, json_serializer=dump_json, json_deserializer=load_json, hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, so that writers take their lock at once
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("tandem_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def insert_many(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, in order, by the driver: thousands come at once.

    PostgreSQL takes many as one JSON value (bytes in hexadecimal) and reads the types from the table itself: as
    parameters each value is written out by psycopg, which takes ten times as long. For a single row it is the longer way.
    """
    if not rows:
        return
    columns, dialect = [column for column in table.c if column.name in rows[0]], connection.dialect
    quote, is_sqlite = dialect.identifier_preparer.quote, dialect.name == "sqlite"
    names, target = ", ".join(quote(column.name) for column in columns), quote(table.name)
    if is_sqlite or len(rows) == 1:
        read = [(column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in columns]
        values = [tuple([row[name] if write is None or row[name] is None else write(row[name]) for name, write in read])
                  for row in rows]
        marks = ", ".join(("?" if is_sqlite else "%s",) * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {target} ({names}) VALUES ({marks})", values if is_sqlite else values[0])
    else:
        connection.exec_driver_sql(
            f"INSERT INTO {target} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{target}, %s) "
            "WITH ORDINALITY ORDER BY ordinality",
            (orjson.dumps(rows, default=lambda value: "\\x" + value.hex()).decode(),))


def dump_json(value: Any) -> str:
    """Compact JSON that keeps every letter as it was written."""
    return orjson.dumps(value).decode()


def load_json(text: str | bytes) -> Any:
    """What JSON says; ValueError when it is none."""
    return orjson.loads(text)
