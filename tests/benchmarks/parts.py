"""What several cases need: two services that do nothing but pass words on, and the bare loop they are held against."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bus import Bus, TopicSpec
from chassis.clock import SystemClock, new_id
from chassis.db import Rows, Tenant, metadata, offsets
from chassis.envelope import Event, Fact, topic_name
from chassis.inbox import Subscriptions
from chassis.migrate import create_technical, protect
from chassis.unit_of_work import Database, UnitOfWork
from chassis.worker import Work, Worker

SCHOOL = "oakfield"
KIND = "tandem.words.word.kept.v1"
KEYS = 100


class Base(Rows):
    __abstract__ = True
    metadata = metadata()


class Word(Tenant, Base):
    """What is accepted."""

    __tablename__ = "words"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    says: Mapped[str] = mapped_column(sa.String(200))


class Delivery(Tenant, Base):
    """What the reader makes of it."""

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(sa.String(36))


def create_all(database: Database) -> None:
    with database.engine.begin() as connection:
        create_technical(connection)
        Base.metadata.create_all(connection)


def make_database(urls: tuple[str, str], service: str, create: Callable[[Database], None] = create_all) -> Database:
    """`urls` are the owner's and the service's; the same on SQLite."""
    owner = Database(urls[0], service, SystemClock())
    create(owner)
    if owner.is_postgresql:
        with owner.engine.begin() as connection:
            protect(connection, str(sa.make_url(urls[1]).username))
    owner.close()
    return Database(urls[1], service, SystemClock())


def sqlite_urls(folder: Path, name: str) -> tuple[str, str]:
    url = f"sqlite:///{folder / name}.db"
    return url, url


Pick = Callable[[UnitOfWork, Sequence[Event]], Sequence[Event]]


def work_of(service: str, database: Database, bus: Bus,
            arrived: Callable[[list[str]], None] | None = None,
            pick: Pick = lambda _uow, events: events) -> Worker:
    """The worker of one of the two services; `arrived` hears of ids once their rows are committed.

    `pick` says of which facts there is a row: of all, or of those whose reader may have them.
    """

    def deliver(uow: UnitOfWork, heard: Sequence[Event]) -> None:
        events = pick(uow, heard)
        uow.insert(Delivery, [{"id": new_id(), "event_id": event.data["id"]} for event in events])
        if arrived is not None:
            told = [event.data["id"] for event in events]
            uow.after_commit.append(lambda: arrived(told))

    reads = Subscriptions((("words", "events"),), {KIND: deliver}) if service == "letters" else Subscriptions((), {})
    return Worker(Work(service, "main", database, bus, lambda: [SCHOOL], reads))


@dataclass
class Pipe:
    """Accept -> outbox -> relay -> bus -> inbox -> delivery row, with the workers that a deployment has."""

    words: Database
    letters: Database
    bus: Bus
    arrived: Callable[[list[str]], None] | None = None
    start_apart: Callable[[str, Database], subprocess.Popen[bytes]] | None = None  # workers as processes of their own
    pick: Pick = lambda _uow, events: events
    workers: list[Worker] = field(default_factory=list)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.bus.declare([TopicSpec(topic_name(SCHOOL, "words", "events"), 3)])
        for service, database in (("words", self.words), ("letters", self.letters)):
            if self.start_apart is None:
                self.workers.append(work_of(service, database, self.bus, self.arrived, self.pick))
                self.workers[-1].start()
            else:
                self.children.append(self.start_apart(service, database))

    def accept(self, count: int, key: str = "key") -> list[str]:
        """One unit of work: `count` rows and their facts, with the keys `key`-0, `key`-1, ... in turn."""
        ids = [new_id() for _ in range(count)]
        with self.words.unit_of_work(SCHOOL) as uow:
            uow.insert(Word, [{"id": one, "says": "hello"} for one in ids])
            uow.record(*(Fact(KIND, f"{key}-{n % KEYS}", 1, {"id": one}) for n, one in enumerate(ids)))
        return ids

    def delivered(self) -> int:
        with self.letters.unit_of_work(SCHOOL, write=False) as uow:
            return int(uow.connection.scalar(sa.select(sa.func.count()).select_from(Delivery)) or 0)

    def handled(self) -> int:
        """How far the reader has come by its own rows: asking for that takes next to nothing of the processor."""
        with self.letters.across_schools("bench waits", write=False) as connection:
            return int(connection.scalar(sa.select(sa.func.sum(offsets.c.next_offset))) or 0)

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 120
        while self.handled() < count:
            assert time.monotonic() < deadline, f"{self.delivered()} of {count} arrived"
            time.sleep(0.02)

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()
        for child in self.children:
            child.communicate(timeout=30)
        self.words.close()
        self.letters.close()
        self.bus.close()


@contextmanager
def running(pipe: Pipe) -> Iterator[Pipe]:
    pipe.start()
    try:
        yield pipe
    finally:
        pipe.stop()
