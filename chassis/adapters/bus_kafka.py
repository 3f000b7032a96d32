"""The bus of a deployment: kafka-python, set as it was proved on a real broker. The only module that imports kafka.

A send that fails or hangs costs its client: it is discarded and the next send makes a new one, because 2.3.2's producer
is trusted only while every future resolves. Decoding is ours (a bad record must never make poll() fail).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.structs import OffsetAndMetadata

from chassis.bus import BusError, NoTopic, OnAssigned, Outcome, Outgoing, Partition, Record, TooLarge, TopicSpec
from chassis.log import logger

# The client drops a connection whose reply is longer than it expects (1 MB unless told): a backlog of several topics
# comes in one reply, of at most FETCH_BYTES and one record more for each.
FETCH_BYTES = 8 * 1024 * 1024
MAX_RECORD_BYTES = 900_000
CLOSE_S = 2
# A missing topic (or a slow broker) is not asked for again for so long, twice as long each time: asking blocks others.
MISSING_S, MISSING_AT_MOST_S = 1.0, 30.0
log = logger("bus_kafka")


class KafkaBus:
    """Makes clients in the thread that uses them; `security` holds kafka-python's security_* and sasl_* options."""

    def __init__(self, bootstrap_servers: str, security: Mapping[str, Any] | None = None, replication: int = 1):
        self.options: dict[str, Any] = {"bootstrap_servers": bootstrap_servers.split(","), **(security or {})}
        self._replication = replication

    def producer(self, client_id: str) -> CarefulProducer:
        return CarefulProducer(self.options, client_id)

    def consumer(self, group: str, client_id: str, on_assigned: OnAssigned) -> CarefulConsumer:
        return CarefulConsumer(self.options, group, client_id, on_assigned)

    @contextlib.contextmanager
    def _admin(self) -> Any:
        try:
            admin = KafkaAdminClient(**self.options, client_id="tandem.topics", request_timeout_ms=30000)
        except KafkaError as error:
            raise BusError(f"the broker is not answering: {error}") from error
        try:
            yield admin
        except KafkaError as error:
            raise BusError(str(error)) from error
        finally:
            admin.close()

    def declare(self, specs: Sequence[TopicSpec]) -> list[str]:
        created: list[str] = []
        with self._admin() as admin:
            there = set(admin.list_topics())
            missing = [spec for spec in specs if spec.name not in there]
            for start in range(0, len(missing), 100):
                topics = [NewTopic(spec.name, spec.partitions, self._replication, topic_configs=_configs(spec))
                          for spec in missing[start:start + 100]]
                with contextlib.suppress(TopicAlreadyExistsError):
                    admin.create_topics(topics, timeout_ms=30000)
                created += [topic.name for topic in topics]
        return created

    def describe(self) -> dict[str, TopicSpec]:
        with self._admin() as admin:
            names = [name for name in admin.list_topics() if not name.startswith("__")]
            found = {item["topic"]: len(item["partitions"]) for item in admin.describe_topics(names)} if names else {}
            cleanup = _cleanups(admin, names)
        return {name: TopicSpec(name, count, cleanup.get(name, "delete")) for name, count in found.items()}  # type: ignore[arg-type]

    def close(self) -> None:
        pass


def _configs(spec: TopicSpec) -> dict[str, str]:
    configs = {"cleanup.policy": spec.cleanup, **spec.config}
    if spec.cleanup == "delete":
        configs["retention.ms"] = str(spec.retention_ms)
    return configs


def _cleanups(admin: Any, names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, {"cleanup.policy": None}) for name in names]
    for response in admin.describe_configs(resources) if names else []:
        for _code, _message, _kind, name, entries, *_rest in response.resources:
            found[name] = next((entry[1] for entry in entries if entry[0] == "cleanup.policy"), "delete")
    return found


class CarefulProducer:
    """Sends batches and trusts nothing but resolved futures."""

    def __init__(self, options: Mapping[str, Any], client_id: str):
        self._options, self._client_id = options, client_id
        self._client: Any = None
        self._missing: dict[str, tuple[float, float]] = {}  # topic -> when to ask again, and how long that is put off

    def _make(self) -> Any:
        return KafkaProducer(
            **self._options, client_id=self._client_id, acks="all", enable_idempotence=True,
            delivery_timeout_ms=120000, request_timeout_ms=30000, linger_ms=2, batch_size=131072,
            max_request_size=MAX_RECORD_BYTES + 100_000, allow_auto_create_topics=False, max_block_ms=2000,
            api_version=(2, 8),
        )

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        deadline = time.monotonic() + timeout_s
        try:
            if self._client is None:
                self._client = self._make()
            futures = [self._begin(record) for record in batch]
        except Exception as error:
            self._discard()
            return [BusError(f"the broker is not answering: {type(error).__name__}")] * len(batch)
        outcomes = [_resolve(future, deadline) for future in futures]
        if any(outcome is not None and not isinstance(outcome, TooLarge | NoTopic) for outcome in outcomes):
            self._discard()
        return outcomes

    def _begin(self, record: Outgoing) -> Any:
        if record.value is not None and len(record.value) > MAX_RECORD_BYTES:
            return TooLarge(f"{len(record.value)} bytes")
        again_at, put_off = self._missing.get(record.topic, (0.0, 0.0))
        if again_at > time.monotonic():
            return NoTopic(record.topic)
        try:
            sent = self._client.send(record.topic, key=record.key.encode(), value=record.value,
                                     headers=list(record.headers))
        except MessageSizeTooLargeError as error:
            return TooLarge(str(error))
        except (KafkaTimeoutError, UnknownTopicOrPartitionError):  # nothing is known of the topic, though asked for
            wait = min(2 * put_off or MISSING_S, MISSING_AT_MOST_S)
            self._missing[record.topic] = (time.monotonic() + wait, wait)
            return NoTopic(record.topic)
        self._missing.pop(record.topic, None)
        return sent

    def _discard(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            log.warning("producer_discarded", client=self._client_id)
            with contextlib.suppress(Exception):
                client.close(timeout=CLOSE_S)

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=CLOSE_S)


