"""The contracts as documents: AsyncAPI 3 of the events, OpenAPI 3.1 of each service. Generated, kept in contracts/."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from chassis.errors import Refused
from tandem.data import DataFolder
from tandem.topics import STREAMS, topics_of

CONTRACTS = Path(__file__).parents[1] / "contracts"
HTTP_SERVICES = ("profiles", "scheduling", "notifications")
HEADERS: Mapping[str, str] = {
    "ce_specversion": "CloudEvents 1.0", "ce_id": "the event's own id; a reader acts once for each",
    "ce_source": "/schools/<school>/<service>", "ce_type": "the message's name",
    "ce_time": "when it was announced, UTC", "ce_schoolid": "the school; the same as in the topic",
    "ce_partitionkey": "the record's key",
    "ce_aggregateversion": "goes up with every change of the key; two topics have no order between them but this",
}
MORE_HEADERS: Mapping[str, str] = {
    "ce_stateversion": "on an event: the state that must have been read before it makes sense",
    "ce_correlationid": "what it belongs to", "ce_causationid": "the event that it follows from",
    "ce_traceparent": "W3C trace context", "content-type": "application/json; absent on a tombstone",
}


ABOUT = ("CloudEvents 1.0 in Kafka's binary mode. One set of topics for each school. Data holds opaque ids; names and "
         "addresses travel on the compacted state topics alone. Within a major version only optional fields are added.")

STATE = ("rights.computed.v1", "keepapart.declared.v1", "heartbeat.sent.v1")


def stream_of(name: str) -> str:
    """Whether a message is state (a snapshot, kept for ever by its key) or an event (gone after 30 days)."""
    thing = name.split(".", 2)[2]
    return "state" if ".described." in thing or thing in STATE else "events"


def write_asyncapi() -> dict[str, Any]:
    """The AsyncAPI document of all events, from their schemas, samples, and each reader's subscriptions."""
    files = sorted((CONTRACTS / "events").glob("*/*.json"))
    messages = {f"tandem.{path.parent.name}.{path.stem}": path for path in files
                if not path.name.endswith(".sample.json")}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Tandem events", "version": "1.0.0", "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {_channel(service, stream): _describe_channel(service, stream, messages)
                     for service, stream in STREAMS},
        "operations": {**{f"{service}Sends{stream.title()}": _operation("send", service, stream)
                          for service, stream in STREAMS}, **_receiving()},
        "components": {"messages": {name: _message(name, path) for name, path in messages.items()}},
    }


def _channel(service: str, stream: str) -> str:
    return f"{service}{stream.title()}"


def _describe_channel(service: str, stream: str, messages: Mapping[str, Path]) -> dict[str, Any]:
    address = f"tandem.{{school}}.{service}.{stream}.v1"
    spec = next(spec for spec in topics_of("{school}") if spec.name == address)
    carried = [name for name in messages if name.split(".")[1] == service and stream_of(name) == stream]
    return {
        "address": address,
        "parameters": {"school": {"description": "The school's id: small letters, digits and hyphens."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in carried},
        "bindings": {"kafka": {"partitions": spec.partitions, "topicConfiguration": {"cleanup.policy": [spec.cleanup]},
                               "bindingVersion": "0.5.0"}},
    }


def _operation(action: str, service: str, stream: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{_channel(service, stream)}"}}


def _receiving() -> dict[str, Any]:
    from services.notifications.subscriptions import SUBSCRIPTIONS as NOTIFICATIONS
    from services.portal.subscriptions import SUBSCRIPTIONS as PORTAL
    from services.scheduling.subscriptions import SUBSCRIPTIONS as SCHEDULING

    readers = {"scheduling": SCHEDULING, "notifications": NOTIFICATIONS, "portal": PORTAL}
    return {f"{reader}Receives{_channel(service, stream)[0].upper()}{_channel(service, stream)[1:]}":
            _operation("receive", service, stream)
            for reader, found in readers.items() for service, stream in found.follows}


def _message(name: str, path: Path) -> dict[str, Any]:
    sample = json.loads(path.with_name(f"{path.stem}.sample.json").read_text())
    schema = {key: value for key, value in json.loads(path.read_text()).items() if key != "$schema"}
    return {
        "name": name, "title": name, "contentType": "application/json",
        "headers": {"type": "object", "required": list(HEADERS), "properties": {
            header: {"type": "string", "description": words} for header, words in {**HEADERS, **MORE_HEADERS}.items()}},
        "payload": {"schemaFormat": "application/schema+json;version=draft-07", "schema": schema},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
        "examples": [{"name": "sample", "payload": sample["data"]}],
    }


def write_openapi() -> dict[str, Any]:
    """The OpenAPI document of each service, as its running app gives it."""
    from tandem.databases import migrate_folder
    from tandem.platform import Platform

    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        data.prepare("Trust")
        migrate_folder(data)
        platform = Platform(data, "http://127.0.0.1:8000")
        found = {name: platform.apps[name].test_client().get("/openapi.json").json for name in HTTP_SERVICES}
        platform.stop()
        platform.close_databases()
    return found


def documents() -> dict[Path, str]:
    """Every document by its path, as it should be."""
    made = {CONTRACTS / "asyncapi.json": write_asyncapi()}
    for name, document in write_openapi().items():
        made[CONTRACTS / "openapi" / f"{name}.json"] = document
    return {path: json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
            for path, content in made.items()}


@click.group()
def contracts() -> None:
    """The documents in contracts/ that are made from schemas and running apps."""


@contracts.command("write")
def write() -> None:
    """Write them anew."""
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        click.echo(f"Wrote {path.name}")


@contracts.command("check")
def check() -> None:
    """Say which are not as they would be written."""
    stale = [path.name for path, text in documents().items() if not path.exists() or path.read_text() != text]
    if stale:
        raise Refused(f"Not up to date: {', '.join(stale)}. Run `tandem contracts write`.")
    click.echo("All documents are up to date.")
