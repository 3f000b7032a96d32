"""The pages of wishes where services are silent, refuse or are elsewhere, and what their forms make of answers."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Unavailable
from services.portal.wishes.rules import list_clocks, read_answers
from tests.portal.house import AMIRA, House

PATH, PAGE = "/evenings/e-1/wishes", "/evenings/e-1/wishes"
BELL = {"id": "t-bell", "given_name": "Grace", "family_name": "Bell", "beside": [], "marks": []}
OSEI = {"id": "t-osei", "given_name": "Ama", "family_name": "Osei", "beside": [], "marks": []}
EVENING = {
    "id": "e-1", "title": "Parents' evening", "way": "plan", "state": "open", "on": "2026-12-10", "from": "16:00",
    "to": "17:10", "slot_minutes": 10, "respond_by": "2026-12-03", "place": "Hall", "aims": ["fair"],
    "starts_at": "2026-12-10T16:00:00+00:00", "ends_at": "2026-12-10T17:10:00+00:00", "class_ids": [], "version": 1,
    "pupils": [{"id": "p-sam", "given_name": "Sam"}]}


def form(**changes: Any) -> dict[str, Any]:
    """Amira's form for Sam, who has two teachers."""
    return {
        "evening": EVENING, "until": "2026-12-04T00:00:00+00:00", "is_open": True, "version": 0, "comes": None,
        "needs_offered": ["bsl", "interpreter:Urdu"], "ways": ["in-person", "phone"], "earliest": None, "latest": None,
        "not_times": [], "how": "in-person", "call_on": "", "needs": [], "elsewhere": [], "entered_by": None,
        "changed_at": None, "children": [{
            "id": "p-sam", "given_name": "Sam", "together": True, "is_answered": False, "teachers": [BELL, OSEI],
            "wishes": []}], **changes}


@pytest.fixture
def amira(house: House) -> Any:
    """She is a parent in two schools, and the first of them, Elm, asks."""
    house.hear(house.adult("amira-1"), house.adult("amira-2", school="elm"))
    house.answers.tell("scheduling", "GET", PATH, form())
    house.answers.tell("scheduling", "GET", "/appointments", {"items": []})
    return house.sign_in(AMIRA)


def send_all(amira: Any, **answers: Any) -> Any:
    amira.open(PAGE)
    amira.send(**{"comes": "yes", **answers})
    return amira.send(go="send", **{name: answers[name] for name in answers if name == "needs"})


def sent(house: House) -> Any:
    return house.answers.sent("PUT", PATH)[-1]


def test_what_is_sent_is_what_was_said_and_where_they_are_elsewhere(house: House, amira: Any) -> None:
    talk = {"id": "a", "evening_id": "x", "starts_at": "2026-12-10T16:20:00+00:00",
            "ends_at": "2026-12-10T16:30:00+00:00", "whose": "mine"}
    other = {**talk, "starts_at": "2026-12-11T16:20:00+00:00"}
    house.answers.tell("scheduling", "GET", "/appointments", {"items": [
        talk, other, {**talk, "whose": "other-home"}]})
    house.answers.tell("scheduling", "PUT", PATH, form())
    send_all(amira, how="phone", call_on=" 01632 960 001 ", needs=["bsl", "interpreter:Urdu"], **{
        "rank-p-sam-t-bell": "2", "rank-p-sam-t-osei": "1", "not-from-0": "16:30", "not-to-0": "16:45"})
    call = sent(house)
    assert call.match == "0"
    assert call.json == {
        "comes": "yes", "earliest": None, "latest": None, "how": "phone", "call_on": "01632 960 001",
        "needs": ["bsl", "interpreter:Urdu"], "not_times": [{"from": "16:30", "to": "16:45"}],
        "children": [{"pupil_id": "p-sam", "wishes": [{"staff_id": "t-osei", "talk_about": ""},
                                                      {"staff_id": "t-bell", "talk_about": ""}]}],
        "elsewhere": [{"starts_at": talk["starts_at"], "ends_at": talk["ends_at"], "site": "oakfield"}]}


def test_of_a_school_that_is_silent_what_was_known_stays(house: House, amira: Any) -> None:
    known = [{"starts_at": "2026-12-10T16:20:00+00:00", "ends_at": "2026-12-10T16:30:00+00:00", "site": "oakfield"}]
    house.answers.tell("scheduling", "GET", PATH, form(elsewhere=known))
    house.answers.tell("scheduling", "GET", "/appointments", Unavailable())
    house.answers.tell("scheduling", "PUT", PATH, form())
    send_all(amira)
    assert sent(house).json["elsewhere"] == known


