"""What the operator sees and decides: dead letters in order of their key, lag, and how old a copy is."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.bus import Partition
from chassis.envelope import Event
from chassis.inbox import Inbox, Subscriptions
from chassis.unit_of_work import Database, UnitOfWork
from chassis.web import make_app
from tests.chassis.house import SUBSCRIPTIONS, wire, words
from tests.chassis.test_inbox import PARTITION, placed, record
from tests.fakes import FixedClock, Keys


class Operator:
    """Trust IT, at the little house."""

    def __init__(self, database: Database, clock: FixedClock, subscriptions: Subscriptions = SUBSCRIPTIONS):
        keys = Keys(clock)
        service = wire(database, keys.public, clock)
        service.subscriptions = subscriptions
        self._client = make_app(service, "words").test_client()
        self._headers = keys.header("it", "operator", "")

    def ask(self, path: str, method: str = "GET", **body: Any) -> Any:
        return self._client.open(f"/schools/oakfield{path}", method=method, json=body or None, headers=self._headers)

    def measured(self) -> dict[str, float]:
        """What /metrics says of this service, all statuses together."""
        found: dict[str, float] = defaultdict(float)
        for line in self._client.get("/metrics").text.splitlines():
            name, _, rest = line.partition("{")
            if 'service="words"' in rest and "le=" not in rest:
                found[name] += float(rest.rpartition(" ")[2])
        return found

    def letters(self) -> list[tuple[int, str]]:
        return [(item["position"], item["state"]) for item in self.ask("/dead-letters").json["items"]]

    def head(self) -> str:
        return next(item["id"] for item in self.ask("/dead-letters").json["items"] if item["state"] == "dead")


@pytest.fixture
def operator(database: Database, clock: FixedClock) -> Operator:
    return Operator(database, clock)


def test_of_several_bad_events_of_a_key_each_is_decided_in_its_turn(database: Database, operator: Operator) -> None:
    bad = [record(0, "k", poison=True), record(1, "k"), record(2, "k", poison=True), record(3, "k")]
    placed(database).take("oakfield", {PARTITION: bad})
    assert operator.letters() == [(0, "dead"), (1, "waiting"), (2, "waiting"), (3, "waiting")]
    assert operator.ask(f"/dead-letters/{operator.head()}/retry", "POST").status_code == 422
    assert operator.ask(f"/dead-letters/{operator.head()}/discard", "POST", reason="a test").json == {"retried": 1}
    assert operator.letters() == [(2, "dead"), (3, "waiting")]
    assert operator.ask(f"/dead-letters/{operator.head()}/discard", "POST", reason="a test").json == {"retried": 1}
    assert (operator.letters(), words(database)) == ([], ["heard", "heard"])


def test_nothing_is_left_behind_an_event_that_was_tried_again_meanwhile(database: Database, clock: FixedClock) -> None:
    ill, heard = [True], SUBSCRIPTIONS.handlers["tandem.words.word.kept.v1"]

    def handler(uow: UnitOfWork, events: Sequence[Event]) -> None:
        if ill:
            raise ValueError
        heard(uow, events)

    mended = Subscriptions((), {"tandem.words.word.kept.v1": handler})
    operator, inbox = Operator(database, clock, mended), placed(database, mended)
    inbox.take("oakfield", {PARTITION: [record(0)]})
    ill.clear()
    retry = threading.Thread(target=operator.ask, args=(f"/dead-letters/{operator.head()}/retry", "POST"))
    looks = iter((lambda: None, lambda: (retry.start(), retry.join(1))))  # in the second it is about this one event

    def at_a_look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.current_thread() is threading.main_thread() and "FROM dead_letters" in statement:
            next(looks)()

    sa.event.listen(database.engine, "after_cursor_execute", at_a_look)
    inbox.take("oakfield", {PARTITION: [record(1)]})
    sa.event.remove(database.engine, "after_cursor_execute", at_a_look)
    retry.join()
    assert (operator.letters(), words(database)) == ([], ["heard", "heard"])


def test_one_letter_says_where_it_came_from_and_never_what_it_holds(database: Database, operator: Operator) -> None:
    placed(database).take("oakfield", {PARTITION: [record(0, poison=True, says="a secret")]})
    shown = operator.ask(f"/dead-letters/{operator.head()}")
    assert (shown.json["topic"], shown.json["position"], shown.json["reason"]) == (PARTITION.topic, 0, "ValueError")
    assert "a secret" not in shown.text
    assert operator.ask("/dead-letters/nothing").status_code == 404


def test_how_many_requests_there_were_and_how_long_they_took_is_measured(operator: Operator) -> None:
    before = operator.measured()
    operator.ask("/status")
    operator.ask("/dead-letters")
    took = {name: value - before.get(name, 0.0) for name, value in operator.measured().items()}
    assert took["tandem_requests_total"] == took["tandem_request_seconds_count"] == 3, "the look before them is one too"
    assert took["tandem_request_seconds_sum"] > 0


def test_lag_is_what_the_topics_hold_beyond_what_was_handled(database: Database, operator: Operator) -> None:
    inbox = placed(database)
    inbox.note_ends({PARTITION: 5})
    assert operator.ask("/status").json["lag"] == 5
    inbox.take("oakfield", {PARTITION: [record(0), record(1)]})
    assert operator.ask("/status").json["lag"] == 3
    inbox.take("oakfield", {PARTITION: [record(number) for number in (2, 3, 4)]})
    assert operator.ask("/status").json["lag"] == 0


def test_how_old_a_copy_is_shows_from_the_state_that_was_applied(
        database: Database, operator: Operator, clock: FixedClock) -> None:
    assert operator.ask("/status").json["projection_age_s"] is None
    state = Partition("tandem.oakfield.words.state.v1", 0)
    inbox = Inbox(database, SUBSCRIPTIONS)
    inbox.place([state])
    taken = record(0)
    inbox.take("oakfield", {state: [type(taken)(state, 0, "k", taken.value, (
        *taken.headers, ("ce_time", clock.now().isoformat().encode()), ("ce_aggregateversion", b"1")), 0)]})
    clock.advance(seconds=7)
    assert operator.ask("/status").json["projection_age_s"] == 7.0
