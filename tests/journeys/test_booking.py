"""A family books its evening through the pages, without JavaScript: one form, times that are kept, a waiting list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browsing import Page
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, _open_evening, import_sample, people
from tests.journeys.test_pages import AMIRA, KARIM, a_day_in


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def prepare(trust: Trust) -> tuple[dict[str, Any], str]:
    """The sample, with an evening at Oakfield to which Sam is invited."""
    import_sample(trust)
    who = people(trust)
    evening = str(trust.until(lambda: _open_evening(trust, who, a_day_in(9).isoformat()))["id"])
    slots = f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}/slots"
    trust.until(lambda: all(trust.call("scheduling", "GET", slots, who[name]).status_code == 200
                            for name in ("amira", "karim")))
    return who, evening


def talks_on(page: Page) -> list[str]:
    return re.findall(r'name="talk"[^>]*value="([^"]+)"', page.html)


def test_a_family_asks_once_is_given_times_and_books_them(trust: Trust) -> None:
    _who, evening = prepare(trust)
    amira = trust.sign_in(AMIRA)
    amira.open(amira.open(f"/evenings/{evening}").link("Find times for the whole evening"))
    assert "Choose at least one teacher" in amira.send(f"/evenings/{evening}/ask").text
    page = amira.open(f"/evenings/{evening}/ask")
    held = amira.send(f"/evenings/{evening}/ask", talk=talks_on(page), how="")
    assert held.status == 200
    assert "Kept for you until" in held.text
    assert "5 minutes left" in held.text
    assert 'aria-live="polite"' in held.html
    longer = amira.send(f"/evenings/{evening}/held", what="extend")
    assert "Kept for you until" in longer.text
    assert "10 minutes left" in longer.text
    booked = amira.send(f"/evenings/{evening}/held", what="keep")
    assert "booked" in booked.text
    assert amira.open(f"/evenings/{evening}/held").text.count("Your evening is booked") >= 1


def test_what_ran_out_or_was_let_go_is_asked_for_again_with_one_press(trust: Trust) -> None:
    _who, evening = prepare(trust)
    amira = trust.sign_in(AMIRA)
    page = amira.open(f"/evenings/{evening}/ask")
    held = amira.send(f"/evenings/{evening}/ask", talk=talks_on(page)[:1], how="", earliest="")
    times = re.findall(r'<time class="t-row__when" datetime="([^"]+)"', held.html)
    gone = amira.send(f"/evenings/{evening}/held", what="let-go")
    assert "You let these times go" in gone.text
    again = amira.send(f"/evenings/{evening}/held", what="again")
    assert re.findall(r'<time class="t-row__when" datetime="([^"]+)"', again.html) == times
    filled = amira.open(f"/evenings/{evening}/ask")
    assert re.search(rf'value="{re.escape(talks_on(page)[0])}"[^>]*checked', filled.html)


def test_a_family_waits_is_offered_a_time_and_takes_it_with_one_tap(trust: Trust) -> None:
    who, evening = prepare(trust)
    path = f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}"
    teacher = trust.call("scheduling", "GET", f"{path}/slots", who["karim"]).json["staff"][0]
    made = [trust.call("scheduling", "POST", f"{path}/appointments", who["karim"], json={"slot_id": slot["id"]}).json
            for slot in teacher["slots"]]
    amira, karim = trust.sign_in(AMIRA), trust.sign_in(KARIM)
    times = f"/evenings/{evening}/{who['sam']}/{teacher['id']}"
    assert "No time is free now" in amira.open(times).text
    assert "You are on the list" in amira.send(f"{times}/wait").text
    trust.call("scheduling", "POST", f"/{OAKFIELD}/appointments/{made[0]['id']}/cancel", who["karim"])
    offer = trust.until(lambda: [one["offer"]["id"] for one in trust.call(
        "scheduling", "GET", f"/{OAKFIELD}/waiting", who["amira"]).json["items"] if one["offer"]])[0]
    page = amira.open(amira.open(times).link("is free for you until"))
    assert page.path == f"/offers/{offer}"
    assert karim.open(f"/offers/{offer}").status == 404
    taken = amira.send(f"/offers/{offer}", answer="accept")
    assert "This time is yours" in taken.text
    again = amira.open(f"/evenings/{evening}/{who['sam']}")
    assert "Change the time" in again.text
