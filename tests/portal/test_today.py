"""Staff's Today: what is coming up, an evening at a time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.house import House

SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
JOE = {"id": "p-joe", "given_name": "Joe", "family_name": "Reid"}
BELL = {"id": "bell-1", "given_name": "Grace", "family_name": "Bell"}


QUIET = {"profiles": ("/updates", "/about-me/to-read", "/notes/new", "/partnerships", "/strategies", "/progress/due",
                      "/expectations/due", "/unheard", "/classes"), "scheduling": ("/reviews",)}


@pytest.fixture
def today(house: House) -> House:
    """Grace Bell teaches and Olga is in the office; nothing waits for either."""
    house.hear(house.adult("bell-1", "staff", roles=["teacher"]), house.adult("olga-1", "staff", roles=["office"]))
    for service, paths in QUIET.items():
        for path in paths:
            house.answers.tell(service, "GET", path, {"items": []})
    house.answers.tell("scheduling", "GET", "/check-ins", {"proposed": []})
    return house


def talk(evening: str, at: str, pupil: dict[str, str], how: str = "in-person") -> dict[str, Any]:
    return {"id": f"{evening}{at}", "evening_id": evening, "pupil": pupil, "staff": BELL, "place": "Main hall",
            "room": "", "how": how, "state": "booked", "starts_at": f"2026-12-{at}:00+00:00",
            "ends_at": f"2026-12-{at}:00+00:00"}


def test_the_talks_of_an_evening_are_one_line(today: House) -> None:
    today.answers.tell("scheduling", "GET", "/appointments", {"items": [
        talk("e-2", "18T16:00", SAM, "phone"), talk("e-1", "07T16:10", JOE), talk("e-1", "07T16:00", SAM)]})
    today.answers.tell("scheduling", "GET", "/evenings", {"items": [
        {"id": "e-1", "title": "Reading evening"}, {"id": "e-2", "title": "Spring evening"}]})
    page = today.sign_in("bell@families.invalid").open("/staff")
    assert "Mon 7 Dec 4:00pm 2 talks with families Reading evening · Main hall" in page.text
    assert "Fri 18 Dec 4:00pm Talk with Sam's family Spring evening · By phone" in page.text
    assert page.link("2 talks with families") == "/staff/evenings/e-1"


def test_without_the_evenings_names_talks_are_shown_all_the_same(today: House) -> None:
    today.answers.tell("scheduling", "GET", "/appointments", {"items": [
        talk("e-1", "07T16:00", SAM), talk("e-1", "07T16:10", JOE)]})
    text = today.sign_in("olga@families.invalid").open("/staff").text
    assert "Mon 7 Dec 4:00pm 2 talks with families Main hall" in text
