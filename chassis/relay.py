"""The relay: carries committed facts from the outbox to the bus.

One owner per database. It reads unpublished rows by flag (never by "last id seen": ids become visible out of order),
in order per school and in turn by school, sends a batch, waits for every acknowledgement, and marks what was
acknowledged. Nothing is marked that was not acknowledged, so a crash can only send again; the inbox absorbs that.
Marks are made with the next look, in its transaction: the next facts do not wait for them, nor for another writer where
writers take turns (SQLite).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.bus import BusError, NoTopic, Outcome, Outgoing, Producer, TooLarge
from chassis.clock import new_id
from chassis.db import dead_letters, dump_json, load_json, outbox
from chassis.envelope import wire_headers
from chassis.log import logger
from chassis.unit_of_work import Database

BATCH = 500
FEWEST_PER_SCHOOL = 8
SEND_TIMEOUT_S = 30.0
REST = timedelta(seconds=5)  # for a school whose topics are not there: the others go on
LOOK_S = 1.0  # how long the lock is taken to be ours still: two relays for so long would only send some facts twice
OWNER_LOCK = 0x7A6D  # the advisory lock that makes one relay the owner of a PostgreSQL database
log = logger("relay")

# From school to school by the index; and whether anything failed, in the order of the one index that has it: without an
# order PostgreSQL may walk through all that was sent this week.
PENDING_SCHOOLS = sa.text("""
    WITH RECURSIVE pending(school_id) AS (
        SELECT (SELECT school_id FROM outbox WHERE published_at IS NULL ORDER BY school_id LIMIT 1)
        UNION ALL
        SELECT (SELECT o.school_id FROM outbox o WHERE o.published_at IS NULL AND o.school_id > pending.school_id
                ORDER BY o.school_id LIMIT 1) FROM pending WHERE pending.school_id IS NOT NULL)
    SELECT school_id, (SELECT 1 FROM outbox WHERE failed_at IS NOT NULL
                       ORDER BY school_id, topic, key LIMIT 1) AS failed
    FROM pending WHERE school_id IS NOT NULL""")
PENDING_ROWS = (
    sa.select(outbox.c.school_id, outbox.c.seq, outbox.c.topic, outbox.c.key, outbox.c.headers, outbox.c.value)
    .where(outbox.c.school_id == sa.bindparam("school"), outbox.c.published_at.is_(None))
    .order_by(outbox.c.seq).limit(sa.bindparam("most"))
)
_failed = outbox.alias("failed")
# What can never be sent holds the later facts of its key, and nobody else's. Hardly ever is there any, so that is
# asked once for a batch and not for each of its rows.
PENDING_ROWS_BESIDE_FAILED = PENDING_ROWS.where(
    outbox.c.failed_at.is_(None),
    ~sa.exists().where(_failed.c.school_id == outbox.c.school_id, _failed.c.failed_at.is_not(None),
                       _failed.c.topic == outbox.c.topic, _failed.c.key == outbox.c.key))


# One parameter for all rows: a statement with a mark for each would be read anew for each length of the batch.
MARK = {kind: sa.text(f"UPDATE outbox SET published_at = :now WHERE seq {among}").bindparams(
    sa.bindparam("now", type_=outbox.c.published_at.type)) for kind, among in (
        ("postgresql", "= ANY(:seqs)"), ("sqlite", "IN (SELECT value FROM json_each(:seqs))"))}


class Relay:
    """Pumps one database's outbox. `pump` is called again and again by the worker's thread."""

    def __init__(self, database: Database, producer: Producer):
        self._database = database
        self._producer = producer
        self._last_school = ""
        self._resting: dict[str, datetime] = {}  # school -> until when
        self._owed: list[int] = []  # acknowledged, and not marked yet

    @property
    def is_owing(self) -> bool:
        return bool(self._owed)

    def settle(self) -> None:
        """Mark what was acknowledged."""
        if self._owed:
            with self._database.across_schools("relay marks") as connection:
                self._mark(connection, self._owed)
            self._owed = []

    def pump(self) -> int:
        """Send one batch; return how many rows were published. Raises BusError when the bus did not take them."""
        marks = self._owed if not self._database.is_busy or len(self._owed) >= BATCH else []
        with self._database.across_schools("relay looks", write=bool(marks)) as connection:
            if marks:
                self._mark(connection, marks)
            rows = self._claim(connection, {*self._owed} - {*marks})
        self._owed = self._owed[len(marks):]
        if not rows:
            return 0
        batch = [Outgoing(row.topic, row.key, row.value, wire_headers(load_json(row.headers))) for row in rows]
        outcomes = self._producer.send(batch, SEND_TIMEOUT_S)
        sent = [row.seq for row, outcome in zip(rows, outcomes, strict=True) if outcome is None]
        refused = [(row, found) for row, found in zip(rows, outcomes, strict=True) if isinstance(found, TooLarge)]
        self._owed += sent
        if refused:
            with self._database.across_schools("relay refuses") as connection:
                for row, outcome in refused:
                    self._refuse(connection, row, str(outcome))
        self._rest(rows, outcomes)
        failure = next((o for o in outcomes if o is not None and not isinstance(o, TooLarge | NoTopic)), None)
        if failure is not None:
            self.settle()
            raise BusError(f"{len(rows) - len(sent) - len(refused)} facts were not acknowledged: {failure}")
        return len(sent)

    def _rest(self, rows: Sequence[Any], outcomes: Sequence[Outcome]) -> None:
        """Leave schools whose topics are not there alone for a while."""
        for school in {row.school_id for row, found in zip(rows, outcomes, strict=True) if isinstance(found, NoTopic)}:
            self._resting[school] = self._database.clock.now() + REST
            log.warning("no_topic", school=school, service=self._database.service)

    def _claim(self, connection: sa.Connection, sent: set[int]) -> Sequence[Any]:
        """What is to be sent next, beside what was sent and is not marked yet."""
        now, found = self._database.clock.now(), connection.execute(PENDING_SCHOOLS).all()
        able = [row.school_id for row in found if self._resting.get(row.school_id, now) <= now]
        wanted = PENDING_ROWS_BESIDE_FAILED if any(row.failed for row in found) else PENDING_ROWS
        share = max(FEWEST_PER_SCHOOL, BATCH // max(1, len(able)))
        rows: list[Any] = []
        for school in sorted(able, key=lambda one: (one <= self._last_school, one)):  # on from who was served last
            some = connection.execute(wanted, {"school": school, "most": share + len(sent)})
            rows += [row for row in some if row.seq not in sent][:share]
            self._last_school = school
            if len(rows) >= BATCH:
                break
        return rows

    def _mark(self, connection: sa.Connection, seqs: Sequence[int]) -> None:
        given = list(seqs) if self._database.is_postgresql else dump_json(list(seqs))
        connection.execute(MARK[connection.dialect.name], {"now": self._database.clock.now(), "seqs": given})

    def _refuse(self, connection: sa.Connection, row: Any, reason: str) -> None:
        now = self._database.clock.now()
        connection.execute(sa.update(outbox).where(outbox.c.seq == row.seq).values(failed_at=now))
        connection.execute(sa.insert(dead_letters).values(
            school_id=row.school_id, id=new_id(), direction="out", topic=row.topic, partition=0, position=row.seq,
            key=row.key, headers=row.headers, value=row.value, reason=reason[:500], attempts=1, state="dead",
            created_at=now))
        log.error("fact_cannot_be_sent", school=row.school_id, topic=row.topic, seq=row.seq)


@contextmanager
def ownership(database: Database) -> Any:
    """Yield a function that says whether this process owns the relay of the database.

    SQLite has one process; on PostgreSQL the owner holds a session advisory lock, which falls free when it dies.
    """
    if not database.is_postgresql:
        yield lambda: True
        return
    connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    held, look_at = False, 0.0

    def owns() -> bool:
        nonlocal held, look_at
        if held and time.monotonic() < look_at:
            return True
        look_at = time.monotonic() + LOOK_S
        if held:
            connection.execute(sa.text("SELECT 1"))  # a lost connection raises: the lock is gone with it
        else:
            held = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(:lock)"), {"lock": OWNER_LOCK}))
        return held

    try:
        yield owns
    finally:
        connection.invalidate() if connection.closed else connection.close()
