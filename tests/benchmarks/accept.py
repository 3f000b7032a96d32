"""Accept one fact durably: a row and its outbox row through action and unit of work, against two bare inserts."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import sqlalchemy as sa

from chassis.clock import SystemClock, new_id
from chassis.db import KEPT_PLANS, outbox
from chassis.migrate import protect
from chassis.unit_of_work import Database
from tests.benchmarks.measure import Figure, compare, rate
from tests.chassis.house import create, keep_word, words
from tests.parts.postgres import Postgres, run_postgres

COUNT = 400
WORD = "INSERT INTO floor_words VALUES ('oakfield', {0}, 'hello')"
FACT = "INSERT INTO floor_outbox VALUES ('oakfield', {0}, 'topic', 'key', {0}, {0})"
FLOOR_TABLES = ("CREATE TABLE floor_words (school_id TEXT, id TEXT PRIMARY KEY, says TEXT)",
                "CREATE TABLE floor_outbox (school_id TEXT, id TEXT PRIMARY KEY, topic TEXT, key TEXT, h TEXT, v TEXT)")


def product(database: Database) -> Callable[[], float]:
    def accept() -> None:
        for _ in range(COUNT):
            with database.unit_of_work("oakfield") as uow:
                keep_word(uow, "hello")

    def measured() -> float:
        before = len(words(database))
        found = rate(COUNT, accept)
        with database.across_schools("bench verifies", write=False) as connection:
            facts = connection.scalar(sa.select(sa.func.count()).select_from(outbox))
        assert len(words(database)) == before + COUNT == facts
        return found

    return measured


def accept_sqlite() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'words.db'}", "words", SystemClock())
        create(database)
        bare = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *FLOOR_TABLES):
            bare.execute(statement)

        def floor() -> None:
            for _ in range(COUNT):
                row = new_id()
                bare.execute("BEGIN IMMEDIATE")
                bare.execute(WORD.format("?"), (row,))
                bare.execute(FACT.format("?"), (row, row, row))
                bare.execute("COMMIT")

        figure = compare("accept_sqlite", product(database), lambda: rate(COUNT, floor),
                         "two inserts and a commit by sqlite3, same disk", 0.4)
        bare.close()
        database.close()
    return figure


def accept_postgresql() -> Figure:
    running = run_postgres()
    try:
        return _accept_postgresql(next(running))
    finally:
        running.close()  # type: ignore[attr-defined]


def _accept_postgresql(server: Postgres) -> Figure:
    owner_url, service_url = server.new_database("bench")
    owner = Database(owner_url, "words", SystemClock())
    create(owner)
    with owner.engine.begin() as connection:
        protect(connection, str(sa.make_url(service_url).username))
    database = Database(service_url, "words", SystemClock())
    database.plans = KEPT_PLANS  # as processes that serve people have it
    with psycopg.connect(owner_url.replace("+psycopg", "")) as bare:
        for statement in FLOOR_TABLES:
            bare.execute(statement)
        bare.commit()

        def floor() -> None:
            for _ in range(COUNT):
                row = new_id()
                bare.execute(WORD.format("%s"), (row,))
                bare.execute(FACT.format("%s"), (row, row, row))
                bare.commit()

        figure = compare("accept_postgresql", product(database), lambda: rate(COUNT, floor),
                         "two inserts and a commit by psycopg, same server", 0.4)
    database.close()
    owner.close()
    return figure
