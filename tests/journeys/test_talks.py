"""A talk outside evenings, through the pages and without JavaScript: asked for, booked and given back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import icalendar
import pytest

from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM

WORDS = "How Sam sleeps before a test"


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def test_a_parent_asks_and_both_sides_and_the_calendar_follow(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    amira, bell, karim = trust.sign_in(AMIRA), trust.sign_in(BELL), trust.sign_in(KARIM)
    home = f"/children/{who['sam']}"
    trust.until(lambda: amira.open(f"{home}/talks").status == 200 and "Grace Bell" in amira.page.text)
    page = amira.send(f"{home}/talks", teacher=who["bell"][0], about=WORDS, how="phone")
    assert WORDS in page.text
    talk = page.path
    times = re.findall(r'name="starts_at"[^>]*value="([^"]+)"', page.html)
    assert 1 <= len(times) <= 6
    assert "Booked: " in amira.send(starts_at=times[0], how="phone").text
    assert "A talk" in amira.open("/").text
    assert "With Amira Haddad" in bell.open("/staff").text
    assert WORDS in bell.open(talk.replace("/children/", "/staff/pupils/")).text
    assert karim.open(talk).status == 404
    assert WORDS not in karim.open(f"{home}/talks").text
    token = trust.call("scheduling", "POST", f"/{OAKFIELD}/feeds", who["amira"]).json["token"]
    letter = _calendar_of_letter(trust)
    assert _entries(trust, token) == [(letter, "CONFIRMED", 0)]
    amira.open(f"{talk}/cancel")
    assert "That time is given back" in amira.send().text
    assert _entries(trust, token) == [(letter, "CANCELLED", 1)]


def _entries(trust: Trust, token: str) -> list[tuple[str, str, int]]:
    feed = trust.clients["scheduling"].get(f"/schools/{OAKFIELD}/feeds/{token}.ics").data
    return [(str(one["UID"]), str(one["STATUS"]), int(str(one["SEQUENCE"])))
            for one in icalendar.Calendar.from_ical(feed).events]


def _calendar_of_letter(trust: Trust) -> str:
    """The UID that the letter about the booked talk gives it."""
    def look() -> str | None:
        for path in trust.mail.folder.glob("*.eml"):
            for part in message_from_bytes(path.read_bytes()).walk():
                if part.get_content_type() == "text/calendar":
                    kept = part.get_payload(decode=True)
                    assert isinstance(kept, bytes)
                    (entry,) = icalendar.Calendar.from_ical(kept).events
                    return str(entry["UID"])
        return None
    return str(trust.until(look))
