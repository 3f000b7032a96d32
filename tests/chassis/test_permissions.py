"""The reader's copy of who may do what: dates obeyed, age obeyed, and a pair of which something is missing is held."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.bus import Partition, Record
from chassis.db import freshness, inbox, offsets
from chassis.envelope import Event
from chassis.errors import NotFound, Unavailable
from chassis.inbox import Inbox, Subscriptions
from chassis.permissions import Answer, Permissions
from chassis.unit_of_work import Database, UnitOfWork
from tests.chassis.house import Permission
from tests.chassis.test_operations import Operator
from tests.fakes import FixedClock

PERMISSIONS = Permissions(Permission, "owners")
STATE = Partition("tandem.oakfield.owners.state.v1", 0)
KIND, BEAT, OTHER = (f"tandem.owners.{what}.v1" for what in ("right.computed", "heartbeat.sent", "thing.described"))
ALWAYS = {"see": [[None, None]]}
NEVER: dict[str, Any] = {"see": []}
TABLES: Sequence[Any] = (Permission.__table__, freshness, offsets, inbox)


class Reader:
    """A service that keeps a copy; a snapshot that says `poison` is more than it can handle until it is mended."""

    def __init__(self, database: Database, clock: FixedClock):
        self.database, self.clock = database, clock
        self.is_mended = False
        self.offset = 0
        self.subscriptions = Subscriptions(
            (("owners", "state"),), {KIND: self.store, BEAT: lambda _uow, _events: None, OTHER: self.store},
            {KIND: PERMISSIONS.hold})
        self.begin()

    def begin(self) -> None:
        """A worker takes the partition where the rows say."""
        self.inbox = Inbox(self.database, self.subscriptions)
        self.offset = self.inbox.place([STATE])[STATE]

    def store(self, uow: UnitOfWork, events: Sequence[Event]) -> None:
        if not self.is_mended and any("poison" in event.data for event in events):
            raise ValueError("too much")
        PERMISSIONS.store(uow, [event for event in events if event.type == KIND])

    def record(self, key: str, windows: Any, kind: str = KIND, **more: Any) -> Record:
        """The next record of the stream; its version is its place in it."""
        headers = {"ce_specversion": "1.0", "ce_id": f"e{self.offset}", "ce_source": "/schools/oakfield/owners",
                   "ce_type": kind, "ce_schoolid": "oakfield", "ce_time": self.clock.now().isoformat(),
                   "ce_aggregateversion": str(self.offset + 1)}
        made = Record(STATE, self.offset, key, json.dumps({"windows": windows, **more}).encode(),
                      tuple((name, value.encode()) for name, value in headers.items()), 0)
        self.offset += 1
        return made

    def take(self, *records: Record) -> None:
        self.inbox.take("oakfield", {STATE: records})

    def hear(self, key: str, windows: Any, kind: str = KIND, **more: Any) -> None:
        self.take(self.record(key, windows, kind, **more))

    def beat(self) -> None:
        self.hear("beat", {}, BEAT)

    def may(self, pair: str, at: datetime | None = None) -> Answer:
        about, _, holder = pair.partition(":")
        with self.database.unit_of_work("oakfield", write=False) as uow:
            return PERMISSIONS.may(uow, holder, "see", about, at)


@pytest.fixture
def reader(database: Database, clock: FixedClock) -> Reader:
    return Reader(database, clock)


@pytest.fixture
def operator(database: Database, clock: FixedClock, reader: Reader) -> Operator:
    return Operator(database, clock, reader.subscriptions)


def test_the_copy_answers_for_a_pair_and_obeys_its_dates_by_itself(reader: Reader, clock: FixedClock) -> None:
    begin, end = clock.now() + timedelta(seconds=10), clock.now() + timedelta(seconds=30)
    reader.hear("a:h", {"see": [[begin.isoformat(), end.isoformat()]]})
    assert [reader.may("a:h"), reader.may("a:h", begin), reader.may("a:h", end), reader.may("b:h", begin)] \
        == [Answer.REFUSED, Answer.ALLOWED, Answer.REFUSED, Answer.REFUSED]
    clock.advance(seconds=10)
    assert reader.may("a:h") is Answer.ALLOWED
    clock.advance(seconds=20)
    assert reader.may("a:h") is Answer.REFUSED


def test_a_copy_that_nobody_renewed_for_a_minute_is_held_whatever_instant_is_asked_about(
        reader: Reader, clock: FixedClock) -> None:
    assert reader.may("a:h") is Answer.HELD
    reader.hear("a:h", ALWAYS)
    clock.advance(seconds=60)
    assert reader.may("a:h") is Answer.ALLOWED
    clock.advance(seconds=1)
    assert [reader.may("a:h"), reader.may("a:h", clock.now() - timedelta(seconds=30))] == [Answer.HELD] * 2
    reader.beat()
    assert reader.may("a:h") is Answer.ALLOWED


def test_another_schools_pairs_are_not_looked_at(reader: Reader, database: Database) -> None:
    reader.hear("a:h", ALWAYS)
    with database.unit_of_work("elm") as uow:
        uow.connection.execute(sa.insert(freshness).values(
            school_id="elm", source="owners", version=1, as_of=uow.now))
        assert PERMISSIONS.may(uow, "h", "see", "a") is Answer.REFUSED
        assert PERMISSIONS.list_allowed(uow, "h", "see") == []


def test_a_pair_whose_snapshot_was_parked_is_held_though_heartbeats_go_on(
        reader: Reader, database: Database) -> None:
    for pair in ("a:h", "b:h"):
        reader.hear(pair, ALWAYS)
    reader.take(reader.record("a:h", NEVER, poison=True), reader.record("a:h", ALWAYS), reader.record("beat", {}, BEAT))
    assert [reader.may(pair) for pair in ("a:h", "b:h", "c:h")] == [Answer.HELD, Answer.ALLOWED, Answer.REFUSED]
    with database.unit_of_work("oakfield", write=False) as uow:
        assert PERMISSIONS.list_allowed(uow, "h", "see") == ["b"]
        with pytest.raises(Unavailable):
            PERMISSIONS.require(uow, "h", "see", "a")
        with pytest.raises(NotFound):
            PERMISSIONS.require(uow, "h", "see", "c")


def test_a_pair_that_was_never_known_is_held_too_and_then_freed(reader: Reader, operator: Operator) -> None:
    reader.take(reader.record("new:h", ALWAYS, poison=True), reader.record("beat", {}, BEAT))
    assert reader.may("new:h") is Answer.HELD
    reader.is_mended = True
    assert operator.ask(f"/dead-letters/{operator.head()}/retry", "POST").json == {"retried": 1}
    assert reader.may("new:h") is Answer.ALLOWED


def test_a_retry_frees_the_pair_with_the_last_word_of_those_that_waited(reader: Reader, operator: Operator) -> None:
    reader.hear("a:h", ALWAYS)
    reader.take(reader.record("a:h", ALWAYS, poison=True), reader.record("a:h", NEVER))
    assert operator.ask(f"/dead-letters/{operator.head()}/retry", "POST").status_code == 422
    assert reader.may("a:h") is Answer.HELD
    reader.is_mended = True
    assert operator.ask(f"/dead-letters/{operator.head()}/retry", "POST").json == {"retried": 2}
    assert (reader.may("a:h"), operator.letters()) == (Answer.REFUSED, [])


def test_after_a_discard_the_pair_stays_held_until_the_next_snapshot(reader: Reader, operator: Operator) -> None:
    reader.hear("a:h", ALWAYS)
    reader.hear("a:h", NEVER, poison=True)
    assert operator.ask(f"/dead-letters/{operator.head()}/discard", "POST", reason="a test").json == {"retried": 0}
    reader.beat()
    assert reader.may("a:h") is Answer.HELD
    reader.hear("a:h", NEVER)
    assert reader.may("a:h") is Answer.REFUSED


def test_one_that_waited_and_fails_in_its_turn_holds_the_pair_again(reader: Reader, operator: Operator) -> None:
    reader.take(reader.record("a:h", ALWAYS, poison=True), reader.record("a:h", ALWAYS),
                reader.record("a:h", NEVER, poison=True))
    assert operator.ask(f"/dead-letters/{operator.head()}/discard", "POST", reason="a test").json == {"retried": 1}
    assert (operator.letters(), reader.may("a:h")) == ([(2, "dead")], Answer.HELD)


@pytest.mark.parametrize(("key", "kind", "held"), [
    ("a:h", KIND, True), ("a:h", "", True), ("a:h", "no.such.type", True), ("a:h", OTHER, False),
    ("a", KIND, False), (":h", KIND, False), ("a:", KIND, False), ("a:h:i", KIND, True),
    (f"a:{'h' * 37}", KIND, False)])
def test_only_what_may_be_a_snapshot_of_a_pair_holds_one(reader: Reader, key: str, kind: str, held: bool) -> None:
    broken = reader.record(key, NEVER, kind)
    reader.take(Record(STATE, broken.offset, key, b"{not json", broken.headers, 0), reader.record("b:h", ALWAYS))
    assert (reader.may(key) is Answer.HELD, reader.may("b:h")) == (held, Answer.ALLOWED)


def test_what_is_parked_of_a_stream_of_events_holds_nothing(database: Database, reader: Reader) -> None:
    happened = Partition("tandem.oakfield.owners.events.v1", 0)
    reader.inbox.place([happened])
    reader.beat()
    reader.inbox.take("oakfield", {happened: [Record(happened, 0, "a:h", b"{not json", (), 0)]})
    assert reader.may("a:h") is Answer.REFUSED


def test_an_older_copy_that_was_restored_is_held_until_it_has_caught_up(
        reader: Reader, database: Database, clock: FixedClock) -> None:
    reader.hear("a:h", ALWAYS)
    earlier = look(database)
    clock.advance(seconds=90)
    missed = [reader.record("a:h", NEVER), reader.record("beat", {}, BEAT)]
    reader.take(*missed)
    assert reader.may("a:h") is Answer.REFUSED
    restore(database, earlier)
    assert reader.may("a:h") is Answer.HELD
    reader.begin()
    assert reader.offset == 1
    reader.take(*missed)
    assert reader.may("a:h") is Answer.REFUSED


def look(database: Database) -> dict[str, list[dict[str, Any]]]:
    """What a backup of the copy holds."""
    with database.unit_of_work("oakfield", write=False) as uow:
        return {table.name: [dict(row) for row in uow.connection.execute(sa.select(table)).mappings()]
                for table in TABLES}


def restore(database: Database, earlier: dict[str, list[dict[str, Any]]]) -> None:
    with database.unit_of_work("oakfield") as uow:
        for table in TABLES:
            uow.connection.execute(sa.delete(table))
            uow.connection.execute(sa.insert(table), earlier[table.name])
