"""The office's pages for a family who rings: each state of an evening, who may not, and services that do not answer."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, NotFound, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import House

BELL = {"id": "s-bell", "given_name": "Grace", "family_name": "Bell"}
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
NADIA = {"id": "p-nadia", "given_name": "Nadia", "family_name": "Haddad"}
AMIRA = {"id": "g-amira", "given_name": "Amira", "family_name": "Haddad"}
KARIM = {"id": "g-karim", "given_name": "Karim", "family_name": "Haddad"}
EVENING: dict[str, Any] = {
    "id": "e-1", "title": "Spring evening", "on": "2026-12-10", "from": "16:00", "to": "19:00", "slot_minutes": 10,
    "respond_by": "2026-12-04", "place": "The hall", "starts_at": "2026-12-10T16:00:00+00:00", "way": "book",
    "ends_at": "2026-12-10T19:00:00+00:00", "class_ids": [], "pupils": [], "state": "open"}
SLOTS: dict[str, Any] = {"evening": EVENING, "ways": ["in-person", "phone"], "needs": ["bsl"], "staff": [{
    **BELL, "ways": ["in-person", "phone"], "rooms": ["Room 12"], "sitters": [BELL], "slots": [
        {"id": "t-1", "starts_at": "2026-12-10T16:00:00+00:00", "ends_at": "2026-12-10T16:10:00+00:00",
         "state": "free", "room": "Room 12", "ways": ["in-person"]},
        {"id": "t-2", "starts_at": "2026-12-10T16:10:00+00:00", "ends_at": "2026-12-10T16:20:00+00:00",
         "state": "yours", "room": "Room 12", "ways": ["in-person"]}]}]}
TALK: dict[str, Any] = {
    "id": "a-1", "evening_id": "e-1", "pupil": SAM, "staff": BELL, "starts_at": "2026-12-10T16:10:00+00:00",
    "ends_at": "2026-12-10T16:20:00+00:00", "place": "The hall", "room": "Room 12", "how": "in-person",
    "state": "booked"}
THERE, HERE = "/office/evenings/e-1/families/p-sam", "/office/evenings/e-1/families/p-sam/g-amira"


def pair(child: dict[str, str], adult: dict[str, str], may_book: bool = True) -> dict[str, Any]:
    return {"pupil": child, "guardian": adult, "kind": "parent",
            "rights": {"book": {"allowed": may_book, "reason": "parent"}}}


@pytest.fixture
def home(house: House) -> House:
    house.hear(house.adult("olga-1", "staff", roles=["office"]), house.adult("bell-1", "staff", roles=["teacher"]))
    tell = house.answers.tell
    family = [pair(SAM, AMIRA), pair(SAM, KARIM, may_book=False)]
    tell("scheduling", "GET", "/evenings/e-1", EVENING)
    tell("profiles", "GET", "/pupils/p-sam/family", {"pupil": SAM, "adults": family})
    tell("profiles", "GET", "/relationships", {"items": [*family, pair(NADIA, AMIRA)], "after": None})
    tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", SLOTS)
    tell("scheduling", "GET", "/evenings/e-1/staff/s-bell/appointments", {"items": [
        TALK, {**TALK, "id": "a-2", "pupil": NADIA}, {**TALK, "id": "a-3", "starts_at": "2026-12-10T17:00:00+00:00"}]})
    tell("scheduling", "GET", "/evenings/e-1/itineraries", {"items": []})
    tell("scheduling", "GET", "/waiting", {"items": []})
    return house


def olga(home: House) -> Browser:
    return home.sign_in("olga@families.invalid")


def test_one_adults_own_talks_are_shown_and_nobody_elses(home: House) -> None:
    page = olga(home).open(HERE)
    assert page.html.count('<time class="t-row__when"') == 1
    assert "Sam: Grace Bell Room 12" in page.text
    assert "Nadia" not in page.text, "she is not invited"
    asked = {call.params["guardian_id"] for call in home.answers.calls if call.params and "slots" in call.path}
    assert asked == {"g-amira"}


def test_who_may_not_book_is_named_with_the_way_to_why(home: House) -> None:
    page = olga(home).open(THERE)
    assert "May not book for Sam now." in page.text
    assert page.link("See why") == "/office/families/p-sam/g-karim"
    there = f"{THERE}/g-karim"
    page = olga(home).open(there)
    assert (page.status, "Karim Haddad may not book for Sam now." in page.text) == (200, True)
    for rest in ("ask", "times/s-bell", "times/s-bell/cancel", "sheet"):
        assert olga(home).open(f"{there}/{rest}").path == there, rest


@pytest.mark.parametrize(("changes", "words"), [
    ({"state": "draft"}, "This evening is a draft."),
    ({"state": "cancelled"}, "This evening is cancelled."),
    ({"starts_at": "2026-11-20T16:00:00+00:00", "ends_at": "2026-11-20T19:00:00+00:00"}, "This evening is over."),
])
def test_where_no_times_are_chosen_the_page_says_why(home: House, changes: Any, words: str) -> None:
    home.answers.tell("scheduling", "GET", "/evenings/e-1", {**EVENING, **changes})
    visitor = olga(home)
    assert words in visitor.open(HERE).text
    assert words in visitor.open("/office/evenings/e-1/families").text
    assert visitor.open(f"{HERE}/ask").path == HERE


def test_while_wishes_are_collected_the_office_writes_them_down(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/evenings/e-1", {**EVENING, "way": "plan"})
    home.answers.tell("scheduling", "GET", "/evenings/e-1/guardians/g-amira/wishes", NotFound())
    assert olga(home).open(HERE).path == "/office/evenings/e-1/wishes/g-amira"
    assert "You can write down what somebody says" in olga(home).open("/office/evenings/e-1/families").text


def test_a_child_who_is_not_invited_and_a_teacher_without_times(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", NotFound())
    page = olga(home).open(HERE)
    assert "Sam is not invited to this evening." in page.text
    assert page.link("See who is invited") == "/office/evenings/e-1/invited"
    home.answers.tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", {**SLOTS, "staff": []})
    assert "No teacher of theirs has times" in olga(home).open(HERE).text
    assert "No teacher of theirs has times" in olga(home).open(f"{HERE}/ask").text
    assert olga(home).open(f"{HERE}/times/s-bell").status == 404
    assert "They have no times at this evening." in olga(home).open(f"{HERE}/sheet").text


def test_what_does_not_answer_is_said_and_every_word_is_kept(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/ask")
    answers = {"talk": "p-sam s-bell", "how": "phone", "call_on": "01632 960 001", "needs": "bsl"}
    for problem, status in ((Unavailable(), 503), (Conflict("Nothing is free."), 409), (NotFound(), 409)):
        home.answers.tell("scheduling", "POST", "/evenings/e-1/itineraries", problem)
        page = visitor.send(f"{HERE}/ask", **answers)
        assert page.status == status
        assert 'value="01632 960 001"' in page.html
        assert page.html.count("checked") == 3
    home.answers.tell("scheduling", "GET", "/evenings/e-1/staff/s-bell/appointments", Unavailable())
    assert visitor.open(HERE).status == 503


HELD: dict[str, Any] = {
    "id": "i-1", "evening_id": "e-1", "state": "held", "held_until": "2026-11-20T09:00:50+00:00", "seconds_left": 50,
    "extensions_left": 2, "children": [], "unmet": [{"pupil": SAM, "staff": BELL, "is_full": True}], "talks": [
        {"pupil": SAM, "staff": BELL, "starts_at": "2026-12-10T16:30:00+00:00", "how": "in-person", "room": "Room 12",
         "ends_at": "2026-12-10T16:40:00+00:00"}]}


@pytest.mark.parametrize("what", ["keep", "extend"])
@pytest.mark.parametrize(("problem", "status", "words"), [
    (NotFound(), 409, "They may not book this just now."), (Unavailable(), 503, "Try again in a minute."),
    (Conflict("There is no more extra time."), 409, "There is no more extra time.")])
def test_what_cannot_be_done_with_held_times_is_said_beside_them(home: House, what: str, problem: Exception,
                                                                 status: int, words: str) -> None:
    home.answers.tell("scheduling", "GET", "/evenings/e-1/itineraries", {"items": [HELD]})
    home.answers.tell("scheduling", "POST", f"/itineraries/i-1/{what}", problem)
    visitor = olga(home)
    page = visitor.open(f"{HERE}/held")
    assert "1 minute left." in page.text
    assert page.link("Sam: Grace Bell") == f"{HERE}/times/s-bell"
    refused = visitor.send(f"{HERE}/held", what=what, itinerary="i-1")
    assert (refused.status, words in refused.text) == (status, True)
    assert "4:30pm Sam: Grace Bell Room 12" in refused.text
    assert "Book these times" in refused.text


def test_a_single_time_is_booked_with_a_number_and_what_they_need(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/evenings/e-1/staff/s-bell/appointments", {"items": []})
    book = "/evenings/e-1/pupils/p-sam/appointments"
    home.answers.tell("scheduling", "POST", book, Conflict(
        "What was asked for (bsl) is not free at that time.", {"/needs": "This is not free at that time."}))
    visitor, seat = olga(home), f"{HERE}/times/s-bell"
    visitor.open(seat)
    answers = {"slot": "t-1", "how": "phone", "call_on": "01632 960 001", "needs": "bsl"}
    refused = visitor.send(seat, **answers)
    assert (refused.status, 'href="#needs"' in refused.html) == (409, True)
    assert "This is not free at that time." in refused.text
    assert ('value="01632 960 001"' in refused.html, refused.html.count(" checked")) == (True, 3)
    home.answers.tell("scheduling", "POST", book, TALK)
    assert "Booked" in visitor.send(seat, **answers).text
    assert home.answers.sent("POST", book)[-1].json == {
        "slot_id": "t-1", "guardian_id": "g-amira", "how": "phone", "call_on": "01632 960 001", "needs": ["bsl"]}


def test_who_has_a_time_moves_with_what_they_were_given(home: House) -> None:
    page = olga(home).open(f"{HERE}/times/s-bell")
    assert ("They have 4:10pm now." in page.text, "call_on" in page.html, 'name="needs"' in page.html) == (
        True, False, False)


def test_the_office_sees_who_waits_in_order_and_what_they_need(home: House) -> None:
    one = {"id": "w-1", "evening_id": "e-1", "pupil": SAM, "staff": BELL, "guardian": AMIRA, "is_asked": True,
           "earliest": "17:00", "latest": None, "instead_of": None, "how": None, "needs": ["bsl", "longer"],
           "since": "2026-11-20T08:00:00+00:00", "offer": None, "state": "waiting"}
    home.answers.tell("scheduling", "GET", "/evenings/e-1/waiting", {"evening": EVENING, "items": [
        one, {**one, "id": "w-2", "guardian": KARIM, "is_asked": False, "needs": [], "pupil": NADIA}]})
    visitor = olga(home)
    page = visitor.open("/office/evenings/e-1/waiting").text
    assert "1. Amira Haddad The teacher asks them to come About Sam Haddad. Not before 5:00pm." in page
    assert "BSL interpreter, Longer talk." in page
    assert "2. Karim Haddad About Nadia Haddad." in page
    home.answers.tell("scheduling", "GET", "/evenings/e-1/waiting", {"evening": EVENING, "items": []})
    assert "Nobody waits for a time." in visitor.open("/office/evenings/e-1/waiting").text


def test_a_time_is_given_back_for_one_adult_alone(home: House) -> None:
    home.answers.tell("scheduling", "POST", "/appointments/a-1/cancel", TALK)
    visitor = olga(home)
    visitor.open(f"{HERE}/times/s-bell/cancel")
    assert "That time is given back" in visitor.send().text
    assert [call.json for call in home.answers.sent("POST", "/appointments/a-1/cancel")] == [
        {"guardian_id": "g-amira"}]


def test_other_staff_find_none_of_it(home: House) -> None:
    visitor = home.sign_in("bell@families.invalid")
    for page in ("/office/evenings/e-1/families", THERE, HERE, f"{HERE}/ask", f"{HERE}/held", f"{HERE}/sheet",
                 f"{HERE}/times/s-bell", f"{HERE}/times/s-bell/cancel", "/office/evenings/e-1/waiting"):
        assert visitor.open(page).status == 404, page
