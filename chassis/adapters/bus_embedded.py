"""The bus for one machine: a durable log in one SQLite file, with the promises of the port.

Records are appended in one transaction per batch (WAL, synchronous=FULL). Consumers of this process are woken by a
condition; those of other processes look every quarter of a second. Members of a group share partitions by a lease.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chassis.bus import (
    BusError,
    Headers,
    NoTopic,
    OnAssigned,
    Outcome,
    Outgoing,
    Partition,
    Record,
    TooLarge,
    TopicSpec,
)
from chassis.clock import new_id
from chassis.db import dump_json, load_json

MAX_RECORD_BYTES = 900_000
OTHER_PROCESS_POLL_S = 0.25
LEASE_S = 5.0
TIDY_EVERY = 2000  # appended records between looks for what has passed its retention
TOMBSTONE_MS = 24 * 3600 * 1000
SCHEMA = """
CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, partitions INT, cleanup TEXT, retention_ms INT);
CREATE TABLE IF NOT EXISTS log (topic TEXT, partition INT, offset INT, key TEXT, headers TEXT, value BLOB,
  timestamp_ms INT, PRIMARY KEY (topic, partition, offset)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ends (topic TEXT, partition INT, next_offset INT, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS members (grp TEXT, member TEXT, seen REAL, PRIMARY KEY (grp, member));
"""


class EmbeddedBus:
    """One log file. Every thread that uses it gets a connection of its own; writers take turns."""

    def __init__(self, path: Path | str):
        self.path = str(path)
        self.write_lock = threading.Lock()
        self.appended = threading.Condition()
        self.version = 0  # rises with each append of this process
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._unlooked = 0
        self.connection().executescript(SCHEMA)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                found.execute(f"PRAGMA {pragma}")
            self._local.connection = found
            self._open.append(found)
        return found

    def producer(self, client_id: str) -> EmbeddedProducer:
        return EmbeddedProducer(self)

    def consumer(self, group: str, client_id: str, on_assigned: OnAssigned) -> EmbeddedConsumer:
        return EmbeddedConsumer(self, group, on_assigned)

    def declare(self, specs: Sequence[TopicSpec]) -> list[str]:
        missing = [spec for spec in specs if spec.name not in self.describe()]
        with self.write_lock:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            for spec in missing:
                connection.execute("INSERT OR IGNORE INTO topics VALUES (?, ?, ?, ?)",
                                   (spec.name, spec.partitions, spec.cleanup, spec.retention_ms))
                connection.executemany("INSERT OR IGNORE INTO ends VALUES (?, ?, 0)",
                                       [(spec.name, number) for number in range(spec.partitions)])
            connection.execute("COMMIT")
        return [spec.name for spec in missing]

    def describe(self) -> dict[str, TopicSpec]:
        rows = self.connection().execute("SELECT name, partitions, cleanup, retention_ms FROM topics").fetchall()
        return {name: TopicSpec(name, partitions, cleanup, retention) for name, partitions, cleanup, retention in rows}

    def append(self, batch: Sequence[Outgoing]) -> None:
        """Append all of a batch, durably, or nothing. Every topic must be there."""
        topics = self.describe()
        now = int(time.time() * 1000)
        rows_by_place: dict[tuple[str, int], list[Outgoing]] = defaultdict(list)
        for record in batch:
            number = zlib.crc32(record.key.encode()) % topics[record.topic].partitions
            rows_by_place[record.topic, number].append(record)
        with self.write_lock:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                for place, records in rows_by_place.items():
                    _append(connection, place, records, now)
                self._unlooked += len(batch)
                if self._unlooked >= TIDY_EVERY:
                    self._unlooked = 0
                    _tidy(connection, topics, now)
                connection.execute("COMMIT")
            except sqlite3.Error:
                connection.execute("ROLLBACK")
                raise
        with self.appended:
            self.version += 1
            self.appended.notify_all()

    def close(self) -> None:
        """End every thread's connection; consumers and producers must have stopped."""
        with self.write_lock:
            for connection in self._open:
                connection.close()
            self._open.clear()


def _append(connection: sqlite3.Connection, place: tuple[str, int], records: Sequence[Outgoing], now: int) -> None:
    row = connection.execute("SELECT next_offset FROM ends WHERE topic = ? AND partition = ?", place).fetchone()
    first = row[0]
    connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", [
        (*place, first + index, record.key, _headers_out(record.headers), record.value, now)
        for index, record in enumerate(records)])
    connection.execute("UPDATE ends SET next_offset = ? WHERE topic = ? AND partition = ?",
                       (first + len(records), *place))


def _tidy(connection: sqlite3.Connection, topics: Mapping[str, TopicSpec], now: int) -> None:
    """Drop what a topic no longer keeps: older values of a key, day-old tombstones, or what is past retention."""
    for topic in topics.values():
        if topic.cleanup == "compact":
            connection.execute(
                "DELETE FROM log WHERE topic = ? AND (partition, offset) NOT IN "
                "(SELECT partition, max(offset) FROM log WHERE topic = ? GROUP BY partition, key)", (topic.name,) * 2)
            connection.execute("DELETE FROM log WHERE topic = ? AND value IS NULL AND timestamp_ms < ?",
                               (topic.name, now - TOMBSTONE_MS))
        else:
            connection.execute("DELETE FROM log WHERE topic = ? AND timestamp_ms < ?",
                               (topic.name, now - topic.retention_ms))


