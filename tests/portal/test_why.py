"""What became of a family's wishes: why, in a sentence; that they wait where there was no time; and how to leave."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Unavailable
from tests.portal.house import AMIRA, House
from tests.portal.test_night import EVENING

BELL = {"id": "bell-1", "given_name": "Grace", "family_name": "Bell"}
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
WHY: dict[str, Any] = {"evening": EVENING, "is_planned": True, "wishes": [{
    "pupil": SAM, "staff": BELL, "rank": 1, "code": "teacher-full", "facts": {}, "starts_at": None, "ends_at": None,
    "is_met": False}]}
WAITS: dict[str, Any] = {
    "id": "w-1", "evening_id": EVENING["id"], "state": "waiting", "pupil": SAM, "staff": BELL, "instead_of": None,
    "earliest": None, "latest": None, "offer": None}
PAGE, LIST = f"/evenings/{EVENING['id']}/why", "waiting list for Grace Bell"


@pytest.fixture
def school(house: House) -> House:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "book"))
    house.answers.tell("scheduling", "GET", PAGE, WHY)
    house.answers.tell("scheduling", "GET", "/waiting", {"items": [WAITS]})
    house.answers.tell("scheduling", "GET", f"/evenings/{EVENING['id']}/pupils/p-sam/slots", {
        "evening": EVENING, "staff": [], "ways": ["in-person"], "needs": []})
    return house


def test_who_waits_reads_so_and_can_leave_the_list(school: House) -> None:
    amira = school.sign_in(AMIRA)
    page = amira.open(PAGE)
    assert "More families wished to see Grace Bell" in page.text
    assert LIST in page.text
    assert "Wait no longer for Grace Bell" in page.text
    school.answers.tell("scheduling", "POST", "/waiting/w-1/leave", {**WAITS, "state": "left"})
    amira.send(f"/evenings/{EVENING['id']}/p-sam/bell-1/leave")
    assert len(school.answers.sent("POST", "/waiting/w-1/leave")) == 1


def test_a_time_that_is_offered_is_led_to(school: House) -> None:
    school.answers.tell("scheduling", "GET", "/waiting", {"items": [{**WAITS, "offer": {
        "id": "o-1", "starts_at": "2026-11-26T16:00:00+00:00", "expires_at": "2026-11-25T18:00:00+00:00"}}]})
    page = school.sign_in(AMIRA).open(PAGE)
    assert 'href="/offers/o-1"' in page.html
    assert LIST not in page.text


def test_while_the_list_does_not_answer_the_reasons_are_shown_all_the_same(school: House) -> None:
    school.answers.tell("scheduling", "GET", "/waiting", Unavailable("x"))
    page = school.sign_in(AMIRA).open(PAGE)
    assert (page.status, "More families wished" in page.text, LIST in page.text) == (200, True, False)


def test_the_evening_says_who_waits_already_and_does_not_ask_them_to_wait(school: House) -> None:
    school.answers.tell("scheduling", "GET", "/appointments", {"items": []})
    school.answers.tell("scheduling", "GET", f"/evenings/{EVENING['id']}/pupils/p-sam/slots", {
        "evening": EVENING, "staff": [{**BELL, "slots": []}, {**BELL, "id": "cole-1", "slots": []}]})
    amira, evening = school.sign_in(AMIRA), f"/evenings/{EVENING['id']}/p-sam"
    page = amira.open(evening)
    assert page.text.count(LIST) == 1
    assert page.link("Your place on the list") == f"{evening}/bell-1"
    assert page.link("Wait for a time") == f"{evening}/cole-1"
    school.answers.tell("scheduling", "GET", "/waiting", Unavailable("x"))
    assert amira.open(evening).text.count("Wait for a time") == 2
