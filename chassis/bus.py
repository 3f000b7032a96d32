"""The bus port: ordered, durable topics that the services talk through.

Two adapters keep this promise, and one contract suite runs over both: `bus_kafka` (kafka-python) for a deployment
and `bus_embedded` (a durable log in SQLite) for one machine with nothing installed.

The promise: records of one partition are delivered in order, at least once, from any offset that is asked for.
Committed offsets are a copy for lag tools; the truth about progress is in each service's own database (`inbox`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One ordered sequence of records."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent. `value=None` is a tombstone on a compacted topic."""

    topic: str
    key: str
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read; `timestamp_ms` is when it was appended, in milliseconds since 1970."""

    partition: Partition
    offset: int
    key: str
    value: bytes | None
    headers: Headers
    timestamp_ms: int

    def header(self, name: str) -> bytes | None:
        """The first header of that name, or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """What a topic should be. `cleanup='compact'` keeps the last record of each key for ever."""

    name: str
    partitions: int = 1
    cleanup: Literal["delete", "compact"] = "delete"
    retention_ms: int = 30 * 24 * 3600 * 1000
    config: Mapping[str, str] = field(default_factory=dict)


class BusError(Exception):
    """The bus could not do it now; trying again is worth while."""


class NoTopic(BusError):
    """The topic of this record is not there: it may be made later, and other topics go on meanwhile."""


class TooLarge(BusError):
    """This record can never be sent: it is above the limit. Trying again is not worth while."""


Outcome = BusError | None


class Producer(Protocol):
    """Sends batches. It is owned by one thread."""

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        """Send in order and wait for every acknowledgement: one outcome per record, None when acknowledged.

        Never raises for a record and never waits longer than `timeout_s` in all. A record that was not
        acknowledged may still have arrived. After a failure or a hang the adapter replaces its client by itself.
        """
        ...

    def close(self) -> None: ...


class Consumer(Protocol):
    """One member of a group. It is owned by one thread."""

    def subscribe(self, topics: Iterable[str]) -> None:
        """Follow exactly these topics; may be called again when the list changes."""
        ...

    def poll(self, timeout_s: float, limit: int = 500) -> dict[Partition, list[Record]]:
        """Records of the assigned partitions after each one's position; {} when none came in time.

        A newly assigned partition yields nothing until `seek` has placed it: `on_assigned` is called from
        within poll, and must seek each partition that it is given.
        """
        ...

    def seek(self, partition: Partition, offset: int) -> None: ...

    def pause(self, partitions: Iterable[Partition]) -> None: ...

    def resume(self, partitions: Iterable[Partition]) -> None: ...

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Copy next offsets for lag tools. Best effort: never raises."""
        ...

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The offset that the next record of each partition would have when it was last looked there; of a partition
        that is not ours, or was not looked at yet, none."""
        ...

    def close(self) -> None: ...


OnAssigned = Callable[[Sequence[Partition]], None]


class Bus(Protocol):
    """Makes producers and consumers, and declares topics. Safe to share between threads."""

    def producer(self, client_id: str) -> Producer: ...

    def consumer(self, group: str, client_id: str, on_assigned: OnAssigned) -> Consumer: ...

    def declare(self, specs: Sequence[TopicSpec]) -> list[str]:
        """Create what is missing; return the names that were created. Existing topics are left as they are."""
        ...

    def describe(self) -> dict[str, TopicSpec]:
        """What topics are there now."""
        ...

    def close(self) -> None: ...
