"""The sample trust has an evening in each state, that a visitor can play."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.auth import Principal, TokenMaker
from tandem.evenings import Past, tell_evenings
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people

OFFICE = ("office", "staff", ("office",))


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def tell(trust: Trust) -> None:
    def call(who: Principal, method: str, path: str, body: Mapping[str, Any] | None, version: int | str | None) -> Any:
        return send(trust.clients["scheduling"], trust, who, (method, path, body), version)

    def ask(who: Principal, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        return send(trust.clients["profiles"], trust, who, (method, path, body))

    past = Past(trust.urls["scheduling"], trust.keys.public, lambda clock: TokenMaker(trust.keys.pair[0], clock))
    tell_evenings(call, ask, past, datetime.now(UTC))


def send(client: FlaskClient, trust: Trust, who: Principal, what: tuple[str, str, Any],
         version: int | str | None = None) -> Any:
    method, path, body = what
    headers = trust.keys.header(who.person_id, who.hat, who.school, who.roles)
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    reply = client.open(path, method=method, headers=headers, json=body)
    assert reply.status_code < 300, (path, reply.text)
    return json.loads(reply.text) if reply.text else None


def test_there_is_an_evening_in_each_state(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    tell(trust)
    found = {item["title"]: item for item in trust.call(
        "scheduling", "GET", f"/{OAKFIELD}/evenings", OFFICE).json["items"]}
    assert {title: (item["way"], item["state"]) for title, item in found.items()
            if title != "Autumn evening"} == {  # which is not there late in the evening
        "Spring evening": ("plan", "open"), "Reading and writing evening": ("plan", "planned"),
        "Settling-in evening": ("book", "open")}
    bell = who["bell"][0]
    spring = trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{found['Spring evening']['id']}/forms", OFFICE)
    assert spring.json["answered"] == 1
    planned = trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{found['Reading and writing evening']['id']}/staff"
                         f"/{bell}/appointments", OFFICE)
    assert planned.json["items"]
    past = found["Settling-in evening"]["id"]
    assert len(trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{past}/missed", OFFICE).json["items"]) == 1
