"""The inbox: what one poll brought of one school takes effect in one transaction, exactly once.

Each transaction inserts the event ids (a conflict means: seen before, skip), applies the handlers, and moves the
partition's row in `offsets` by compare-and-set. If the row no longer holds what this worker last read or wrote, another
worker was here: the transaction is rolled back and the worker goes where the row says. A batch that fails is taken
event by event, so one bad event never holds its neighbours; a permanent failure parks its key and nobody else's.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from chassis.bus import Partition, Record
from chassis.clock import new_id
from chassis.db import dead_letters, dump_json, freshness, inbox, load_json, offsets
from chassis.envelope import BadEnvelope, Event, causation_id, correlation_id, decode, school_of, state_source
from chassis.errors import Problem
from chassis.log import logger
from chassis.unit_of_work import Database, UnitOfWork

Handler = Callable[[UnitOfWork, Sequence[Event]], None]
MAX_STARTS = 3  # an event that has ended the process this often is parked
# Made once: these run for every batch, and putting a statement together takes longer than running it.
PARKED = sa.select(dead_letters.c.topic, dead_letters.c.key).distinct().where(
    dead_letters.c.school_id == sa.bindparam("school"), dead_letters.c.resolved_at.is_(None),
    dead_letters.c.direction == "in")
ADVANCE = sa.update(offsets).where(
    offsets.c.school_id == sa.bindparam("school"), offsets.c.topic == sa.bindparam("of_topic"),
    offsets.c.partition == sa.bindparam("number"), offsets.c.next_offset == sa.bindparam("known")).values(
    next_offset=sa.bindparam("reached"), starts=0, updated_at=sa.bindparam("now"))
log = logger("inbox")


class Fenced(Exception):
    """Another worker moved this partition's row."""


class Transient(Exception):
    """It may work later; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The visible table of a service: which services' streams it follows, and who handles what.

    A handler gets a run of events of one type, in order; most of them just loop. `on_parked` names, by type, who must
    know the key of a state's snapshot that could not be handled: what is kept of that key is old.
    """

    follows: Sequence[tuple[str, str]]
    handlers: Mapping[str, Handler]
    on_parked: Mapping[str, Callable[[UnitOfWork, str], None]] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """What this worker believes about one partition: the next offset, and whether it must go with care."""

    next_offset: int
    careful: bool = False  # the last process died on it: go event by event
    fresh: bool = False  # nothing was taken yet since it was placed


def apply_events(uow: UnitOfWork, subscriptions: Subscriptions, events: Iterable[Event]) -> int:
    """Hand events to their handlers in runs of one type. Returns how many were new.

    Unknown types are skipped: they break no run, and of a state stream they still say how far it has come.
    """
    handlers = subscriptions.handlers
    fresh = _claim_ids(uow, [event for event in events if event.type in handlers or event.state_of])
    for state in {event.state_of: event for event in fresh if event.state_of}.values():
        _note_state(uow, state)
    for kind, run in groupby((event for event in fresh if event.type in handlers), key=lambda event: event.type):
        handler, several = handlers[kind], list(run)
        correlation = correlation_id.set(several[-1].correlation)
        causation = causation_id.set(several[-1].id)
        try:
            handler(uow, several)
        finally:
            correlation_id.reset(correlation)
            causation_id.reset(causation)
    return len(fresh)


def _note_state(uow: UnitOfWork, event: Event) -> None:
    """What this transaction knows of the sender's state is as new as this event: a state stream has one order."""
    mine = (freshness.c.school_id == uow.school, freshness.c.source == event.state_of)
    known = uow.connection.scalar(sa.select(freshness.c.version).where(*mine))
    values = {"version": event.version, "as_of": event.time}
    if known is None:
        uow.connection.execute(sa.insert(freshness).values(school_id=uow.school, source=event.state_of, **values))
    elif known < event.version:
        uow.connection.execute(sa.update(freshness).where(*mine).values(**values))


