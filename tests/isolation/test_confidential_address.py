"""How an adult is reached is given to nobody else: no list, page, export, letter or calendar of others holds it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation.test_every_route import ask, routes
from tests.isolation.world import OAKFIELD, live_a_day
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import people

KARIM = "karim.haddad@families.example"


@pytest.fixture
def lived(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[tuple[Trust, dict[str, str]]]:
    for trust in open_trust(request, "embedded", tmp_path):
        yield trust, live_a_day(trust)


def test_nothing_that_goes_to_anybody_else_holds_an_adults_address(lived: tuple[Trust, dict[str, str]]) -> None:
    trust, ids = lived
    who = people(trust)
    pair = f"/{OAKFIELD}/pupils/{who['sam']}/guardians/{who['karim'][0]}"
    trust.call("profiles", "POST", f"{pair}/restrictions", who["office"], json={"kind": "address confidential"})
    callers = {"the other home": who["amira"], "a teacher": who["bell"], "the office": who["office"]}
    for name, caller in callers.items():
        headers = trust.keys.header(caller[0], caller[1], OAKFIELD, caller[2])
        for route in routes(trust):
            if route[1] == "GET":
                reply = ask(trust, route, ids, headers)
                assert KARIM not in _text(reply[1]), (name, route)
    for path in sorted(trust.mail.folder.glob("*.eml")):
        letter = path.read_text()
        assert f"To: {KARIM}" in letter or KARIM not in letter, path.name
    calendar = trust.clients["scheduling"].get(f"/schools/{OAKFIELD}/feeds/{ids['token']}.ics")
    assert calendar.status_code == 200
    assert KARIM not in calendar.text


def test_no_page_of_the_other_home_shows_it(lived: tuple[Trust, dict[str, str]]) -> None:
    trust, ids = lived
    browser = trust.sign_in("amira.haddad@families.example")
    child = f"/children/{ids['pupil_id']}"
    for path in ("/", child, f"{child}/held", f"{child}/sharing", "/calendar", "/inbox", "/settings",
                 f"/evenings/{ids['evening_id']}", f"/consents/{ids['consent_id']}"):
        browser.open(path)
        assert browser.page.status == 200, path
        assert KARIM not in browser.page.html, path


def _text(body: bytes) -> str:
    """What a reply says: of a zip, all that its files say."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return " ".join(archive.read(name).decode() for name in archive.namelist())
    return body.decode()
