"""The relay marks what was acknowledged, in order per key and in turn by school, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from chassis.bus import BusError, NoTopic, TooLarge
from chassis.db import dead_letters, outbox
from chassis.relay import BATCH, FEWEST_PER_SCHOOL, Relay
from chassis.unit_of_work import Database
from tests.chassis.house import FakeProducer, keep_word
from tests.fakes import FixedClock


def keep(database: Database, says: str, key: str = "k", school: str = "oakfield") -> None:
    with database.unit_of_work(school) as uow:
        keep_word(uow, says, key)


def pending(database: Database) -> int:
    with database.across_schools("test counts", write=False) as connection:
        return connection.scalar(
            sa.select(sa.func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))) or 0


def test_what_was_acknowledged_is_marked_and_sent_once(database: Database) -> None:
    producer = FakeProducer()
    keep(database, "a")
    keep(database, "b")
    relay = Relay(database, producer)
    assert (relay.pump(), relay.pump(), len(producer.sent), pending(database)) == (2, 0, 2, 0)


def test_what_was_not_acknowledged_is_sent_again(database: Database) -> None:
    producer = FakeProducer()
    producer.refuse["b"] = BusError("away")
    keep(database, "1", "a")
    keep(database, "2", "b")
    relay = Relay(database, producer)
    with pytest.raises(BusError):
        relay.pump()
    assert ([sent.key for sent in producer.sent], pending(database)) == (["a"], 1)
    producer.refuse.clear()
    assert relay.pump() == 1
    assert [sent.key for sent in producer.sent] == ["a", "b"]


def test_facts_go_out_while_another_writes_and_are_marked_when_it_has_ended(database: Database) -> None:
    producer = FakeProducer()
    keep(database, "1", "a")
    relay = Relay(database, producer)
    with database.unit_of_work("oakfield"):  # on SQLite nobody else writes meanwhile
        assert (relay.pump(), relay.pump()) == (1, 0)
    assert relay.pump() == 0
    assert ([sent.key for sent in producer.sent], pending(database), relay.is_owing) == (["a"], 0, False)


def test_a_fact_that_can_never_be_sent_holds_its_key_and_nobody_else(database: Database) -> None:
    producer = FakeProducer()
    keep(database, "1", "bad")
    producer.refuse["bad"] = TooLarge("too large")
    relay = Relay(database, producer)
    relay.pump()
    keep(database, "2", "bad")
    keep(database, "3", "good")
    relay.pump()
    assert [sent.key for sent in producer.sent] == ["good"]
    with database.across_schools("test looks", write=False) as connection:
        letters = connection.execute(sa.select(dead_letters.c.key, dead_letters.c.direction)).all()
    assert [tuple(letter) for letter in letters] == [("bad", "out")]


def test_a_school_with_much_to_say_leaves_the_others_their_turn(database: Database) -> None:
    with database.unit_of_work("loud") as uow:
        for number in range(BATCH * 2):
            keep_word(uow, str(number), str(number))
    for school in ("a-quiet", "z-quiet"):
        keep(database, "hello", school=school)
    producer = FakeProducer()
    Relay(database, producer).pump()
    schools = {sent.topic.split(".")[1] for sent in producer.sent}
    assert schools == {"a-quiet", "loud", "z-quiet"}
    assert len(producer.sent) >= FEWEST_PER_SCHOOL


def test_a_school_without_topics_rests_and_the_others_go_on(database: Database, clock: FixedClock) -> None:
    producer = FakeProducer()
    producer.refuse["no-topic"] = NoTopic("not there")
    keep(database, "1", "no-topic", "new-school")
    keep(database, "2")
    relay = Relay(database, producer)
    assert (relay.pump(), relay.pump()) == (1, 0)
    producer.refuse.clear()
    assert relay.pump() == 0
    clock.advance(seconds=6)
    assert relay.pump() == 1
    assert [sent.key for sent in producer.sent] == ["k", "no-topic"]


def test_a_lower_number_that_becomes_visible_late_is_still_sent(database: Database) -> None:
    if not database.is_postgresql:
        assert database.engine.dialect.name == "sqlite"  # one writer: numbers become visible in order
        return
    producer = FakeProducer()
    relay = Relay(database, producer)
    with database.unit_of_work("oakfield") as slow:
        keep_word(slow, "slow", "a")
        slow.flush()
        keep(database, "fast", "b")
        relay.pump()
    relay.pump()
    assert [sent.key for sent in producer.sent] == ["b", "a"]