@pytest.mark.parametrize(("answer", "status", "words"), [
    (Unavailable(), 503, "Your words are still here"), (Conflict("The time for wishes is over."), 409, "is over."),
    (Invalid(errors={"/children/0/wishes/0/staff_id": "Not this teacher."}), 422, "Not this teacher."),
    (Invalid(errors={"/not_times/1": "Look again."}), 422, "Look again."),
    (Invalid("It cannot be."), 422, "It cannot be.")])
def test_what_is_refused_is_said_and_nothing_is_lost(house: House, amira: Any, answer: Any, status: int,
                                                     words: str) -> None:
    house.answers.tell("scheduling", "PUT", PATH, answer)
    page = send_all(amira, **{"rank-p-sam-t-bell": "1", "talk-p-sam-t-bell": "How Sam sleeps"})
    assert (page.status, words in page.text, "How Sam sleeps" in page.html) == (status, True, True)


def test_what_they_would_like_to_talk_about_is_checked_too_and_the_office_does_not_look_it_up(house: House,
                                                                                             amira: Any) -> None:
    amira.open(PAGE)
    ask = "To talk about with Grace Bell How Sam <sleeps>"
    answers = {"rank-p-sam-t-bell": "1", "talk-p-sam-t-bell": "How Sam <sleeps>", "talk-p-sam-t-osei": "Nothing"}
    page = amira.send(comes="yes", **answers)
    assert (ask in page.text, "Ama Osei" in page.text) == (True, False)
    assert '<span dir="auto">How Sam &lt;sleeps&gt;</span>' in page.html
    told = form(comes="yes", version=1, children=[{**form()["children"][0], "is_answered": True, "wishes": [
        {"staff_id": "t-bell", "talk_about": "How Sam <sleeps>"}]}])
    house.answers.tell("scheduling", "GET", PATH, told)
    assert ask in amira.open(PAGE).text
    house.hear(house.adult("olga-1", "staff", school="elm", roles=["office"]))
    house.answers.tell("scheduling", "GET", "/evenings/e-1/guardians/amira-1/wishes", told)
    olga = house.sign_in("olga@families.invalid")
    text = olga.open("/office/evenings/e-1/wishes/amira-1").text
    assert ("Grace Bell" in text, "sleeps" in text) == (True, False)


@pytest.mark.parametrize(("answers", "field"), [
    ({}, "comes"), ({"comes": "yes", "earliest": "17:00", "latest": "16:15"}, "latest"),
    ({"comes": "yes", "how": "phone"}, "call_on"), ({"comes": "yes", "not-from-1": "16:15"}, "not-to-1"),
    ({"comes": "yes", "not-to-1": "16:15"}, "not-from-1"),
    ({"comes": "yes", "not-from-0": "16:30", "not-to-0": "16:15"}, "not-to-0"),
    ({"comes": "yes", "rank-p-sam-t-bell": "1", "rank-p-sam-t-osei": "1"}, "rank-p-sam-t-osei"),
    ({"comes": "yes", "talk-p-sam-t-bell": "x" * 501}, "talk-p-sam-t-bell")])
def test_what_cannot_be_read_is_said_at_its_place(amira: Any, answers: dict[str, str], field: str) -> None:
    amira.open(PAGE)
    page = amira.send(**answers)
    assert page.status == 422
    assert f'href="#{field}"' in page.html
    assert f'id="{field}"' in page.html


@pytest.mark.parametrize(("changes", "words"), [
    ({"is_open": False}, "they may still find a time for you"),
    ({"is_open": False, "comes": "yes"}, "Times are being made now"),
    ({"is_open": False, "evening": {**EVENING, "state": "planned"}}, "The times of this evening are made.")])
def test_after_the_last_day_the_page_says_what_can_be_done(house: House, amira: Any, changes: Any, words: str) -> None:
    house.answers.tell("scheduling", "GET", PATH, form(**changes))
    page = amira.open(f"{PAGE}/change")
    assert (page.path, words in page.text) == (PAGE, True)
    assert 'action="/evenings' not in page.html


def test_times_to_choose_from_hold_both_ends() -> None:
    assert list_clocks("16:00", "17:10") == ["16:00", "16:15", "16:30", "16:45", "17:00", "17:10"]
    assert list_clocks("16:10", "16:20") == ["16:10", "16:15", "16:20"]


def test_places_that_are_left_out_close_up_and_others_are_nobodys() -> None:
    body, faults = read_answers({"comes": "cannot", "rank-p-sam-t-bell": "9", "rank-p-sam-t-osei": "2",
                                 "not-from-0": "16:30"}, form(), [])
    assert faults == {}
    assert body["children"][0]["wishes"] == [{"staff_id": "t-osei", "talk_about": ""}]
