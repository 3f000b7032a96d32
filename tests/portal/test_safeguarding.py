"""Pages of the locked room when profiles refuses: nothing that was typed is lost, and nothing is given away."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import House

PASS = "/staff/safeguarding/pass?kind=note&id=n-1"
MATTERS = "/safeguarding/matters"
AT = "2026-11-24T09:00:00+00:00"
MATTER: dict[str, Any] = {
    "id": "m-1", "kind": "update", "voice": "home", "author": "Amira Haddad", "written_at": AT, "passed_at": AT,
    "pupil": {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}, "passed_by": "Grace Bell", "state": "open",
    "digest": "d" * 64, "waits_by": None, "reads": [{"by": "Lead", "what": "matter", "at": AT}], "entries": [
        {"id": "e-1", "what": "passed", "by": "Grace Bell", "words": "Words.", "about": "sleep", "why": "Why.",
         "child_told": None, "system": None, "reference": None, "digest": None, "at": AT}]}


@pytest.fixture
def bell(house: House) -> Browser:
    house.hear(house.adult("bell-1", "staff", roles=["teacher"]))
    return house.sign_in("bell@families.invalid")


@pytest.fixture
def lead(house: House) -> Browser:
    house.hear(house.adult("lead-1", "staff", roles=["dsl"]))
    house.answers.tell("profiles", "GET", f"{MATTERS}/m-1", MATTER)
    return house.sign_in("lead@families.invalid")


def test_a_childs_own_words_ask_whether_the_child_was_told(house: House, bell: Browser) -> None:
    house.answers.tell("profiles", "POST", MATTERS, Invalid(errors={"/child_told": "x"}))
    bell.open(PASS)
    again = bell.send(why="I worry.")
    assert again.status == 422
    assert "say whether the child was told first" in again.text
    assert "I worry." in again.html
    house.answers.tell("profiles", "POST", MATTERS, {"is_passed": True})
    assert "The safeguarding lead has it" in bell.send(why="I worry.", child_told="told").text
    first, second = house.answers.sent("POST", MATTERS)
    assert second.json == {"kind": "note", "entry_id": "n-1", "why": "I worry.", "child_told": "told"}
    assert first.key != second.key


def test_what_may_not_be_read_cannot_be_passed_on(house: House, bell: Browser) -> None:
    house.answers.tell("profiles", "POST", MATTERS, NotFound())
    bell.open(PASS)
    assert bell.send(why="I worry.").status == 404


def test_a_service_that_is_away_is_said_so(house: House, bell: Browser) -> None:
    house.answers.tell("profiles", "POST", MATTERS, Unavailable())
    bell.open(PASS)
    assert bell.send(why="I worry.").status == 503


def test_a_receipt_for_an_old_file_is_refused_and_keeps_what_was_typed(house: House, lead: Browser) -> None:
    house.answers.tell("profiles", "POST", f"{MATTERS}/m-1/hand-over", Conflict("x"))
    lead.open("/staff/safeguarding/m-1/hand-over")
    again = lead.send(system="A system", reference="R-17", receipt="They rang.")
    assert again.status == 409
    assert "Take it again and hand that over" in again.text
    for words in ("A system", "R-17", "They rang."):
        assert words in again.html


def test_home_that_waits_for_an_answer_is_shown_to_the_lead(house: House, lead: Browser) -> None:
    house.answers.tell("profiles", "GET", f"{MATTERS}/m-1", {**MATTER, "waits_by": "2026-11-25T16:00:00+00:00"})
    house.answers.tell("profiles", "POST", f"{MATTERS}/m-1/answer", {"id": "m-1"})
    page = lead.open("/staff/safeguarding/m-1")
    assert "Home has changed it and waits" in page.text
    assert "Wednesday 25 November, 4:00pm" in page.text
    assert "Its author sees that it was read" in lead.send("/staff/safeguarding/m-1/answer").text


def test_an_empty_list_says_so(house: House, lead: Browser) -> None:
    house.answers.tell("profiles", "GET", MATTERS, {"items": []})
    assert "Nothing was passed on to you" in lead.open("/staff/safeguarding").text
