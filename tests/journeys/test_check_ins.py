"""Meeting again through the pages, without JavaScript: a loop asks for a time, a parent chooses one, school rings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM

LINE = "We talked about the new bedtime."


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def test_a_loop_asks_for_a_time_and_a_parent_chooses_one(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    loops = f"/{OAKFIELD}/pupils/{who['sam']}/partnerships"
    day = trust.call("profiles", "GET", loops, who["amira"]).json["proposed_review_on"]
    trust.call("profiles", "POST", loops, who["amira"], json={
        "going_well": "Reading", "audience": "school", "review_on": day})
    offered = trust.until(
        lambda: trust.call("scheduling", "GET", f"/{OAKFIELD}/reviews", who["amira"]).json.get("items"))
    path = f"/children/{who['sam']}/reviews/{offered[0]['id']}"
    amira, bell, karim = trust.sign_in(AMIRA), trust.sign_in(BELL), trust.sign_in(KARIM)
    page = amira.open(path)
    assert page.status == 200
    times = re.findall(r'name="starts_at"[^>]*value="([^"]+)"', page.html)
    assert 1 <= len(times) <= 6
    assert "Booked: " in amira.send(starts_at=times[0], how="phone").text
    assert karim.open(path).status == 404
    seen = bell.open(f"/staff/pupils/{who['sam']}/reviews/{offered[0]['id']}")
    assert "Amira Haddad" in seen.text
    amira.open(f"{path}/cancel")
    assert "That time is given back" in amira.send().text


def test_school_rings_and_only_the_adult_who_was_rung_reads_the_line(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    amira, bell, karim = trust.sign_in(AMIRA), trust.sign_in(BELL), trust.sign_in(KARIM)
    form = bell.open(f"/staff/pupils/{who['sam']}/check-ins")
    done = bell.send(adult=form.choice("adult", "Amira Haddad"), note=LINE)
    assert "Thank you: that is done" in done.text
    talk = done.link("talked with Amira Haddad").rpartition("/")[2]
    assert LINE in amira.open(f"/children/{who['sam']}/check-ins/{talk}").text
    assert karim.open(f"/children/{who['sam']}/check-ins/{talk}").status == 404
    due, _, lately = bell.open("/staff/check-ins").text.partition("Done lately")
    assert ("Sam Haddad" in due, "Sam Haddad" in lately) == (False, True)
