"""The envelope of every event: CloudEvents 1.0 in Kafka's binary mode, with our extensions.

Attributes travel as `ce_*` headers, the data as JSON in the value; no value is a tombstone. `Fact` is what an action
announces; `Event` is what a reader gets. https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from chassis.bus import Headers, Record
from chassis.db import dump_json, load_json

Stream = Literal["events", "state"]
BEGINNING = "1970-01-01T00:00:00Z"
REQUIRED = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_schoolid")

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
causation_id: ContextVar[str] = ContextVar("causation_id", default="")
traceparent: ContextVar[str] = ContextVar("traceparent", default="")


class BadEnvelope(ValueError):
    """The record is not an event that we can read; it never will be."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, to be announced with the rows that made it so.

    `key` is the entity whose facts must stay in order; `version` rises with each fact of it. `data=None` on the
    state stream erases the entity (a tombstone). `after` is the state version that a reader must have applied first.
    """

    type: str
    key: str
    version: int
    data: Mapping[str, Any] | None
    stream: Stream = "events"
    after: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A fact as its reader sees it. `data` is None for a tombstone; `state_of` names the service whose state it is."""

    id: str
    type: str
    school: str
    key: str
    version: int
    time: datetime
    data: Any
    after: int = 0
    correlation: str = ""
    state_of: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who announces: a service, for one school."""

    service: str
    school: str


def topic_name(school: str, service: str, stream: Stream) -> str:
    """`tandem.<school>.<service>.<stream>.v1`: the school first, because prefix ACLs match from the left."""
    return f"tandem.{school}.{service}.{stream}.v1"


def school_of(topic: str) -> str:
    """The school that a topic belongs to."""
    return topic.split(".")[1]


@lru_cache(maxsize=4096)
def state_source(topic: str) -> str:
    """The service whose state a topic carries; empty for a topic of events."""
    _, _, service, stream, _ = topic.split(".")
    return service if stream == "state" else ""


def encode(fact: Fact, sender: Sender, event_id: str, time: datetime) -> tuple[list[list[str]], str | None]:
    """The headers (as pairs that JSON can keep) and the value of a fact, as text."""
    headers = [
        ["ce_specversion", "1.0"],
        ["ce_id", event_id],
        ["ce_source", f"/schools/{sender.school}/{sender.service}"],
        ["ce_type", fact.type],
        ["ce_time", _written(time)],
        ["ce_schoolid", sender.school],
        ["ce_partitionkey", fact.key],
        ["ce_aggregateversion", str(fact.version)],
    ]
    if fact.after:
        headers.append(["ce_stateversion", str(fact.after)])
    for context in (correlation_id, causation_id, traceparent):
        if context.get():
            headers.append([f"ce_{context.name.replace('_', '')}", context.get()])
    if fact.data is None:
        return headers, None
    headers.append(["content-type", "application/json"])
    return headers, dump_json(fact.data)


@lru_cache(maxsize=64)
def _written(time: datetime) -> str:
    """An instant as CloudEvents writes it; the facts of one unit of work share theirs."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def wire_headers(pairs: list[list[str]]) -> Headers:
    """Stored header pairs as the bus wants them."""
    return tuple([(name, value.encode()) for name, value in pairs])


def decode(record: Record) -> Event:
    """Read one record, or raise BadEnvelope saying what is wrong with it. Never invents an id."""
    try:
        found = {name: raw.decode() for name, raw in record.headers if name.startswith("ce_")}
    except UnicodeDecodeError as error:
        raise BadEnvelope("a header of the envelope is not UTF-8") from error
    missing = [name for name in REQUIRED if not found.get(name)]
    if missing:
        raise BadEnvelope(f"the envelope lacks {', '.join(missing)}")
    topic = record.partition.topic
    if found["ce_schoolid"] != school_of(topic):
        raise BadEnvelope("the envelope names another school than its topic")
    try:
        return Event(
            id=found["ce_id"], type=found["ce_type"], school=found["ce_schoolid"], key=record.key,
            version=int(found.get("ce_aggregateversion", "0")), time=_read(found.get("ce_time", BEGINNING)),
            data=None if record.value is None else load_json(record.value),
            after=int(found.get("ce_stateversion", "0")), correlation=found.get("ce_correlationid", ""),
            state_of=state_source(topic))
    except ValueError as error:  # a UnicodeDecodeError is one too
        raise BadEnvelope(f"the event cannot be read: {type(error).__name__}") from error


@lru_cache(maxsize=64)
def _read(time: str) -> datetime:
    return datetime.fromisoformat(time)
