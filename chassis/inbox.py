"""The inbox: what one poll brought of one school takes effect in one transaction, exactly once.

Each transaction inserts the event ids (a conflict means: seen before, skip), applies the handlers, and moves the rows
of the partitions in `offsets` by compare-and-set. If a row no longer holds what this worker last read or wrote, another
worker was here: the transaction is rolled back and the worker goes where the row says. A batch that fails is taken
event by event, so one bad event never holds its neighbours; a permanent failure parks its key and nobody else's. What
nobody here handles needs no transaction: it is passed over, and the row follows with what is handled next, or later.
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
PARKED = sa.select(dead_letters.c.id).where(
    dead_letters.c.school_id == sa.bindparam("school"), dead_letters.c.resolved_at.is_(None),
    dead_letters.c.direction == "in")
# Held until what follows is parked behind it: who tries it again meanwhile waits, and then finds what is behind it.
AHEAD = PARKED.where(dead_letters.c.topic == sa.bindparam("topic"), dead_letters.c.key == sa.bindparam("key")
                     ).with_for_update(read=True)
# What a transaction knows of a sender's state is as new as the last event of it: a state stream has one order.
NOTE_STATE = sa.text(
    "INSERT INTO freshness (school_id, source, version, as_of) VALUES (:school, :source, :version, :as_of) "
    "ON CONFLICT (school_id, source) DO UPDATE SET version = excluded.version, as_of = excluded.as_of "
    "WHERE excluded.version > freshness.version").bindparams(sa.bindparam("as_of", type_=freshness.c.as_of.type))
PLACE = sa.text(
    "INSERT INTO offsets (school_id, topic, partition, next_offset, starts, updated_at) "
    "VALUES (:school, :topic, :number, 0, 0, :now) ON CONFLICT (school_id, topic, partition) "
    "DO UPDATE SET topic = excluded.topic RETURNING next_offset, starts"
).bindparams(sa.bindparam("now", type_=offsets.c.updated_at.type))
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
    kept: int  # what its row says: the same, but for events that were passed over since
    careful: bool = False  # the last process died on it: go event by event
    fresh: bool = False  # nothing was taken yet since it was placed


def apply_events(uow: UnitOfWork, subscriptions: Subscriptions, events: Iterable[Event]) -> int:
    """Hand events to their handlers in runs of one type. Returns how many were new.

    Unknown types are skipped: they break no run, and of a state stream they still say how far it has come.
    """
    handlers = subscriptions.handlers
    fresh = _claim_ids(uow, [event for event in events if event.type in handlers or event.state_of])
    for source, state in {event.state_of: event for event in fresh if event.state_of}.items():
        uow.connection.execute(NOTE_STATE, {
            "school": uow.school, "source": source, "version": state.version, "as_of": state.time})
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
    first = {event.id: event for event in reversed(events)}  # the same id twice in one batch counts once
    return [event for event in events if event.id in new and first[event.id] is event]


class Inbox:
    """Takes batches of one service from the bus into its database."""

    def __init__(self, database: Database, subscriptions: Subscriptions):
        self._database = database
        self._subscriptions = subscriptions
        self.progress: dict[Partition, Progress] = {}
        self._clear: set[str] = set()  # schools of which no key is parked: only this worker parks what it is assigned

    def place(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Read where each newly assigned partition goes on; rows are made for partitions never seen."""
        now = self._database.clock.now()
        with self._database.across_schools("inbox places") as connection:
            for partition in partitions:
                school = school_of(partition.topic)
                row = connection.execute(PLACE, {
                    "school": school, "topic": partition.topic, "number": partition.number, "now": now}).one()
                self.progress[partition] = Progress(row.next_offset, row.next_offset, row.starts > 0, fresh=True)
                self._clear.discard(school)
        return {partition: self.progress[partition].next_offset for partition in partitions}

    def note_ends(self, ends: Mapping[Partition, int]) -> None:
        """Let the rows follow what was passed over, and keep where partitions end that are ahead of this worker.

        Of a partition that is caught up no end is needed, and of one that is another's by now no row is moved.
        """
        behind = {each: known.next_offset for each, known in self.progress.items() if known.kept < known.next_offset}
        ahead = {partition: end for partition, end in ends.items() if end > self.progress[partition].next_offset}
        if behind or ahead:
            with self._database.across_schools("inbox notes ends") as connection:
                self._move_rows(connection, behind)
                for partition, end in ahead.items():
                    connection.execute(sa.update(offsets).where(*_row_of(partition)).values(end_offset=end))
        for partition, offset in behind.items():
            self.progress[partition].kept = offset

    def take(self, school: str, batches: Mapping[Partition, Sequence[Record]]) -> None:
        """Make one poll's records of one school take effect. Raises Fenced or Transient; otherwise all are done."""
        if not any(self._is_ours(record) for records in batches.values() for record in records):
            for partition, records in batches.items():
                self.progress[partition].next_offset = records[-1].offset + 1
            return
        for partition in batches:
            if self.progress[partition].fresh and not self.progress[partition].careful:
                self._count_start(school, partition, 1)
        if not any(self.progress[partition].careful for partition in batches):
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
            self.progress[partition].careful = False

    def _is_ours(self, record: Record) -> bool:
        """Whether anything may come of a record: it is of a state, of a type that is handled, or of none."""
        kind = dict(record.headers).get("ce_type", b"").decode(errors="replace")
        return not kind or kind in self._subscriptions.handlers or bool(state_source(record.partition.topic))

    def _take_together(self, school: str, batches: Mapping[Partition, Sequence[Record]]) -> bool:
        """All of them at once; False when a key is parked, so that each must be looked at."""
        try:
            with self._database.unit_of_work(school) as uow:
                if school not in self._clear and uow.connection.execute(PARKED, {"school": school}).first():
                    return False
                apply_events(uow, self._subscriptions, [
                    decode(record) for records in batches.values() for record in records])
                reached = {partition: records[-1].offset + 1 for partition, records in batches.items()}
                self._advance(uow, reached)
        except Exception as error:
            if _is_transient(error):
                raise Transient(str(error)) from error
            raise
        self._clear.add(school)
        for partition, offset in reached.items():
            self._go_on(partition, offset)
        return True

    def _take_alone(self, school: str, partition: Partition, record: Record) -> None:
        starts = self._count_start(school, partition, None)
        if starts > MAX_STARTS:
            self._park(school, partition, record, "handling it ended the process again and again", starts)
            return
        if self._park(school, partition, record, "waits behind an earlier event of its key", 0):
            return
        try:
            with self._database.unit_of_work(school) as uow:
                apply_events(uow, self._subscriptions, [decode(record)])
                self._advance(uow, {partition: record.offset + 1})
        except Fenced:
            raise
        except Exception as error:
            if _is_transient(error):  # its try does not count: it did not end the process
                self._count_start(school, partition, starts - 1)
                raise Transient(str(error)) from error
            self._park(school, partition, record, reason_of(error), starts)
            return
        self._go_on(partition, record.offset + 1)

    def _go_on(self, partition: Partition, offset: int) -> None:
        self.progress[partition] = Progress(offset, offset, careful=self.progress[partition].careful)

    def _count_start(self, school: str, partition: Partition, to: int | None) -> int:
        """Note, in a transaction of its own, that the next event is begun: it may end the process."""
        with self._database.unit_of_work(school) as uow:
            return uow.connection.scalar(sa.update(offsets).where(*_row_of(partition)).values(
                starts=offsets.c.starts + 1 if to is None else to).returning(offsets.c.starts)) or 0

    def _advance(self, uow: UnitOfWork, reached: Mapping[Partition, int]) -> None:
        if self._move_rows(uow.connection, reached) != len(reached):
            raise Fenced(uow.school)

    def _move_rows(self, connection: sa.Connection, reached: Mapping[Partition, int]) -> int:
        """Move the rows of partitions on that hold what is known of them; how many did."""
        rows = [{"school": school_of(partition.topic), "of_topic": partition.topic, "number": partition.number,
                 "known": self.progress[partition].kept, "reached": offset, "now": self._database.clock.now()}
                for partition, offset in reached.items()]
        return connection.execute(ADVANCE, rows).rowcount if rows else 0

    def _park(self, school: str, partition: Partition, record: Record, reason: str, attempts: int) -> bool:
        """Put it aside; one that was not tried only if an earlier one of its key is there. Whether it was."""
        with self._database.unit_of_work(school) as uow:
            if not attempts and not uow.connection.execute(
                    AHEAD, {"school": school, "topic": partition.topic, "key": record.key}).first():
                return False
            uow.connection.execute(sa.insert(dead_letters).values(
                school_id=school, id=new_id(), direction="in", topic=partition.topic, partition=partition.number,
                position=record.offset, key=record.key, value=record.value,
                headers=dump_json([[name, base64.b64encode(value).decode()] for name, value in record.headers]),
                reason=reason[:500], attempts=attempts, state="dead" if attempts else "waiting", created_at=uow.now))
            note_parked(uow, self._subscriptions, record)
            self._advance(uow, {partition: record.offset + 1})
        self._clear.discard(school)
        self._go_on(partition, record.offset + 1)
        log.error("event_parked", school=school, topic=partition.topic, offset=record.offset, reason=reason[:80])
        return True


def _row_of(partition: Partition) -> tuple[sa.ColumnElement[bool], ...]:
    return (offsets.c.school_id == school_of(partition.topic), offsets.c.topic == partition.topic,
            offsets.c.partition == partition.number)


def _is_transient(error: Exception) -> bool:
    if isinstance(error, Problem):
        return error.worth_retrying
    return isinstance(error, (sa.exc.OperationalError, sa.exc.TimeoutError, sa.exc.InterfaceError, Transient))


def reason_of(error: Exception) -> str:
    """Why an event could not be handled, without any of its contents."""
    return str(error) if isinstance(error, (BadEnvelope, Problem)) else type(error).__name__


def stored_record(row: Any) -> Record:
    """A dead letter of the inbox as the record that it was."""
    headers = tuple((name, base64.b64decode(value)) for name, value in load_json(row.headers))
    return Record(Partition(row.topic, row.partition), row.position, row.key, row.value, headers, 0)