def _headers_out(headers: Headers) -> str:
    return dump_json([(name, value.decode("latin-1")) for name, value in headers])


def _headers_in(text: str) -> Headers:
    return tuple([(name, value.encode("latin-1")) for name, value in load_json(text)])


def _refusal(record: Outgoing, topics: Mapping[str, TopicSpec]) -> Outcome:
    """Why this record alone cannot be taken; its neighbours can."""
    if record.value and len(record.value) > MAX_RECORD_BYTES:
        return TooLarge(f"{len(record.value)} bytes")
    return None if record.topic in topics else NoTopic(f"there is no topic {record.topic}")


class EmbeddedProducer:
    """Appends batches; there is nothing to hang and nothing to replace."""

    def __init__(self, bus: EmbeddedBus):
        self._bus = bus

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        topics = self._bus.describe()
        outcomes = [_refusal(record, topics) for record in batch]
        good = [record for record, outcome in zip(batch, outcomes, strict=True) if outcome is None]
        try:
            self._bus.append(good)
        except sqlite3.Error as error:
            return [outcome or BusError(str(error)) for outcome in outcomes]
        return outcomes

    def close(self) -> None:
        pass


class EmbeddedConsumer:
    """A member of a group; its positions are where its owner sought them."""

    def __init__(self, bus: EmbeddedBus, group: str, on_assigned: OnAssigned):
        self._bus, self._group, self._on_assigned = bus, group, on_assigned
        self._member = new_id()
        self._topics: set[str] = set()
        self._positions: dict[Partition, int] = {}
        self._assigned: set[Partition] = set()
        self._paused: set[Partition] = set()
        self._last_lease = 0.0
        self._seen: tuple[int, int] | None = None
        self._ends: dict[Partition, int] = {}

    def subscribe(self, topics: Iterable[str]) -> None:
        self._topics = set(topics)
        self._last_lease = 0.0

    def poll(self, timeout_s: float, limit: int = 500) -> dict[Partition, list[Record]]:
        deadline = time.monotonic() + timeout_s
        while True:
            self._share()
            version = self._bus.version
            found = self._read(limit)
            left = deadline - time.monotonic()
            if found or left <= 0:
                return found
            with self._bus.appended:
                if self._bus.version == version:
                    self._bus.appended.wait(min(left, OTHER_PROCESS_POLL_S))

    def _look(self) -> None:
        """See where the partitions end, if anybody has written."""
        connection = self._bus.connection()
        seen = (connection.execute("PRAGMA data_version").fetchone()[0], self._bus.version)
        if seen != self._seen:  # data_version changes when another connection has written
            self._ends = {Partition(topic, number): end for topic, number, end in connection.execute(
                "SELECT topic, partition, next_offset FROM ends")}
            self._seen = seen

    def _read(self, limit: int) -> dict[Partition, list[Record]]:
        self._look()
        connection, ends = self._bus.connection(), self._ends
        found: dict[Partition, list[Record]] = {}
        behind = [p for p, at in self._positions.items() if p not in self._paused and ends.get(p, 0) > at]
        for partition in behind:
            rows = connection.execute(
                "SELECT offset, key, value, headers, timestamp_ms FROM log "
                "WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?",
                (partition.topic, partition.number, self._positions[partition], limit)).fetchall()
            if not rows:
                self._positions[partition] = ends[partition]  # what was left was compacted away
                continue
            found[partition] = [Record(partition, offset, key, value, _headers_in(headers), stamp_ms)
                                for offset, key, value, headers, stamp_ms in rows]
            self._positions[partition] = rows[-1][0] + 1
        return found

    def _share(self) -> None:
        """Renew the lease now and then, and take this member's part of the partitions."""
        now = time.time()
        if time.monotonic() - self._last_lease < LEASE_S / 5 and self._last_lease:
            return
        self._last_lease = time.monotonic()
        with self._bus.write_lock:
            connection = self._bus.connection()
            connection.execute("INSERT INTO members VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seen = excluded.seen",
                               (self._group, self._member, now))
            connection.execute("DELETE FROM members WHERE seen < ?", (now - LEASE_S,))
            members = [row[0] for row in connection.execute(
                "SELECT member FROM members WHERE grp = ? ORDER BY member", (self._group,))]
        everything = sorted(Partition(spec.name, number) for spec in self._bus.describe().values()
                            if spec.name in self._topics for number in range(spec.partitions))
        mine = {p for index, p in enumerate(everything) if members[index % len(members)] == self._member}
        fresh = sorted(mine - self._assigned)
        for gone in self._assigned - mine:
            self._positions.pop(gone, None)
            self._paused.discard(gone)
        self._assigned = mine
        if fresh:
            self._on_assigned(fresh)

    def seek(self, partition: Partition, offset: int) -> None:
        self._positions[partition] = offset

    def pause(self, partitions: Iterable[Partition]) -> None:
        self._paused.update(partitions)

    def resume(self, partitions: Iterable[Partition]) -> None:
        self._paused.difference_update(partitions)

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Nothing reads this copy on one machine: lag is measured from the services' own rows."""

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        self._look()
        return {p: self._ends.get(p, 0) for p in partitions}

    def close(self) -> None:
        """Leave the group, so that others take over at once."""
        with self._bus.write_lock:
            self._bus.connection().execute("DELETE FROM members WHERE member = ?", (self._member,))
