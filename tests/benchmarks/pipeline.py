"""20,000 events from their acceptance to a delivery row, and the time that one takes; against a bare kafka-python loop.

Accepted in units of work of 500 facts, as an import or a term's letters are; relay and inbox run meanwhile, as they
are run: on the embedded pair in threads of one process, on Kafka and PostgreSQL in processes of their own. The floor
sends 20,000 records with acks=all, reads them back and commits one insert of 500 at a time, in one thread.
"""

from __future__ import annotations

import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.bus_kafka import KafkaBus
from chassis.bus import Bus, TopicSpec
from chassis.unit_of_work import Database
from tests.benchmarks.measure import Figure, compare
from tests.benchmarks.parts import Pipe, create_all, make_database, running, sqlite_urls
from tests.benchmarks.ruled import create_ruled, fill, pick_allowed
from tests.parts.apart import ApartBus
from tests.parts.kafka import run_kafka
from tests.parts.postgres import Postgres, run_postgres

COUNT, UNIT = 20_000, 500
ROUNDS, REST_S = 5, 1.0
RATE, SECONDS = 200, 10
ROW = "INSERT INTO floor_rows VALUES ({0}, {0})"
TABLE = "CREATE TABLE floor_rows (id TEXT PRIMARY KEY, value TEXT)"
AGAINST = "bare kafka-python, produced and consumed, one committed insert per 500"


@contextmanager
def parts(deployed: bool) -> Iterator[tuple[Path, str, Postgres | None]]:
    """A folder, a broker and, for a deployment, a PostgreSQL."""
    kafka = run_kafka()
    postgres = run_postgres() if deployed else None
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield Path(folder), next(kafka), next(postgres) if postgres else None
        finally:
            kafka.close()  # type: ignore[attr-defined]
            if postgres:
                postgres.close()  # type: ignore[attr-defined]


def make_pipe(folder: Path, servers: str, postgres: Postgres | None, apart: bool = False,
              rule: bool | None = None) -> Pipe:
    """Fresh databases and a fresh log; `apart` gives each worker a process of its own, as a deployment does.

    `rule` has the reader keep a copy of who may have what, and says whether it asks it.
    """
    here = folder / secrets.token_hex(4)
    here.mkdir()
    names = ("words", "letters")
    urls = [postgres.new_database(name) if postgres else sqlite_urls(here, name) for name in names]
    prefix = f"t{secrets.token_hex(4)}."
    bus: Bus = ApartBus(KafkaBus(servers), prefix) if postgres else EmbeddedBus(here / "bus.db")
    by_service = dict(zip(names, urls, strict=True))
    told = ["checked"] if rule else []

    def start_apart(service: str, _database: Database) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "tests.benchmarks.pipe_child", service, by_service[service][1],
                                 servers, prefix, *told], stdin=subprocess.PIPE)

    letters = make_database(urls[1], "letters", create_all if rule is None else create_ruled)
    made = Pipe(make_database(urls[0], "words"), letters, bus, start_apart=start_apart if postgres and apart else None)
    if rule is not None:
        fill(letters)
        made.pick = pick_allowed if rule else made.pick
    return made


def product(folder: Path, servers: str, postgres: Postgres | None) -> float:
    return run(make_pipe(folder, servers, postgres, apart=True))