def _resolve(future: Any, deadline: float) -> Outcome:
    if isinstance(future, TooLarge | NoTopic):
        return future
    try:
        future.get(timeout=max(0.001, deadline - time.monotonic()))
    except MessageSizeTooLargeError as error:
        return TooLarge(str(error))
    except Exception as error:
        return BusError(type(error).__name__)
    return None


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Only notes what was assigned: the seeking is done from within poll."""

    def __init__(self) -> None:
        self.fresh: list[Partition] = []

    def on_partitions_revoked(self, revoked: Any) -> None:
        pass

    def on_partitions_assigned(self, assigned: Any) -> None:
        self.fresh = sorted(Partition(item.topic, item.partition) for item in assigned)


class CarefulConsumer:
    """A member of a group, positioned by its owner; an unexpected error costs the client, never the caller."""

    def __init__(self, options: Mapping[str, Any], group: str, client_id: str, on_assigned: OnAssigned):
        self._options, self._group, self._client_id = options, group, client_id
        self._on_assigned = on_assigned
        self._topics: list[str] = []
        self._paused: set[Partition] = set()
        self._listener = _Listener()
        self._client: Any = None

    def _make(self) -> Any:
        client = KafkaConsumer(
            **self._options, group_id=self._group, client_id=self._client_id, enable_auto_commit=False,
            auto_offset_reset="earliest", max_poll_records=500, session_timeout_ms=10000, heartbeat_interval_ms=3000,
            max_poll_interval_ms=300000, fetch_max_wait_ms=50, retry_backoff_ms=50, reconnect_backoff_ms=50,
            metadata_max_age_ms=10000, allow_auto_create_topics=False, api_version=(2, 8),
            fetch_max_bytes=FETCH_BYTES, receive_message_max_bytes=4 * FETCH_BYTES,
        )
        self._listener = _Listener()
        if self._topics:
            client.subscribe(self._topics, listener=self._listener)
        return client

    def subscribe(self, topics: Iterable[str]) -> None:
        self._topics = sorted(topics)
        if self._client is not None:
            self._listener = _Listener()
            if self._topics:
                self._client.subscribe(self._topics, listener=self._listener)
            else:
                self._client.unsubscribe()

    def poll(self, timeout_s: float, limit: int = 500) -> dict[Partition, list[Record]]:
        if not self._topics:
            time.sleep(timeout_s)
            return {}
        try:
            if self._client is None:
                self._client = self._make()
            polled = self._client.poll(timeout_ms=int(timeout_s * 1000), max_records=limit)
        except Exception as error:
            self._discard()
            raise BusError(f"polling failed: {type(error).__name__}") from error
        return self._take_over(polled) if self._listener.fresh else dict(map(_records, polled.items()))

    def _take_over(self, _early: Any) -> dict[Partition, list[Record]]:
        """Place what was newly assigned; what was fetched before that came from positions that nobody chose."""
        fresh, self._listener.fresh = self._listener.fresh, []
        self._on_assigned(fresh)
        still = [p for p in self._paused if p in set(fresh)]
        self._paused = set(still)
        self.pause(still)
        return {}

    def seek(self, partition: Partition, offset: int) -> None:
        if self._client is not None:
            with contextlib.suppress(AssertionError):  # no longer assigned: its new owner seeks it
                self._client.seek(TopicPartition(partition.topic, partition.number), offset)

    def pause(self, partitions: Iterable[Partition]) -> None:
        several = set(partitions)
        self._paused |= several
        if self._client is not None:
            assigned = self._client.assignment()
            self._client.pause(*[tp for tp in map(_topic_partition, several) if tp in assigned])

    def resume(self, partitions: Iterable[Partition]) -> None:
        several = set(partitions)
        self._paused -= several
        if self._client is not None:
            assigned = self._client.assignment()
            self._client.resume(*[tp for tp in map(_topic_partition, several) if tp in assigned])

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.commit_async({_topic_partition(p): OffsetAndMetadata(offset, "", -1)
                                           for p, offset in offsets.items()})

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """As the last reply to a fetch said: asking the broker would hold up what is to be polled."""
        assigned = self._client.assignment() if self._client is not None else ()
        ends = {p: self._client.highwater(_topic_partition(p)) for p in partitions if _topic_partition(p) in assigned}
        return {p: end for p, end in ends.items() if end is not None}

    def _discard(self) -> None:
        if self._client is not None:
            log.warning("consumer_discarded", client=self._client_id)
        self.close()

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(autocommit=False, timeout_ms=CLOSE_S * 1000)


def _topic_partition(partition: Partition) -> Any:
    return TopicPartition(partition.topic, partition.number)


def _records(item: tuple[Any, Sequence[Any]]) -> tuple[Partition, list[Record]]:
    partition = Partition(item[0].topic, item[0].partition)
    return partition, [
        Record(partition, raw.offset, (raw.key or b"").decode("utf-8", "replace"), raw.value,
               tuple((name, value or b"") for name, value in raw.headers), raw.timestamp)
        for raw in item[1]]