def note_parked(uow: UnitOfWork, subscriptions: Subscriptions, record: Record) -> None:
    """Tell those who keep what this record should have renewed; one of no type that we handle may be of any."""
    kind = dict(record.headers).get("ce_type", b"").decode(errors="replace")
    for mine, tell in subscriptions.on_parked.items() if state_source(record.partition.topic) else ():
        if kind == mine or kind not in subscriptions.handlers:
            tell(uow, record.key)


def _claim_ids(uow: UnitOfWork, events: list[Event]) -> list[Event]:
    if not events:
        return []
    ids = dump_json([event.id for event in events])
    source = "json_array_elements_text(CAST(:ids AS json)) AS each(value)" \
        if uow.connection.dialect.name == "postgresql" else "json_each(:ids) AS each"
    new = set(uow.connection.scalars(sa.text(
        "INSERT INTO inbox (school_id, event_id, handled_at) "
        f"SELECT :school, each.value, :now FROM {source} WHERE true "
        "ON CONFLICT (school_id, event_id) DO NOTHING RETURNING event_id"
    ).bindparams(sa.bindparam("now", type_=inbox.c.handled_at.type)),
        {"ids": ids, "school": uow.school, "now": uow.now}))
    fresh: list[Event] = []
    for event in events:
        if event.id in new:
            new.discard(event.id)  # the same id twice in one batch counts once
            fresh.append(event)
    return fresh


