"""A broker and a database that stop in the middle: callers are told plainly, workers go on by themselves afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.parts.kafka import Broker
from tests.parts.postgres import Postgres, run_postgres

pytestmark = pytest.mark.kafka


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A broker of this test's own, to be stopped."""
    made = Broker()
    made.start()
    yield made
    made.resume()
    made.kill()


@pytest.fixture
def trust(request: pytest.FixtureRequest, broker: Broker, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "deployed", tmp_path, servers=broker.bootstrap)


def share(trust: Trust, who: dict[str, Any], words: str) -> Any:
    return trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/updates", who["amira"], key=words, json={
        "kind": "sleep", "words": words, "audience": "class", "until": "week"})


def told(trust: Trust, who: dict[str, Any]) -> list[str]:
    """The updates that the teacher has been told of, the newest first."""
    reply = trust.call("notifications", "GET", f"/{OAKFIELD}/notices", who["bell"])
    return [item["about_id"] for item in reply.json.get("items", ()) if item["kind"] == "update-shared"]


@pytest.mark.parametrize("fault", ["stopped", "killed", "hanging"])
def test_what_is_accepted_while_the_broker_is_away_is_told_in_order_afterwards(
        trust: Trust, broker: Broker, fault: str) -> None:
    import_sample(trust)
    who = people(trust)
    first = share(trust, who, "one").json["id"]
    trust.until(lambda: told(trust, who) == [first])
    {"stopped": broker.stop, "killed": broker.kill, "hanging": broker.pause}[fault]()
    replies = [share(trust, who, words) for words in ("two", "three", "four")]
    assert [reply.status_code for reply in replies] == [201, 201, 201]
    (broker.resume if fault == "hanging" else broker.start)()
    accepted = [first, *(reply.json["id"] for reply in replies)]
    trust.until(lambda: len(told(trust, who)) >= 4)
    assert told(trust, who) == accepted[::-1]


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    running = run_postgres()
    yield next(running)
    running.close()  # type: ignore[attr-defined]


def test_a_database_that_stops_refuses_plainly_and_nothing_is_half_done(
        request: pytest.FixtureRequest, own_postgres: Postgres, tmp_path: Path) -> None:
    for trust in open_trust(request, "deployed", tmp_path, postgres=own_postgres):
        import_sample(trust)
        who = people(trust)
        first = share(trust, who, "one").json["id"]
        trust.until(lambda: told(trust, who) == [first])  # noqa: B023
        own_postgres.stop()
        away = share(trust, who, "two")
        assert away.status_code == 503
        assert int(away.headers["Retry-After"]) > 0
        own_postgres.start()
        second = trust.until(lambda: _accepted(share(trust, who, "two")))["id"]  # noqa: B023
        trust.until(lambda: len(told(trust, who)) >= 2)  # noqa: B023
        assert told(trust, who) == [second, first]


def _accepted(reply: Any) -> Any:
    return reply.json if reply.status_code == 201 else None
