"""A whole trust at work for a benchmark: its letters are kept in memory, and it is known when facts arrived."""

from __future__ import annotations

import functools
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.bus_kafka import KafkaBus
from chassis.bus import Bus
from chassis.clock import SystemClock, new_id
from chassis.envelope import Event, Fact
from chassis.inbox import Subscriptions
from chassis.mail import Letter
from chassis.unit_of_work import Database, UnitOfWork
from services.notifications.deliveries.rules import CLAIM
from tandem.databases import migrate_service
from tests.benchmarks.processes import build_apart, run_workers
from tests.journeys.house import SERVICES, Trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample
from tests.parts.apart import ApartBus
from tests.parts.kafka import run_kafka
from tests.parts.postgres import run_postgres

RIGHTS = "tandem.profiles.rights.computed.v1"
PRAISE = "tandem.profiles.praise.sent.v1"
OFFICE = ("office", "staff", ("office",))
Pair = tuple[str, str]
CLAIMED = sa.text("SELECT pupil_id, recipient_id, recipient_hat, claimed_until FROM deliveries "
                  "WHERE school_id = :school AND id = :id").columns(claimed_until=sa.DateTime(timezone=True))


@dataclass
class Handed:
    """A letter that was handed over: for which pair, and when it was claimed."""

    pair: Pair
    claimed_at: datetime


@dataclass
class Recorder:
    """The provider: it notes each letter with the claim that it was sent under, if it has a database to ask."""

    database: Database | None = None
    handed: list[Handed] = field(default_factory=list)
    letters: int = 0

    def send(self, letter: Letter) -> None:
        self.letters += 1
        if self.database is None:
            return
        with self.database.unit_of_work(OAKFIELD, write=False) as uow:
            row = uow.connection.execute(CLAIMED, {"school": OAKFIELD, "id": letter.reference}).one()
        until = row.claimed_until if row.claimed_until.tzinfo else row.claimed_until.replace(tzinfo=UTC)
        if row.recipient_hat == "guardian":
            self.handed.append(Handed((row.pupil_id, row.recipient_id), until - CLAIM))


@dataclass
class School:
    """One school of a running trust."""

    trust: Trust
    post: Recorder
    arrived: dict[str, datetime] = field(default_factory=dict)  # pair's key -> when its newest rights were committed

    def database(self, service: str) -> Database:
        return self.trust.workers[SERVICES.index(service)].work.database

    def read(self, service: str, statement: str, **values: Any) -> Sequence[Any]:
        with self.database(service).unit_of_work(OAKFIELD, write=False) as uow:
            return uow.connection.execute(sa.text(statement), {"school": OAKFIELD, **values}).all()

    def note_arrivals(self) -> None:
        """Note when notifications has committed a pair's rights; before its worker begins."""
        work = self.trust.workers[SERVICES.index("notifications")].work
        handle = work.subscriptions.handlers[RIGHTS]

        def noting(uow: UnitOfWork, events: Sequence[Event]) -> None:
            handle(uow, events)
            uow.after_commit.append(functools.partial(self._note, [event.key for event in events]))

        work.subscriptions = Subscriptions(work.subscriptions.follows, {**work.subscriptions.handlers, RIGHTS: noting},
                                           work.subscriptions.on_parked)

    def _note(self, keys: list[str]) -> None:
        self.arrived.update(dict.fromkeys(keys, SystemClock().now()))


def _analyse(url: str, database: str) -> None:
    """Have PostgreSQL count what the import brought, as it does by itself some minutes later: never an empty table."""
    with psycopg.connect(url, dbname=database, autocommit=True) as connection:
        for name, in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            table = sql.Identifier(name)
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone():
                connection.execute(sql.SQL("ANALYZE {}").format(table))


@contextmanager
def open_apart() -> Iterator[School]:
    """Oakfield, imported, on PostgreSQL and Kafka; the workers of each service are in a process of their own."""
    kafka, postgres = run_kafka(), run_postgres("track_commit_timestamp=on")
    with tempfile.TemporaryDirectory() as name:
        folder, prefix, server, servers = Path(name), f"t{secrets.token_hex(4)}.", next(postgres), next(kafka)
        urls: dict[str, str] = {}
        for service in SERVICES:
            owner, urls[service] = server.new_database(service)
            migrate_service(service, owner, str(sa.make_url(urls[service]).username))
        school = School(build_apart(urls, servers, prefix, folder), Recorder())
        try:
            with run_workers(urls, servers, prefix, folder):
                import_sample(school.trust)
                for service in SERVICES:
                    _analyse(server.url, str(sa.make_url(urls[service]).database))
                yield school
        finally:
            school.trust.stop()
            kafka.close()  # type: ignore[attr-defined]
            postgres.close()  # type: ignore[attr-defined]


@contextmanager
def open_school(deployed: bool, prepare: Callable[[School], Any] = lambda _school: None) -> Iterator[School]:
    """Oakfield, imported, with every service at work in this process; `prepare` is called before their work begins."""
    kafka = run_kafka() if deployed else None
    postgres = run_postgres() if deployed else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        urls: dict[str, str] = {}
        server = next(postgres) if postgres else None
        for service in SERVICES:
            owner, urls[service] = server.new_database(service) if server else (f"sqlite:///{folder / service}.db",) * 2
            migrate_service(service, owner, str(sa.make_url(urls[service]).username) if server else None)
        bus: Bus = ApartBus(KafkaBus(next(kafka))) if kafka else EmbeddedBus(folder / "bus.db")
        post = Recorder()
        school = School(Trust(bus, urls, folder, wrap_mail=lambda _folder: post), post)
        school.trust.build()
        post.database = school.database("notifications")
        school.note_arrivals()
        prepare(school)
        school.trust.work()
        try:
            import_sample(school.trust)
            yield school
        finally:
            school.trust.stop()
            for part in (kafka, postgres):
                if part:
                    part.close()  # type: ignore[union-attr]


def praise_fact(pupil_id: str) -> Fact:
    """Good news of a child: a notice and a delivery for every adult who may have it."""
    return Fact(PRAISE, pupil_id, 1, {
        "praise_id": new_id(), "pupil_id": pupil_id, "staff_id": new_id(), "strength": "kindness"})


class Stream:
    """Good news all the time, so that so many deliveries a second are sent; every tenth of a second some."""

    def __init__(self, school: School, pupil_ids: Sequence[str], facts_a_second: int):
        self._school, self._pupils, self._a_tick = school, list(pupil_ids), facts_a_second // 10
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.current: str = self._pupils[0]  # told of in every tick
        self.facts = 0

    def _run(self) -> None:
        began, ticks = time.monotonic(), 0
        while not self._stopping.wait(max(0.0, began + ticks / 10 - time.monotonic())):
            several = [self._pupils[(self.facts + n) % len(self._pupils)] for n in range(self._a_tick - 1)]
            with self._school.database("profiles").unit_of_work(OAKFIELD) as uow:
                uow.record(*(praise_fact(pupil_id) for pupil_id in (*several, self.current)))
            self.facts += self._a_tick
            ticks += 1

    def __enter__(self) -> Stream:
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stopping.set()
        self._thread.join()


def until(done: Callable[[], Any], patience_s: float = 60.0, pause_s: float = 0.05) -> Any:
    """What `done` gives once it gives something."""
    deadline = time.monotonic() + patience_s
    while not (found := done()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause_s)
    return found


TOMORROW = timedelta(days=1)