def run(made: Pipe) -> float:
    """How many a second go through."""
    with running(made) as pipe:
        pipe.accept(1)
        pipe.wait_for(1)  # everybody has joined and is at work
        began = time.perf_counter()
        for _ in range(COUNT // UNIT):
            pipe.accept(UNIT)
        pipe.wait_for(COUNT + 1)
        taken = time.perf_counter() - began
        assert pipe.delivered() == COUNT + 1
    return COUNT / taken


def floor(folder: Path, servers: str, postgres: Postgres | None) -> float:
    topic, bus = f"floor-{secrets.token_hex(4)}", KafkaBus(servers)
    bus.declare([TopicSpec(topic)])
    bus.close()
    producer = KafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=5, enable_idempotence=True)
    consumer = KafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest",
                             receive_message_max_bytes=32 * 1024 * 1024, fetch_max_wait_ms=50)
    consumer.assign([TopicPartition(topic, 0)])
    with _rows(folder, postgres) as (insert, count):
        value = b'{"id": "' + b"x" * 36 + b'"}'
        began = time.perf_counter()
        for number in range(COUNT):
            producer.send(topic, value, key=b"key-%d" % (number % 100))
        producer.flush()
        waiting: list[tuple[str, str]] = []
        read = 0
        while read < COUNT:
            for records in consumer.poll(200, max_records=UNIT).values():
                waiting += [(str(record.offset), record.value.decode()) for record in records]
                read += len(records)
            if len(waiting) >= UNIT or read == COUNT:
                insert(waiting)
                waiting = []
        taken = time.perf_counter() - began
        assert count() == COUNT
    producer.close()
    consumer.close()
    return COUNT / taken


@contextmanager
def _rows(folder: Path, postgres: Postgres | None) -> Iterator[tuple[Callable[[list[Any]], None], Callable[[], int]]]:
    if postgres is None:
        lite = sqlite3.connect(folder / f"floor-{secrets.token_hex(4)}.db")
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE):
            lite.execute(statement)

        def insert_lite(rows: list[Any]) -> None:
            with lite:
                lite.executemany(ROW.replace("{0}", "?"), rows)

        yield insert_lite, lambda: lite.execute("SELECT count(*) FROM floor_rows").fetchone()[0]
        lite.close()
        return
    owner, _service = postgres.new_database("floor")
    with psycopg.connect(owner.replace("+psycopg", "")) as connection:
        connection.execute(TABLE)
        connection.commit()

        def insert(rows: list[Any]) -> None:
            connection.cursor().executemany(ROW.replace("{0}", "%s"), rows)
            connection.commit()

        def count() -> int:
            found = connection.execute("SELECT count(*) FROM floor_rows").fetchone()
            return int(found[0]) if found else 0

        yield insert, count


def _pipeline(name: str, deployed: bool) -> Figure:
    with parts(deployed) as (folder, servers, postgres):
        return compare(name, lambda: product(folder, servers, postgres), lambda: floor(folder, servers, postgres),
                       AGAINST, 0.4, ROUNDS, REST_S)


def pipeline_embedded() -> Figure:
    return _pipeline("pipeline_embedded", deployed=False)


def pipeline_kafka() -> Figure:
    return _pipeline("pipeline_kafka", deployed=True)


def _latency(name: str, deployed: bool, goal_ms: float) -> Figure:
    """From a commit to the commit of its delivery row, at 200 a second: the median, with p1 and p99 beside it."""
    with parts(deployed) as (folder, servers, postgres):
        pipe, arrivals = make_pipe(folder, servers, postgres), dict[str, float]()
        pipe.arrived = lambda ids: arrivals.update(dict.fromkeys(ids, time.perf_counter()))
        with running(pipe):
            pipe.accept(1)
            pipe.wait_for(1)
            sent: dict[str, float] = {}
            began = time.perf_counter()
            for number in range(RATE * SECONDS):
                pause = began + number / RATE - time.perf_counter()
                if pause > 0:
                    time.sleep(pause)
                [one] = pipe.accept(1)
                sent[one] = time.perf_counter()
            pipe.wait_for(RATE * SECONDS + 1)
        taken = sorted((arrivals[one] - at) * 1000 for one, at in sent.items())
        assert len(taken) == RATE * SECONDS
    p50, p99 = statistics.median(taken), taken[int(len(taken) * 0.99)]
    return Figure(name, None, taken[len(taken) // 100], p99, 1, f"p50; the range is p1..p99; {RATE} a second",
                  f"p99 <= {goal_ms:.0f} ms", p99 <= goal_ms, p50, "ms")


def latency_embedded() -> Figure:
    return _latency("latency_embedded", False, 25)


def latency_kafka() -> Figure:
    return _latency("latency_kafka", True, 50)