class Inbox:
    """Takes batches of one service from the bus into its database."""

    def __init__(self, database: Database, subscriptions: Subscriptions):
        self._database = database
        self._subscriptions = subscriptions
        self.progress: dict[Partition, Progress] = {}

    def place(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Read where each newly assigned partition goes on; rows are made for partitions never seen."""
        with self._database.across_schools("inbox places") as connection:
            for partition in partitions:
                self.progress[partition] = self._read_row(connection, partition)
        return {partition: self.progress[partition].next_offset for partition in partitions}

    def note_ends(self, ends: Mapping[Partition, int]) -> None:
        """Keep where partitions end that are ahead of this worker; of one that is caught up nothing is needed."""
        ahead = {partition: end for partition, end in ends.items() if end > self.progress[partition].next_offset}
        if ahead:
            with self._database.across_schools("inbox notes ends") as connection:
                for partition, end in ahead.items():
                    connection.execute(sa.update(offsets).where(*_row_of(partition)).values(end_offset=end))

    def _read_row(self, connection: sa.Connection, partition: Partition) -> Progress:
        where = _row_of(partition)
        row = connection.execute(sa.select(offsets.c.next_offset, offsets.c.starts).where(*where)).first()
        if row is None:
            connection.execute(sa.insert(offsets).values(
                school_id=school_of(partition.topic), topic=partition.topic, partition=partition.number,
                next_offset=0, starts=0, updated_at=self._database.clock.now()))
            return Progress(0, fresh=True)
        return Progress(row.next_offset, careful=row.starts > 0, fresh=True)

    def take(self, school: str, batches: Mapping[Partition, Sequence[Record]]) -> None:
        """Make one poll's records of one school take effect. Raises Fenced or Transient; otherwise all are done."""
        for partition in batches:
            if self.progress[partition].fresh and not self.progress[partition].careful:
                self._count_start(school, partition, 1)
        careful = any(self.progress[partition].careful for partition in batches)
        if not careful:
            try:
                if self._take_together(school, batches):
                    return
            except (Fenced, Transient):
                for partition in batches:
                    self._count_start(school, partition, 0)
                raise
            except Exception as error:  # the batch holds something bad: find it by going event by event
                log.warning("batch_failed", school=school, reason=type(error).__name__)
        for partition, records in batches.items():
            for record in records:
                self._take_alone(school, partition, record)
            self.progress[partition] = Progress(self.progress[partition].next_offset)

    def _take_together(self, school: str, batches: Mapping[Partition, Sequence[Record]]) -> bool:
        """All of them at once; False when a key is parked, so that each must be looked at."""
        try:
            with self._database.unit_of_work(school) as uow:
                if uow.connection.execute(PARKED, {"school": school}).first():
                    return False
                apply_events(uow, self._subscriptions, [
                    decode(record) for records in batches.values() for record in records])
                for partition, records in batches.items():
                    self._advance(uow, partition, records[-1].offset + 1)
        except Exception as error:
            if _is_transient(error):
                raise Transient(str(error)) from error
            raise
        for partition, records in batches.items():
            self.progress[partition] = Progress(records[-1].offset + 1)
        return True

    def _take_alone(self, school: str, partition: Partition, record: Record) -> None:
        starts = self._count_start(school, partition, None)
        if starts > MAX_STARTS:
            self._park(school, partition, record, "handling it ended the process again and again", starts)
            return
        if (partition.topic, record.key) in self._parked_keys(school):
            self._park(school, partition, record, "waits behind an earlier event of its key", 0)
            return
        try:
            with self._database.unit_of_work(school) as uow:
                apply_events(uow, self._subscriptions, [decode(record)])
                self._advance(uow, partition, record.offset + 1)
        except Fenced:
            raise
        except Exception as error:
            if _is_transient(error):  # its try does not count: it did not end the process
                self._count_start(school, partition, starts - 1)
                raise Transient(str(error)) from error
            self._park(school, partition, record, reason_of(error), starts)
            return
        self.progress[partition] = Progress(record.offset + 1, careful=self.progress[partition].careful)

    def _count_start(self, school: str, partition: Partition, to: int | None) -> int:
        """Note, in a transaction of its own, that the next event is begun: it may end the process."""
        with self._database.unit_of_work(school) as uow:
            uow.connection.execute(sa.update(offsets).where(*_row_of(partition))
                                   .values(starts=offsets.c.starts + 1 if to is None else to))
            return uow.connection.scalar(sa.select(offsets.c.starts).where(*_row_of(partition))) or 0

    def _advance(self, uow: UnitOfWork, partition: Partition, next_offset: int) -> None:
        moved = uow.connection.execute(ADVANCE, {
            "school": uow.school, "of_topic": partition.topic, "number": partition.number,
            "known": self.progress[partition].next_offset, "reached": next_offset, "now": uow.now})
        if moved.rowcount != 1:
            raise Fenced(partition.topic)

    def _parked_keys(self, school: str) -> set[tuple[str, str]]:
        with self._database.unit_of_work(school, write=False) as uow:
            return {(row.topic, row.key) for row in uow.connection.execute(PARKED, {"school": school})}

    def _park(self, school: str, partition: Partition, record: Record, reason: str, attempts: int) -> None:
        headers = [[name, base64.b64encode(value).decode()] for name, value in record.headers]
        with self._database.unit_of_work(school) as uow:
            uow.connection.execute(sa.insert(dead_letters).values(
                school_id=school, id=new_id(), direction="in", topic=partition.topic, partition=partition.number,
                position=record.offset, key=record.key, headers=dump_json(headers), value=record.value,
                reason=reason[:500], attempts=attempts, state="dead" if attempts else "waiting", created_at=uow.now))
            note_parked(uow, self._subscriptions, record)
            self._advance(uow, partition, record.offset + 1)
        self.progress[partition] = Progress(record.offset + 1, careful=self.progress[partition].careful)
        log.error("event_parked", school=school, topic=partition.topic, offset=record.offset, reason=reason[:80])


def _row_of(partition: Partition) -> tuple[sa.ColumnElement[bool], ...]:
    return (offsets.c.school_id == school_of(partition.topic), offsets.c.topic == partition.topic,
            offsets.c.partition == partition.number)


def _is_transient(error: Exception) -> bool:
    if isinstance(error, Problem):
        return error.worth_retrying
    return isinstance(error, (sa.exc.OperationalError, sa.exc.TimeoutError, sa.exc.InterfaceError, Transient))


def reason_of(error: Exception) -> str:
    """Why an event could not be handled, without any of its contents."""
    if isinstance(error, (BadEnvelope, Problem)):
        return str(error)
    return type(error).__name__


def stored_record(row: Any) -> Record:
    """A dead letter of the inbox as the record that it was."""
    headers = tuple((name, base64.b64decode(value)) for name, value in load_json(row.headers))
    return Record(Partition(row.topic, row.partition), row.position, row.key, row.value, headers, 0)
