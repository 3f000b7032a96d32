"""Effects happen once, bad events hold only their key, zombies are fenced, and a poison event is parked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.bus import Partition, Record
from chassis.db import dead_letters
from chassis.errors import NotYet
from chassis.inbox import MAX_STARTS, Fenced, Inbox, Subscriptions, Transient
from chassis.unit_of_work import Database
from tests.chassis.house import SUBSCRIPTIONS, words

TOPIC = "tandem.oakfield.words.events.v1"
PARTITION = Partition(TOPIC, 0)


def record(offset: int, key: str = "k", event_id: str = "", school: str = "oakfield", kind: str = "kept",
           **data: object) -> Record:
    headers = {"ce_specversion": "1.0", "ce_id": event_id or f"e{offset}", "ce_source": "/schools/oakfield/words",
               "ce_type": f"tandem.words.word.{kind}.v1", "ce_schoolid": school}
    value = json.dumps({"id": f"w{offset}", **data}).encode()
    return Record(PARTITION, offset, key, value, tuple((k, v.encode()) for k, v in headers.items()), 0)


def placed(database: Database, subscriptions: Subscriptions = SUBSCRIPTIONS) -> Inbox:
    inbox = Inbox(database, subscriptions)
    inbox.place([PARTITION])
    return inbox


def letters(database: Database) -> list[tuple[str, str]]:
    with database.across_schools("test looks", write=False) as connection:
        rows = connection.execute(sa.select(dead_letters.c.key, dead_letters.c.state).order_by(dead_letters.c.id))
        return [(row.key, row.state) for row in rows]


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(database.engine, "before_cursor_execute", note)


def test_an_event_seen_twice_takes_effect_once(database: Database) -> None:
    inbox = placed(database)
    inbox.take("oakfield", {PARTITION: [record(0, event_id="same"), record(1, event_id="same")]})
    inbox.take("oakfield", {PARTITION: [record(2, event_id="same"), record(3)]})
    assert words(database) == ["heard", "heard"]
    assert inbox.progress[PARTITION].next_offset == 4


def test_what_one_poll_brought_of_one_type_is_one_run_whatever_else_is_between(database: Database) -> None:
    runs: list[list[str]] = []
    inbox = placed(database, Subscriptions((("words", "events"),), {
        "tandem.words.word.kept.v1": lambda _uow, events: runs.append([event.id for event in events])}))
    other = Partition(TOPIC, 1)
    inbox.place([other])
    elsewhere = [replace(record(0, event_id="x0"), partition=other), replace(record(1, event_id="x1"), partition=other)]
    inbox.take("oakfield", {PARTITION: [record(0), record(1, kind="unheard"), record(2)], other: elsewhere})
    assert runs == [["e0", "e2", "x0", "x1"]]
    assert (inbox.progress[PARTITION].next_offset, inbox.progress[other].next_offset) == (3, 2)


def test_a_new_worker_goes_on_where_the_rows_say(database: Database) -> None:
    placed(database).take("oakfield", {PARTITION: [record(0), record(1)]})
    assert Inbox(database, SUBSCRIPTIONS).place([PARTITION]) == {PARTITION: 2}


def test_a_bad_event_holds_its_key_and_no_neighbour(database: Database) -> None:
    inbox = placed(database)
    inbox.take("oakfield", {PARTITION: [record(0), record(1, "bad", poison=True), record(2, "bad"), record(3)]})
    assert (words(database), letters(database)) == (["heard", "heard"], [("bad", "dead"), ("bad", "waiting")])
    inbox.take("oakfield", {PARTITION: [record(4, "bad"), record(5)]})
    assert (len(words(database)), len(letters(database))) == (3, 3)


@pytest.mark.parametrize("broken", [
    Record(PARTITION, 0, "k", b"{}", (), 0),
    Record(PARTITION, 0, "k", b"{not json", record(0).headers, 0),
    Record(PARTITION, 0, "k", b"{}", (*record(0).headers, ("ce_time", b"\xff")), 0),
    record(0, school="elm"),
], ids=["no envelope", "not JSON", "header not UTF-8", "another school"])
def test_what_cannot_be_read_is_parked_with_its_reason(database: Database, broken: Record) -> None:
    placed(database).take("oakfield", {PARTITION: [broken, record(1, "other")]})
    assert (words(database), letters(database)) == (["heard"], [("k", "dead")])


def test_a_worker_that_was_replaced_changes_nothing(database: Database) -> None:
    old, new = placed(database), placed(database)
    new.take("oakfield", {PARTITION: [record(0)]})
    with pytest.raises(Fenced):
        old.take("oakfield", {PARTITION: [record(0, event_id="again"), record(1)]})
    assert words(database) == ["heard"]


def test_what_nobody_here_handles_is_passed_over_without_a_word_to_the_database(database: Database) -> None:
    inbox = placed(database)
    inbox.take("oakfield", {PARTITION: [record(0)]})
    with counting(database) as statements:
        inbox.take("oakfield", {PARTITION: [record(1, kind="unheard"), record(2, kind="unheard")]})
    assert (statements, inbox.progress[PARTITION].next_offset) == ([], 3)
    assert Inbox(database, SUBSCRIPTIONS).place([PARTITION]) == {PARTITION: 1}  # who follows passes over them again
    inbox.take("oakfield", {PARTITION: [record(3)]})
    assert Inbox(database, SUBSCRIPTIONS).place([PARTITION]) == {PARTITION: 4}
    inbox.take("oakfield", {PARTITION: [record(4, kind="unheard")]})
    inbox.note_ends({PARTITION: 5})
    assert Inbox(database, SUBSCRIPTIONS).place([PARTITION]) == {PARTITION: 5}
    assert words(database) == ["heard", "heard"]


def test_a_worker_that_was_replaced_moves_no_row_past_what_it_passed_over(database: Database) -> None:
    old, new = placed(database), placed(database)
    old.take("oakfield", {PARTITION: [record(number, kind="unheard") for number in range(9)]})
    new.take("oakfield", {PARTITION: [record(0)]})
    old.note_ends({PARTITION: 9})
    assert Inbox(database, SUBSCRIPTIONS).place([PARTITION]) == {PARTITION: 1}


def test_a_batch_of_many_partitions_takes_as_many_statements_as_one_of_few(database: Database) -> None:
    partitions = [Partition(TOPIC, number) for number in range(1, 9)]
    inbox, counts = Inbox(database, SUBSCRIPTIONS), []
    inbox.place(partitions)

    def take(at: int, some: Sequence[Partition]) -> None:
        inbox.take("oakfield", {each: [replace(
            record(at, event_id=f"{at}.{each.number}", id=f"{at}.{each.number}"), partition=each)] for each in some})

    take(0, partitions)
    for at, some in ((1, partitions[:2]), (2, partitions[2:])):
        with counting(database) as statements:
            take(at, some)
        counts.append(len([each for each in statements if "words" not in each]))
    assert (counts[0], len(words(database))) == (counts[1], 16)


def test_a_key_that_was_parked_before_this_worker_came_holds_what_follows(database: Database) -> None:
    inbox = placed(database)
    inbox.take("oakfield", {PARTITION: [record(0)]})
    other = placed(database)
    other.take("oakfield", {PARTITION: [record(1, "bad", poison=True)]})
    inbox.place([PARTITION])
    inbox.take("oakfield", {PARTITION: [record(2, "bad"), record(3)]})
    assert (words(database), letters(database)) == (["heard", "heard"], [("bad", "dead"), ("bad", "waiting")])


def test_a_failure_that_may_pass_changes_nothing_and_is_tried_again(database: Database) -> None:
    waits = [True, True, True, True, True]

    def handler(uow, events):  # type: ignore[no-untyped-def]
        if waits:
            waits.pop()
            raise NotYet()
        SUBSCRIPTIONS.handlers["tandem.words.word.kept.v1"](uow, events)

    inbox = placed(database, Subscriptions((), {"tandem.words.word.kept.v1": handler}))
    for _ in range(5):
        with pytest.raises(Transient):
            inbox.take("oakfield", {PARTITION: [record(0)]})
    inbox.take("oakfield", {PARTITION: [record(0)]})
    assert (words(database), letters(database)) == (["heard"], [])


def test_an_event_that_ends_the_process_is_parked_after_a_few_starts(database: Database) -> None:
    class Killed(BaseException):
        pass

    def handler(_uow, events):  # type: ignore[no-untyped-def]
        if any(event.id == "e0" for event in events):
            raise Killed

    subscriptions = Subscriptions((), {"tandem.words.word.kept.v1": handler})
    for _ in range(MAX_STARTS):
        with pytest.raises(Killed):
            placed(database, subscriptions).take("oakfield", {PARTITION: [record(0, "bad"), record(1)]})
    inbox = placed(database, subscriptions)
    inbox.take("oakfield", {PARTITION: [record(0, "bad"), record(1)]})
    assert (letters(database), inbox.progress[PARTITION].next_offset) == ([("bad", "dead")], 2)
