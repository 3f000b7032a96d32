"""One contract, two adapters: what the bus port promises, tried on the embedded log and on a real Apache Kafka."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.bus_kafka import KafkaBus
from chassis.bus import Bus, Consumer, NoTopic, Outgoing, Partition, Record, TooLarge, TopicSpec

PATIENCE_S = 25.0


@pytest.fixture(params=["embedded", "kafka"])
def bus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bus]:
    if request.param == "embedded":
        made: Bus = EmbeddedBus(tmp_path / "bus.db")
    else:
        made = KafkaBus(request.getfixturevalue("kafka_server"))
    yield made
    made.close()


@pytest.fixture
def topic(bus: Bus) -> str:
    name = f"tandem.s{secrets.token_hex(5)}.words.events.v1"
    bus.declare([TopicSpec(name, partitions=3)])
    return name


class Reader:
    """A consumer that goes on from the offsets it is given, and keeps what it has read."""

    def __init__(self, bus: Bus, group: str, topics: Sequence[str], start: dict[Partition, int] | None = None):
        self.start = start or {}
        self.assigned: set[Partition] = set()
        self.read: list[Record] = []
        self.consumer: Consumer = bus.consumer(group, f"{group}-reader", self._assigned)
        self.consumer.subscribe(topics)

    def _assigned(self, partitions: Sequence[Partition]) -> None:
        self.assigned = set(partitions)
        for partition in partitions:
            self.consumer.seek(partition, self.start.get(partition, 0))

    def until(self, done: Callable[[], bool]) -> None:
        """Poll until it is so, or fail after a patient while."""
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, f"still waiting, with {len(self.read)} read"
            for records in self.consumer.poll(0.2).values():
                self.read += records

    def values(self) -> list[bytes | None]:
        return [record.value for record in self.read]


def send(bus: Bus, topic: str, *pairs: tuple[str, str]) -> None:
    producer = bus.producer("test")
    outcomes = producer.send([Outgoing(topic, key, value.encode()) for key, value in pairs], 20)
    producer.close()
    assert outcomes == [None] * len(pairs)


def test_records_of_a_key_arrive_in_order_with_headers_kept(bus: Bus, topic: str) -> None:
    headers = (("ce_id", b"1"), ("raw", b"\xff\x00"), ("ce_id", b"again"))
    producer = bus.producer("test")
    batch = [Outgoing(topic, f"k{n % 5}", str(n).encode(), headers) for n in range(50)]
    assert producer.send(batch, 20) == [None] * 50
    producer.close()
    reader = Reader(bus, "g-" + secrets.token_hex(4), [topic])
    reader.until(lambda: len(reader.read) == 50)
    for key in {record.key for record in reader.read}:
        numbers = [int(record.value or b"") for record in reader.read if record.key == key]
        assert numbers == sorted(numbers)
    assert all(record.headers == headers for record in reader.read)
    reader.consumer.close()


def test_a_backlog_of_many_topics_and_megabytes_is_read(bus: Bus) -> None:
    topics = [f"tandem.s{secrets.token_hex(5)}.words.state.v1" for _ in range(6)]
    bus.declare([TopicSpec(name, 1) for name in topics])
    for name in topics:
        send(bus, name, *[(str(n), secrets.token_hex(10_000)) for n in range(50)])
    reader = Reader(bus, "g-" + secrets.token_hex(4), topics)
    reader.until(lambda: len(reader.read) == 300)
    reader.consumer.close()


def test_a_reader_goes_on_from_any_offset_it_names(bus: Bus, topic: str) -> None:
    send(bus, topic, *[("same", str(n)) for n in range(10)])
    first = Reader(bus, "g-" + secrets.token_hex(4), [topic])
    first.until(lambda: len(first.read) == 10)
    place = first.read[6]
    first.consumer.close()
    again = Reader(bus, "g-" + secrets.token_hex(4), [topic], {place.partition: place.offset})
    again.until(lambda: len(again.read) == 4)
    assert again.values() == [b"6", b"7", b"8", b"9"]
    again.consumer.close()


def test_two_groups_each_see_everything(bus: Bus, topic: str) -> None:
    send(bus, topic, ("a", "1"), ("b", "2"))
    for _ in range(2):
        reader = Reader(bus, "g-" + secrets.token_hex(4), [topic])
        reader.until(lambda: len(reader.read) == 2)  # noqa: B023
        reader.consumer.close()


def test_what_is_paused_stays_and_what_is_resumed_comes(bus: Bus, topic: str) -> None:
    reader = Reader(bus, "g-" + secrets.token_hex(4), [topic])
    reader.until(lambda: len(reader.assigned) == 3)
    reader.consumer.pause(reader.assigned)
    send(bus, topic, ("a", "1"))
    assert reader.consumer.poll(0.5) == {}
    reader.consumer.resume(reader.assigned)
    reader.until(lambda: len(reader.read) == 1)
    reader.consumer.close()


def test_members_of_a_group_share_and_take_over(bus: Bus, topic: str) -> None:
    group = "g-" + secrets.token_hex(4)
    one, two = Reader(bus, group, [topic]), Reader(bus, group, [topic])
    one.until(lambda: len(one.assigned) == 3)

    def shared() -> bool:
        two.consumer.poll(0.2)
        return bool(two.assigned) and one.assigned | two.assigned >= {Partition(topic, n) for n in range(3)}

    one.until(shared)
    one.consumer.close()
    send(bus, topic, *[(f"k{n}", str(n)) for n in range(9)])
    two.until(lambda: {record.value for record in two.read} >= {str(n).encode() for n in range(9)})
    two.consumer.close()


def test_an_oversize_record_is_refused_and_its_neighbours_arrive(bus: Bus, topic: str) -> None:
    producer = bus.producer("test")
    batch = [Outgoing(topic, "a", b"1"), Outgoing(topic, "a", b"x" * 2_000_000), Outgoing(topic, "b", b"2")]
    outcomes = producer.send(batch, 20)
    assert (outcomes[0], type(outcomes[1]), outcomes[2]) == (None, TooLarge, None)
    assert producer.send([Outgoing(topic, "c", b"3")], 20) == [None]
    producer.close()


def test_a_topic_that_is_not_there_is_named_and_its_neighbours_arrive(bus: Bus, topic: str) -> None:
    producer, nowhere = bus.producer("test"), f"tandem.s{secrets.token_hex(5)}.words.events.v1"
    batch = [Outgoing(nowhere, "a", b"1"), Outgoing(topic, "b", b"2"), Outgoing(nowhere, "a", b"3")]
    outcomes = producer.send(batch, 20)
    assert (type(outcomes[0]), outcomes[1], type(outcomes[2])) == (NoTopic, None, NoTopic)
    assert producer.send([Outgoing(topic, "c", b"4")], 20) == [None]
    producer.close()


def test_a_topic_that_came_late_is_sent_to_before_long(bus: Bus) -> None:
    producer, late = bus.producer("test"), f"tandem.s{secrets.token_hex(5)}.words.events.v1"
    assert isinstance(producer.send([Outgoing(late, "a", b"1")], 20)[0], NoTopic)
    bus.declare([TopicSpec(late, partitions=1)])
    deadline = time.monotonic() + PATIENCE_S
    while producer.send([Outgoing(late, "a", b"1")], 20) != [None]:
        assert time.monotonic() < deadline, "a topic that is there is still not sent to"
    producer.close()


def test_declaring_again_changes_nothing_and_tombstones_are_kept(bus: Bus) -> None:
    name = f"tandem.s{secrets.token_hex(5)}.words.state.v1"
    spec = TopicSpec(name, 1, "compact")
    assert (bus.declare([spec]), bus.declare([spec])) == ([name], [])
    found = bus.describe()[name]
    assert (found.partitions, found.cleanup) == (1, "compact")
    producer = bus.producer("test")
    assert producer.send([Outgoing(name, "a", b"1"), Outgoing(name, "a", None)], 20) == [None, None]
    producer.close()
    reader = Reader(bus, "g-" + secrets.token_hex(4), [name])
    reader.until(lambda: len(reader.read) == 2)
    assert reader.values() == [b"1", None]
    assert reader.consumer.end_offsets([Partition(name, 0)]) == {Partition(name, 0): 2}
    reader.consumer.close()
