"""The documents for others: current, valid by the tools of their trade, and read by programs that are not ours."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event
from cloudevents.core.formats.json import JSONFormat
from openapi_spec_validator import validate

from chassis.adapters.bus_kafka import KafkaBus
from chassis.bus import Outgoing, Partition, Record, TopicSpec
from chassis.clock import SystemClock, new_id
from chassis.envelope import Fact, Sender, decode, encode, topic_name, wire_headers
from tandem.contracts import CONTRACTS, HTTP_SERVICES, documents

ROOT = CONTRACTS.parent
PARSE = """
const {Parser} = require("@asyncapi/parser");
new Parser().parse(require("fs").readFileSync("contracts/asyncapi.json", "utf8")).then((found) => {
  const faults = found.diagnostics.filter((fault) => fault.severity < 2);
  console.log(JSON.stringify({faults, channels: found.document ? found.document.channels().all().length : 0}));
});
"""


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and nothing may be skipped")
    pytest.skip(f"NOT TESTED: {what}")


def test_every_document_is_as_it_would_be_written_now() -> None:
    stale = [path.name for path, text in documents().items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run `tandem contracts write`"


def test_the_asyncapi_parser_accepts_the_events() -> None:
    if not shutil.which("node") or not (ROOT / "node_modules/@asyncapi/parser").exists():
        missing("there is no node, or no @asyncapi/parser")
    done = subprocess.run(["node", "-e", PARSE], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == {"faults": [], "channels": 5}


@pytest.mark.parametrize("service", HTTP_SERVICES)
def test_an_openapi_document_is_valid_and_says_what_each_operation_does(service: str) -> None:
    document = json.loads((CONTRACTS / "openapi" / f"{service}.json").read_text())
    validate(document)
    assert document["openapi"] == "3.1.0"
    operations = {f"{method} {path}": found for path, item in document["paths"].items()
                  for method, found in item.items() if method in ("get", "post", "put", "patch", "delete")}
    assert [name for name, found in operations.items() if not found.get("summary")] == []
    assert [name for name, found in operations.items() if "default" not in found["responses"]] == []
    assert document["security"] == [{"bearer": []}]
    text = json.dumps(document)
    unused = {name for name in document["components"]["schemas"] if f'#/components/schemas/{name}"' not in text}
    assert unused == {"PaginationMetadata"}, "flask-smorest brings that one; others are of another app in this process"


def announced() -> tuple[str, list[list[str]], bytes]:
    """A fact as it goes over the wire: its topic, headers and value."""
    school = f"s{secrets.token_hex(4)}"
    sample = json.loads((CONTRACTS / "events/profiles/update.shared.v1.sample.json").read_text())
    headers, value = encode(Fact(sample["type"], sample["key"], 3, sample["data"], after=2),
                            Sender("profiles", school), new_id(), SystemClock().now())
    assert value is not None
    return topic_name(school, "profiles", "events"), headers, value.encode()


@pytest.mark.kafka
def test_a_foreign_consumer_reads_our_records(kafka_server: str) -> None:
    if not shutil.which("kcat"):
        missing("there is no kcat")
    topic, headers, value = announced()
    bus = KafkaBus(kafka_server)
    bus.declare([TopicSpec(topic)])
    producer = bus.producer("test")
    assert producer.send([Outgoing(topic, "the-key", value, wire_headers(headers))], 20) == [None]
    producer.close()
    bus.close()
    done = subprocess.run(["kcat", "-C", "-b", kafka_server, "-t", topic, "-o", "beginning", "-e", "-J"],
                          capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(done.stdout.splitlines()[0])
    assert found["key"] == "the-key"
    assert json.loads(found["payload"]) == json.loads(value)
    told = dict(zip(found["headers"][::2], found["headers"][1::2], strict=True))
    assert told == dict(headers)


def test_the_cloudevents_sdk_reads_what_we_announce_and_we_read_what_it_writes() -> None:
    topic, headers, value = announced()
    theirs = from_binary_event(
        KafkaMessage(headers={name: text.encode() for name, text in headers}, key=b"k", value=value), JSONFormat())
    assert theirs.get_type() == "tandem.profiles.update.shared.v1"
    assert theirs.get_data() == json.loads(value)
    assert theirs.get_extension("aggregateversion") == "3"
    back = to_binary_event(theirs, JSONFormat())
    raw: Any = back.headers
    event = decode(Record(Partition(topic, 0), 0, "k", back.value, tuple(
        (name, text if isinstance(text, bytes) else str(text).encode()) for name, text in raw.items()), 0))
    assert (event.type, event.version, event.after, event.data) == (
        "tandem.profiles.update.shared.v1", 3, 2, json.loads(value))
