"""A bus that keeps one test's topics apart from another's on the same broker, by a prefix that nobody else sees."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chassis.bus import Bus, Consumer, OnAssigned, Outcome, Outgoing, Partition, Producer, Record, TopicSpec


class ApartBus:
    """The bus port over another bus."""

    def __init__(self, bus: Bus, prefix: str = ""):
        self._bus, self._prefix = bus, prefix or f"t{secrets.token_hex(4)}."

    def producer(self, client_id: str) -> Producer:
        return _Producer(self._bus.producer(client_id), self._prefix)

    def consumer(self, group: str, client_id: str, on_assigned: OnAssigned) -> Consumer:
        prefix = self._prefix

        def assigned(partitions: Sequence[Partition]) -> None:
            on_assigned([_inner(partition, prefix) for partition in partitions])

        return _Consumer(self._bus.consumer(prefix + group, client_id, assigned), prefix)

    def declare(self, specs: Sequence[TopicSpec]) -> list[str]:
        made = self._bus.declare([replace(spec, name=self._prefix + spec.name) for spec in specs])
        return [name.removeprefix(self._prefix) for name in made]

    def describe(self) -> dict[str, TopicSpec]:
        return {name.removeprefix(self._prefix): replace(spec, name=name.removeprefix(self._prefix))
                for name, spec in self._bus.describe().items() if name.startswith(self._prefix)}

    def close(self) -> None:
        self._bus.close()


def _inner(partition: Partition, prefix: str) -> Partition:
    return replace(partition, topic=partition.topic.removeprefix(prefix))


class _Producer:
    def __init__(self, producer: Producer, prefix: str):
        self._producer, self._prefix = producer, prefix

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        return self._producer.send([replace(item, topic=self._prefix + item.topic) for item in batch], timeout_s)

    def close(self) -> None:
        self._producer.close()


class _Consumer:
    def __init__(self, consumer: Consumer, prefix: str):
        self._consumer, self._prefix = consumer, prefix

    def _outer(self, partition: Partition) -> Partition:
        return replace(partition, topic=self._prefix + partition.topic)

    def subscribe(self, topics: Iterable[str]) -> None:
        self._consumer.subscribe([self._prefix + topic for topic in topics])

    def poll(self, timeout_s: float, limit: int = 500) -> dict[Partition, list[Record]]:
        return {_inner(partition, self._prefix): [replace(item, partition=_inner(partition, self._prefix))
                                                  for item in records]
                for partition, records in self._consumer.poll(timeout_s, limit).items()}

    def seek(self, partition: Partition, offset: int) -> None:
        self._consumer.seek(self._outer(partition), offset)

    def pause(self, partitions: Iterable[Partition]) -> None:
        self._consumer.pause([self._outer(partition) for partition in partitions])

    def resume(self, partitions: Iterable[Partition]) -> None:
        self._consumer.resume([self._outer(partition) for partition in partitions])

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        self._consumer.commit({self._outer(partition): offset for partition, offset in offsets.items()})

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        found = self._consumer.end_offsets([self._outer(partition) for partition in partitions])
        return {_inner(partition, self._prefix): offset for partition, offset in found.items()}

    def close(self) -> None:
        self._consumer.close()
