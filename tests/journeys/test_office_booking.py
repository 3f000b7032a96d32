"""The office at a parents' evening for a family who rings: found, asked, held, booked, changed, given back, waiting.

Through the pages and without JavaScript, on SQLite with the embedded bus, and on PostgreSQL with Kafka.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browsing import Browser, Page
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_booking import prepare, talks_on
from tests.journeys.test_one_familys_day import OAKFIELD
from tests.journeys.test_pages import AMIRA, BELL, OFFICE

TIME = re.compile(r'<time class="t-row__when" datetime="([^"]+)"')


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def first_slots(trust: Trust, who: dict[str, Any], evening: str, adult: str) -> list[dict[str, Any]]:
    path = f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}/slots"
    return list(trust.call("scheduling", "GET", path, who[adult]).json["staff"][0]["slots"])


def take(trust: Trust, who: dict[str, Any], evening: str, slot_id: str) -> Any:
    """Karim takes a time."""
    return trust.call("scheduling", "POST", f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}/appointments",
                      who["karim"], json={"slot_id": slot_id})


def test_a_family_who_rings_has_all_that_a_family_online_has(trust: Trust) -> None:
    who, evening = prepare(trust)
    office = trust.sign_in(OFFICE)
    here = find_amira(office, evening)
    hold_and_book(office, here)
    sheet = office.open(office.open(here).link("Print their evening"))
    assert "The evening of Amira Haddad" in sheet.text
    assert len(TIME.findall(sheet.html)) == 1
    seat = f"{here}/times/{who['bell'][0]}"
    move_while_another_is_faster(trust, who, evening, (office, seat))
    assert "Another family can take it then" in office.open(f"{seat}/cancel").text
    assert "That time is given back" in office.send(f"{seat}/cancel").text
    assert office.open(f"{seat}/cancel").path == here, "there is nothing more to give back"
    for page in (here, f"{here}/ask", f"{here}/held", seat, f"{here}/sheet"):
        for visitor in (BELL, AMIRA):
            assert trust.sign_in(visitor).open(page).status == 404


def find_amira(office: Browser, evening: str) -> str:
    """By a name; nobody is listed before that, and who was not found is said."""
    office.open(office.open(f"/office/evenings/{evening}").link("A family who rings"))
    assert "Write a part of a name" in office.page.text
    assert "Nobody was found" in office.open(f"{office.page.path}?find=Nobody").text
    found = office.open(f"/office/evenings/{evening}/families?find=Haddad")
    assert "Amira Haddad, Karim Haddad" in found.text or "Karim Haddad, Amira Haddad" in found.text
    office.open(office.open(found.link("Sam Haddad")).link("Amira Haddad"))
    assert "None yet." in office.page.text
    return office.page.path


def hold_and_book(office: Browser, here: str) -> None:
    """What is wrong is said with every answer kept; then times are held, longer, and booked."""
    office.open(office.page.link("Find times for the whole evening"))
    assert "Choose at least one teacher" in office.send(f"{here}/ask", earliest="17:00").text
    assert 'value="17:00" selected' in office.page.html
    talks = talks_on(office.page)
    wrong = office.send(f"{here}/ask", talk=talks, earliest="17:00", latest="16:30", how="")
    assert (wrong.status, "Please look at this again" in wrong.text) == (422, True)
    held = office.send(f"{here}/ask", talk=talks, earliest="", latest="", how="")
    assert "Kept for Amira Haddad until" in held.text
    assert "5 minutes left" in held.text
    assert "Times are kept for them" in office.open(here).text
    office.open(f"{here}/held")
    assert "10 minutes left" in office.send(f"{here}/held", what="extend").text
    times = TIME.findall(office.page.html)
    assert "These times were let go" in office.send(f"{here}/held", what="let-go").text
    again = office.send(f"{here}/held", what="again")
    assert TIME.findall(again.html) == times
    assert office.send(f"{here}/held", what="keep", itinerary="an older one").status == 409
    booked = office.send(f"{here}/held", what="keep")
    assert (booked.path, "The evening is booked" in booked.text) == (here, True)
    assert TIME.findall(booked.html) == times


def move_while_another_is_faster(trust: Trust, who: Any, evening: str, seat: tuple[Browser, str]) -> None:
    """A time that has gone meanwhile is said with those that are free; another is then taken."""
    office, path = seat
    page = office.open(path)
    free = re.findall(r'name="slot"[^>]*value="([^"]+)"', page.html)
    assert "They have" in page.text
    assert office.send(path).status == 422
    take(trust, who, evening, free[0])
    late = office.send(path, slot=free[0])
    assert late.status == 409
    assert free[0] not in late.html.split('id="slot"')[-1]
    moved = office.send(path, slot=free[1])
    assert "Booked" in moved.text
    assert [slot["id"] for slot in first_slots(trust, who, evening, "amira") if slot["state"] == "yours"] == [free[1]]


def test_who_waits_is_offered_a_time_and_the_office_answers_for_them(trust: Trust) -> None:
    who, evening = prepare(trust)
    made = [take(trust, who, evening, slot["id"]).json for slot in first_slots(trust, who, evening, "karim")]
    office = trust.sign_in(OFFICE)
    here = f"/office/evenings/{evening}/families/{who['sam']}/{who['amira'][0]}"
    seat = f"{here}/times/{who['bell'][0]}"
    assert "No time is free." in office.open(here).text
    assert "No time is free now." in office.open(office.page.link("The waiting list")).text
    wrong = office.send(f"{seat}/wait", earliest="17:00", latest="16:30")
    assert wrong.status == 422
    assert "They are on the list" in office.send(f"{seat}/wait", earliest="", latest="").text
    assert "They are on the list" in office.open(seat).text
    waits = waiting_of(trust, who)
    assert [one["staff"]["id"] for one in waits] == [who["bell"][0]]
    give_back(trust, who, made[0])
    page = until_offered(trust, office, here)
    assert "Kept for Amira Haddad until" in page.text
    offer = waiting_of(trust, who)[0]["offer"]["id"]
    left = office.send(f"{here}/waiting", what="decline", offer=offer)
    assert "That time goes to the next family" in left.text
    give_back(trust, who, made[1])
    until_offered(trust, office, here)
    stale = office.send(f"{here}/waiting", what="accept", offer=offer)
    assert "This was changed meanwhile" in stale.text
    taken = office.send(f"{here}/waiting", what="accept")
    assert "This time is theirs now" in taken.text
    assert len(TIME.findall(taken.html)) == 1
    better = office.open(seat)
    assert "Wait for a better time" in better.text
    assert office.send(f"{seat}/wait", earliest="", latest="").status == 422, "better than what?"
    assert "They are on the list" in office.send(f"{seat}/wait", earliest="16:00", latest="").text
    assert "They are off the list" in office.send(f"{here}/waiting", what="leave").text
    assert waiting_of(trust, who) == []
    amira = trust.sign_in(AMIRA)
    assert "Change the time" in amira.open(f"/evenings/{evening}/{who['sam']}").text


def waiting_of(trust: Trust, who: dict[str, Any]) -> Any:
    return trust.call("scheduling", "GET", f"/{OAKFIELD}/waiting", who["amira"]).json["items"]


def give_back(trust: Trust, who: dict[str, Any], appointment: Any) -> None:
    trust.call("scheduling", "POST", f"/{OAKFIELD}/appointments/{appointment['id']}/cancel", who["karim"])


def until_offered(trust: Trust, office: Browser, here: str) -> Page:
    return trust.until(lambda: page if "is free for them" in (page := office.open(here)).text else None)  # type: ignore[no-any-return]


def test_the_office_sees_who_waits_for_whom_and_takes_somebody_off(trust: Trust) -> None:
    who, evening = prepare(trust)
    made = [take(trust, who, evening, slot["id"]).json for slot in first_slots(trust, who, evening, "karim")]
    office, here = trust.sign_in(OFFICE), f"/office/evenings/{evening}/waiting"
    assert "Nobody waits for a time." in office.open(office.open(f"/office/evenings/{evening}").link("Who waits")).text
    trust.call("scheduling", "POST", f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}/waiting", who["amira"],
               json={"staff_id": who["bell"][0], "earliest": "16:00"})
    page = office.open(here).text
    assert "Grace Bell 1. Amira Haddad" in page
    assert "Not before 4:00pm. On the list since" in page
    give_back(trust, who, made[0])
    offered = trust.until(lambda: page if "is offered to them" in (page := office.open(here)).text else None)
    assert "Kept for Amira Haddad until" in offered.text
    assert office.open(offered.link("Answer for them")).text.count("They take it") == 1
    office.open(here)
    at = f"/office/evenings/{evening}/families/{who['sam']}/{who['amira'][0]}/waiting"
    assert "They are off the list" in office.send(at).text
    assert "Nobody waits for a time." in office.open(here).text
    assert trust.sign_in(BELL).open(here).status == 404
