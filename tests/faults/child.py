"""A process that runs a whole trust and is killed at a named point: `work` is all that it does.

The points are reached without a line of test code in the product: the bus, the mail and the database's commit are ports
here, and what stands at a port ends the process with SIGKILL.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.bus_kafka import KafkaBus
from chassis.bus import Bus, BusError, Outcome, Outgoing, Producer
from chassis.clock import SystemClock
from chassis.db import outbox
from chassis.inbox import Subscriptions
from chassis.log import set_up_logging
from chassis.mail import Letter, MailSender
from chassis.unit_of_work import Database
from tests.journeys.house import TRUST_IT, Trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.parts.apart import ApartBus

SHARED = b"tandem.profiles.update.shared.v1"
BELL = "grace.bell@oakfield.example"
PATIENCE_S = 30.0


def end_here() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class LaterClock:
    """The time, some seconds on."""

    seconds: float

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=self.seconds)


class DeadlySend:
    """A bus whose process ends before or after a batch that holds an update is sent, or that never says it has it."""

    def __init__(self, bus: Bus, when: str):
        self._bus, self._when = bus, when

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    def producer(self, client_id: str) -> Producer:
        return _DeadlyProducer(self._bus.producer(client_id), self._when)


@dataclass
class _DeadlyProducer:
    producer: Producer
    when: str

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        deadly = any(("ce_type", SHARED) in item.headers for item in batch)
        if deadly and self.when == "before":
            end_here()
        outcomes = self.producer.send(batch, timeout_s)
        if deadly and self.when == "unsaid":
            return [BusError("no acknowledgement") for _ in batch]
        if deadly:
            end_here()
        return outcomes

    def close(self) -> None:
        self.producer.close()


@dataclass
class CountingMail:
    """Hands letters on, notes each to a file that outlives the process, and may end it around one to the teacher."""

    sender: MailSender
    log: Path
    when: str = ""

    def send(self, letter: Letter) -> None:
        deadly = letter.to == BELL and self.when
        if deadly and self.when == "before":
            end_here()
        with self.log.open("a") as log:
            log.write(f"{letter.reference} {letter.to}\n")
        self.sender.send(letter)
        if deadly:
            end_here()


def end_at_commit(database: Database, statement: str, when: str) -> None:
    """End the process before or after the commit of a transaction that has run such a statement."""
    here, dialect = threading.local(), database.engine.dialect
    commit = dialect.do_commit

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def look(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        here.deadly = getattr(here, "deadly", False) or sql.startswith(statement)

    def deadly_commit(connection: Any) -> None:
        if getattr(here, "deadly", False) and when == "before":
            end_here()
        commit(connection)
        if getattr(here, "deadly", False):
            end_here()

    dialect.do_commit = deadly_commit  # type: ignore[method-assign]


def work(told: dict[str, Any], answer: Connection) -> None:
    """Do what it is told, and answer at the end."""
    set_up_logging("ERROR")
    part, _, when = told.get("kill", "").partition(" ")
    kind, _, path = told["bus"].partition(":")
    bus: Any = EmbeddedBus(Path(path)) if kind == "embedded" else ApartBus(KafkaBus(told["bus"]), told["prefix"])
    if part == "relay" or when == "unsaid":
        bus = DeadlySend(bus, when)
    folder = Path(told["folder"])
    trust = Trust(bus, told["urls"], folder, schools=told["schools"], clock=LaterClock(told.get("later_s", 0)),
                  wrap_mail=lambda sender: CountingMail(sender, folder / "sent", when if part == "delivery" else ""))
    trust.build()
    if part == "handler":
        _deadly_handler(trust)
    trust.work()
    said = None
    if told["do"] == "import":
        import_sample(trust)
        trust.until(lambda: trust.sign_in_link(BELL))
    elif told["do"] == "retry":
        said = _retry(trust)
    else:
        said = _share(trust, told, part, when)
    answer.send(said)
    trust.stop()


def _share(trust: Trust, told: dict[str, Any], part: str, when: str) -> dict[str, int] | None:
    who = people(trust)
    if part == "web":
        end_at_commit(trust.workers[0].work.database, "INSERT INTO updates", when)
    elif part == "consumer":
        end_at_commit(trust.workers[2].work.database, "INSERT INTO notices", when)
    shared = trust.until(lambda: _ok(trust.call(
        "profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/updates", who["amira"], json={
            "kind": "sleep", "words": told["words"], "audience": "class", "until": "week"},
        key=told["words"])))
    if part and told.get("until") != "parked":
        threading.Event().wait(PATIENCE_S)  # until the end comes
        raise SystemExit("the named point was not reached")
    if told.get("until") == "parked":
        trust.until(lambda: _dead(trust))
        return None
    trust.until(lambda: _notices(trust, who, shared["id"]))
    trust.until(lambda: not _waiting(trust))
    updates = trust.call("profiles", "GET", f"/{OAKFIELD}/pupils/{who['sam']}/updates", who["amira"]).json["items"]
    return {"updates": len([item for item in updates if item["words"] == told["words"]]),
            "notices": len(_notices(trust, who, shared["id"]))}


def _deadly_handler(trust: Trust) -> None:
    """Reading an update ends the process, before anything of it is kept."""
    work = trust.workers[2].work
    work.subscriptions = Subscriptions(work.subscriptions.follows, {
        **work.subscriptions.handlers, SHARED.decode(): lambda _uow, _events: end_here()}, work.subscriptions.on_parked)


def _retry(trust: Trust) -> dict[str, int]:
    """As trust IT: how many letters are dead, and how many lie there still once those have been tried again."""
    dead = [item for item in trust.until(lambda: _dead(trust)) if item["state"] == "dead"]
    for item in dead:
        trust.until(lambda item=item: _retried(trust, item))
    return {"dead": len(dead), "left": len(_dead(trust))}


def _retried(trust: Trust, item: Any) -> Any:
    """The reply once it is handled; 503 says that the state which it builds on is still on its way."""
    reply = trust.call("notifications", "POST", f"/{OAKFIELD}/dead-letters/{item['id']}/retry", TRUST_IT)
    assert reply.status_code in (200, 503), reply.text
    return reply.json if reply.status_code == 200 else None


def _dead(trust: Trust) -> list[Any]:
    items: list[Any] = trust.call("notifications", "GET", f"/{OAKFIELD}/dead-letters", TRUST_IT).json["items"]
    return items


def _ok(reply: Any) -> Any:
    return reply.json if reply.status_code == 201 else None


def _notices(trust: Trust, who: dict[str, Any], about_id: str) -> list[Any]:
    reply = trust.call("notifications", "GET", f"/{OAKFIELD}/notices", who["bell"])
    return [item for item in reply.json.get("items", ()) if item["about_id"] == about_id]


def _waiting(trust: Trust) -> bool:
    """Whether any fact or letter is still on its way."""
    for worker in trust.workers:
        with worker.work.database.across_schools("a test looks", write=False) as connection:
            if connection.scalar(sa.select(sa.func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))):
                return True
    with trust.workers[2].work.database.unit_of_work(OAKFIELD, write=False) as uow:
        return bool(uow.connection.scalar(sa.text(
            "SELECT count(*) FROM deliveries WHERE school_id = :school AND state IN ('queued', 'claimed')"),
            {"school": OAKFIELD}))
