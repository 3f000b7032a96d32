"""Nothing is announced without a schema, a sample, a topic and a reader; and the readers read the samples."""

from __future__ import annotations

import ast
import importlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.db import outbox, technical
from chassis.envelope import topic_name
from chassis.inbox import Subscriptions
from tandem.contracts import CONTRACTS, stream_of
from tandem.databases import migrate_service
from tandem.topics import STREAMS, topics_of
from tests.architecture.tree import MODULES, SERVICES
from tests.architecture.wired import SCHOOL, built_services
from tests.fakes import NOW, FixedClock, deliver, event
from tests.profiles.house import open_house

TYPE = re.compile(r"tandem\.[a-z]+\.[a-z*]+\.[a-z*]+\.v\d+")
SCHEMAS = {f"tandem.{path.parent.name}.{path.stem}": path for path in sorted((CONTRACTS / "events").glob("*/*.json"))
           if not path.name.endswith(".sample.json")}
SUBSCRIPTIONS: dict[str, Subscriptions] = {
    name: importlib.import_module(f"services.{name}.subscriptions").SUBSCRIPTIONS for name in SERVICES}
READERS = [name for name, found in SUBSCRIPTIONS.items() if found.handlers]
# Facts that no service of ours acts on: they are announced for programs that a trust joins to the bus.
FOR_OTHERS = {
    "tandem.profiles.aboutme.travelled.v1": "for a trust's own records of pages that went along; nobody is told",
    "tandem.profiles.aboutme.arrived.v1": "the page's version rises with it, and its teachers read that",
    "tandem.profiles.access.requested.v1": "for a trust's own register of requests and their clocks",
    "tandem.profiles.access.released.v1": "the portal asks where a request stands; for a trust's own register",
    "tandem.profiles.rights.changed.v1": "our readers keep the rights themselves, from the state that computed them",
    "tandem.profiles.restriction.entered.v1": "for a trust's own records: readers go by the rights that follow from it",
    "tandem.profiles.restriction.lifted.v1": "for a trust's own records: readers go by the rights that follow from it",
    "tandem.profiles.consent.answered.v1": "for a trust's own records; an answer is told to nobody",
    "tandem.profiles.topic.picked.v1": "nobody is told before the meeting; for a trust's own programs",
    "tandem.profiles.matter.passed.v1": "opaque by purpose: nobody of ours may act on it",
    "tandem.profiles.matter.handed.v1": "for a trust's own safeguarding system, which knows the matter by its file",
    "tandem.profiles.strategy.tried.v1": "for programs that follow how it goes; a note is read, and told to nobody",
    "tandem.profiles.agreement.agreed.v1": "nothing depends on it, and nobody is told of another's word",
    "tandem.scheduling.evening.changed.v1": "who has a time that changes hears of the appointment; for a trust's own "
                                            "programs",
    "tandem.scheduling.feed.ended.v1": "for a trust's own records of what was taken back",
    "tandem.notifications.delivery.withdrawn.v1": "for a trust's own records of what was taken back",
    "tandem.notifications.notice.withdrawn.v1": "for a trust's own records of what was taken back",
    "tandem.notifications.notice.resent.v1": "for a trust's own records of what was told after all",
    "tandem.portal.access.ended.v1": "for a trust's own records of what was taken back",
}
# Snapshots that come by and are not kept; the inbox notes of each, handled or not, how fresh the copy is.
PORTAL = "the portal keeps no school data: it asks the services"
MEETING = "who is to meet whom is scheduling's; only that they have spoken, or will look again, is kept here"
NOT_HERE = {
    ("profiles", "tandem.scheduling.appointment.booked.v1"): MEETING,
    ("profiles", "tandem.scheduling.appointment.cancelled.v1"): MEETING,
    ("profiles", "tandem.scheduling.appointment.moved.v1"): MEETING,
    ("profiles", "tandem.scheduling.checkin.proposed.v1"): MEETING,
    ("profiles", "tandem.scheduling.checkin.declined.v1"): MEETING,
    ("scheduling", "tandem.profiles.entry.withdrawn.v1"): "the wish for a review says what it means for a meeting",
    ("profiles", "tandem.scheduling.colleague.called.v1"): MEETING,
    ("profiles", "tandem.scheduling.evening.opened.v1"): MEETING,
    ("profiles", "tandem.scheduling.offer.made.v1"): MEETING,
    ("profiles", "tandem.scheduling.offer.ended.v1"): MEETING,
    ("profiles", "tandem.scheduling.evening.cancelled.v1"): MEETING,
    ("profiles", "tandem.scheduling.evening.moved.v1"): MEETING,
    ("profiles", "tandem.scheduling.itinerary.planned.v1"): MEETING,
    ("profiles", "tandem.scheduling.plan.published.v1"): MEETING,
    ("profiles", "tandem.scheduling.review.offered.v1"): MEETING,
    ("profiles", "tandem.scheduling.talk.missed.v1"): MEETING,
    ("profiles", "tandem.scheduling.evening.thanked.v1"): MEETING,
    ("profiles", "tandem.scheduling.meeting.asked.v1"): MEETING,
    ("profiles", "tandem.scheduling.meeting.offered.v1"): MEETING,
    ("profiles", "tandem.scheduling.meeting.booked.v1"): MEETING,
    ("profiles", "tandem.scheduling.meeting.cancelled.v1"): MEETING,
    ("profiles", "tandem.scheduling.wishes.answered.v1"): MEETING,
    ("profiles", "tandem.scheduling.wishes.reminded.v1"): MEETING,
    ("portal", "tandem.profiles.class.described.v1"): PORTAL,
    ("portal", "tandem.profiles.heartbeat.sent.v1"): "there is nothing to keep of it",
    ("portal", "tandem.profiles.keepapart.declared.v1"): PORTAL,
    ("portal", "tandem.profiles.support.described.v1"): PORTAL,
    ("notifications", "tandem.profiles.keepapart.declared.v1"): "what is told to one adult says nothing of another",
    ("scheduling", "tandem.profiles.heartbeat.sent.v1"): "there is nothing to keep of it",
    ("notifications", "tandem.profiles.class.described.v1"): "what is told is about a child, never about a class",
    ("notifications", "tandem.profiles.support.described.v1"): "how often people speak is for scheduling to see to",
    ("notifications", "tandem.profiles.review.asked.v1"): "the times that scheduling offers are told, not the wish",
    ("notifications", "tandem.scheduling.checkin.held.v1"): "who spoke knows it; nobody else is told",
    ("notifications", "tandem.scheduling.talk.held.v1"): "who came is thanked once, however many talks there were",
    ("notifications", "tandem.scheduling.meeting.held.v1"): "who spoke knows it; nobody else is told",
}
# Scheduling follows what profiles announces for its wishes for a review; of the rest it keeps nothing.
SAID = ("aboutme", "agreement", "alert", "consent", "expectation", "note", "partnership", "praise", "progress", "pupil",
        "strategy", "update")
