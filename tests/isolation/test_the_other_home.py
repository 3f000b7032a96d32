"""The other home, and an adult whom an order bars: of one's own things nothing reaches them, byte for byte."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tests.isolation.test_every_route import ask, nowhere, routes
from tests.isolation.world import OAKFIELD, WORDS, live_a_day
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import people

SHARED = {"pupil_id", "evening_id", "slot_id", "class_id", "staff_id", "consent_id", "progress_id"}
"""What both homes have to do with; every other id of the world is one home's own, or the office's."""
ONE_S_OWN = {"make_link", "show_preference", "change_preference"}  # a secret or a wish of the caller alone


@pytest.fixture
def lived(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[tuple[Trust, dict[str, str]]]:
    for trust in open_trust(request, "embedded", tmp_path):
        yield trust, live_a_day(trust)


@contextmanager
def statements(trust: Trust) -> Iterator[list[str]]:
    """What this thread asks the databases meanwhile: the workers beside it do not count."""
    asked: list[str] = []
    me = threading.get_ident()

    def note(*seen: Any) -> None:
        if threading.get_ident() == me:
            asked.append(seen[2])

    engines = [worker.work.database.engine for worker in trust.workers]
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)


def arguments(route: tuple[str, str, str, str], ids: dict[str, str]) -> set[str]:
    return {name for name in ids if f"<{name}>" in route[2]}


def test_neither_the_other_home_nor_a_barred_adult_learns_anything(lived: tuple[Trust, dict[str, str]]) -> None:
    trust, ids = lived
    who = people(trust)
    karim, amira = who["karim"], ids["guardian_id"]
    headers = trust.keys.header(*karim[:2], OAKFIELD)
    for route in routes(trust):
        named = arguments(route, ids)
        there = ask(trust, route, ids, headers)
        assert amira not in there[1].decode(), route
        assert ids["appointment_id"] not in there[1].decode() or "sharing" in route[2], route
        if named - SHARED:
            absent = ask(trust, route, {**nowhere(ids), **{name: ids[name] for name in SHARED}}, headers)
            assert there == absent, route
    _bar(trust, who)
    for route in routes(trust):
        with statements(trust) as of_there:
            there = ask(trust, route, ids, headers)
        with statements(trust) as of_absent:
            absent = ask(trust, route, nowhere(ids), headers)
        if arguments(route, ids):
            assert there == absent, route
            assert there[0] == 404, route
            assert abs(len(of_there) - len(of_absent)) <= 1, (route, "one small read more is within the noise of time")
        elif route[3] not in ONE_S_OWN:
            assert WORDS not in there[1].decode(), route
            assert [name for name, one in ids.items() if one in there[1].decode()] == [], route


def _bar(trust: Trust, who: dict[str, Any]) -> None:
    """Karim is barred, and every service has heard of it."""
    path = f"/{OAKFIELD}/pupils/{who['sam']}/guardians/{who['karim'][0]}/restrictions"
    assert trust.call("profiles", "POST", path, who["office"], json={"kind": "no contact"}).status_code == 201
    for service, door in (("scheduling", "evenings"), ("notifications", "notices")):
        trust.until(lambda service=service, door=door: trust.call(
            service, "GET", f"/{OAKFIELD}/{door}", who["karim"]).json["items"] == [])