NOT_HERE |= {("scheduling", kind): "what is said, and not when we meet" for kind in SCHEMAS
             if kind.startswith("tandem.profiles.") and kind.split(".")[2] in SAID and stream_of(kind) == "events"
             and kind not in FOR_OTHERS}
ENDINGS = (".ended.v1", ".cancelled.v1", ".left.v1")
NAMES_NOBODY = "those whom it names are told; the sample names nobody"
NO_ROW = {
    ("notifications", "tandem.profiles.heartbeat.sent.v1"): "it wakes the post, which may go on when it is fresh",
    ("notifications", "tandem.profiles.aboutme.changed.v1"): NAMES_NOBODY,
    ("notifications", "tandem.profiles.aboutme.read.v1"): "it takes back what asked to read, which comes later here",
    ("notifications", "tandem.profiles.entry.withdrawn.v1"): "it takes back what was told of words, which come later",
    ("notifications", "tandem.profiles.partnership.thanked.v1"): NAMES_NOBODY,
    ("notifications", "tandem.profiles.review.dropped.v1"): "it takes back times, which are offered later here",
    ("notifications", "tandem.scheduling.wishes.answered.v1"): "it takes back a reminder, which comes later here",
}


def types_in(text: str) -> Iterator[str]:
    """The event types that code names; what an f-string fills in is a '*'."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            found = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        else:
            found = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if TYPE.fullmatch(found):
            yield found


def announced() -> dict[str, set[str]]:
    """By service, the types that its own code names outside its subscriptions."""
    found: dict[str, set[str]] = {name: set() for name in SERVICES}
    for name, path in MODULES.items():
        if name.startswith("services.") and not name.endswith(".subscriptions"):
            found[name.split(".")[1]].update(types_in(path.read_text()) if name.count(".") > 1 else ())
    return found


def fits(pattern: str, kinds: Iterable[str]) -> set[str]:
    return {kind for kind in kinds if re.fullmatch(re.escape(pattern).replace(r"\*", "[a-z]+"), kind)}


def test_every_fact_that_is_announced_has_a_schema_and_a_sample_and_every_schema_a_fact() -> None:
    named = announced()
    assert [kind for kinds in named.values() for kind in sorted(kinds) if not fits(kind, SCHEMAS)] == []
    sent = {found for service, kinds in named.items() for kind in kinds for found in fits(kind, SCHEMAS)
            if found.split(".")[1] == service}
    assert sorted(set(SCHEMAS) - sent) == []
    assert [kind for kind, path in SCHEMAS.items() if not path.with_name(f"{path.stem}.sample.json").is_file()] == []


def test_every_stream_that_is_followed_or_written_is_a_topic_that_is_declared() -> None:
    followed = {stream for found in SUBSCRIPTIONS.values() for stream in found.follows}
    written = {(kind.split(".")[1], stream_of(kind)) for kind in SCHEMAS}
    assert sorted((followed | written) - {(service, stream) for service, stream in STREAMS}) == []
    assert sorted({(service, str(stream)) for service, stream in STREAMS} - written) == [], "nothing is written there"


def test_facts_go_to_the_stream_that_the_documents_say(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    house.call("POST", "/pupils/p-sam/praise", "s-bell", {"strength": "focus", "sentence": "Good."})
    with house.service.database.across_schools("test looks", write=False) as connection:
        rows = connection.execute(sa.select(outbox.c.headers, outbox.c.topic)).all()
    house.service.database.close()
    sent = {(dict(json.loads(row.headers))["ce_type"], row.topic) for row in rows}
    assert len(sent) > 5
    declared = {spec.name for spec in topics_of("oakfield")}
    for kind, topic in sent:
        stream = next(stream for service, stream in STREAMS if (service, stream) == ("profiles", stream_of(kind)))
        assert topic == topic_name("oakfield", "profiles", stream)
        assert topic in declared


def heard(reader: str) -> set[str]:
    """The types that come by on the streams that a service follows."""
    follows = set(SUBSCRIPTIONS[reader].follows)
    return {kind for kind in SCHEMAS if (kind.split(".")[1], stream_of(kind)) in follows}


@pytest.mark.parametrize("reader", SERVICES)
def test_a_reader_handles_what_it_hears_or_says_why_not(reader: str) -> None:
    handled = set(SUBSCRIPTIONS[reader].handlers)
    passed_over = {kind for name, kind in NOT_HERE if name == reader} | set(FOR_OTHERS)
    assert sorted(handled - heard(reader)) == [], "a handler of what never comes"
    assert sorted(heard(reader) - handled - passed_over) == [], "it comes by, and nobody has decided what to do"
    assert sorted(handled & passed_over) == [], "it is handled now: take it off the list"


def test_every_fact_has_a_reader_or_is_for_others() -> None:
    handled = {kind for found in SUBSCRIPTIONS.values() for kind in found.handlers}
    assert sorted(set(SCHEMAS) - handled) == sorted(FOR_OTHERS)
    assert sorted(kind for name, kind in NOT_HERE if kind not in heard(name)) == []


def samples() -> list[dict[str, Any]]:
    """All samples, state first and endings last; scheduling's speak of the people whom profiles' samples describe."""
    found = {kind: json.loads(path.with_name(f"{path.stem}.sample.json").read_text()) for kind, path in SCHEMAS.items()}
    talk = found["tandem.scheduling.appointment.booked.v1"]["data"]
    same = {talk[f"{who}_id"]: found[f"tandem.profiles.{who}.described.v1"]["key"]
            for who in ("pupil", "guardian", "staff")}
    text = json.dumps(sorted(found.values(), key=lambda item: (
        stream_of(item["type"]) != "state", item["type"].endswith(ENDINGS))))
    for theirs, ours in same.items():
        text = text.replace(theirs, ours)
    return list(json.loads(text))


def rows_of(path: Path) -> dict[str, list[Any]]:
    """What a service keeps, but for the tables of the chassis."""
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)
                 if name not in technical.tables}
    connection.close()
    return found


class Asked(dict[str, Any]):
    """The data of an event, which keeps the names that its reader asks for."""

    def __init__(self, data: Mapping[str, Any], names: set[str]):
        super().__init__(data)
        self._names = names

    def __getitem__(self, name: str) -> Any:
        self._names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._names.add(name)
        return super().get(name, default)


def with_more(data: Mapping[str, Any], _schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**data, "a_field_of_next_year": {"nobody": ["knows", "it"]}}


def with_less(data: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name in schema.get("required", ())}


@pytest.mark.parametrize("change", [lambda data, _schema: data, with_more, with_less],
                         ids=["as it is", "with a field that nobody knows", "without what may be left out"])
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_takes_every_sample_and_each_that_it_handles_leaves_a_mark(
        reader: str, change: Any, tmp_path: Path) -> None:
    path, clock = tmp_path / f"{reader}.db", FixedClock()
    migrate_service(reader, f"sqlite:///{path}")
    services = built_services(tmp_path, clock)
    wired = next(service for service in services if service.name == reader)
    unmarked, before, state, known = [], rows_of(path), 0, set()
    asked: set[str] = set()
    for turn, sample in enumerate(samples(), 1):
        kind, schema = sample["type"], json.loads(SCHEMAS[sample["type"]].read_text())
        known |= set(schema.get("properties", ()))
        state = turn if stream_of(kind) == "state" else state
        clock.advance(seconds=1)
        told = {"state_of": kind.split(".")[1]} if state == turn else {"after": state}
        deliver(wired, event(kind, sample["key"], Asked(change(sample["data"], schema), asked), SCHOOL, turn,
                             time=NOW + timedelta(seconds=turn), **told))
        after = rows_of(path)
        if kind in wired.subscriptions.handlers and after == before:
            unmarked.append(kind)
        before = after
    for service in services:
        service.database.close()
    assert sorted(asked - known) == [], "no contract has a field of that name"
    if change is not with_less:  # what may be left out may be all that there was to keep
        assert unmarked == [kind for name, kind in NO_ROW if name == reader]
