"""The pages of the night: a teacher's, a parent's, the door's, and who was missed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.errors import Conflict
from services.portal.night.rules import find_today
from tests.journeys.browsing import Browser
from tests.portal.house import AMIRA, House

EVENING: dict[str, Any] = {
    "id": "e-1", "title": "Autumn evening", "way": "plan", "state": "planned", "on": "2026-11-26", "from": "16:00",
    "to": "18:00", "slot_minutes": 10, "respond_by": "2026-11-20", "place": "Main hall", "pupils": [],
    "starts_at": "2026-11-26T16:00:00+00:00", "ends_at": "2026-11-26T18:00:00+00:00", "class_ids": [], "aims": [],
    "version": 1}
BELL = {"id": "bell-1", "given_name": "Grace", "family_name": "Bell"}
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
TALK: dict[str, Any] = {
    "id": "a-1", "starts_at": "2026-11-26T16:10:00+00:00", "ends_at": "2026-11-26T16:20:00+00:00",
    "likely_at": "2026-11-26T16:22:00+00:00", "minutes_late": 12, "state": "waiting", "is_ending": False,
    "is_next": True, "place": "Main hall", "room": "Room 4", "link": ""}
ADULT = {"id": "amira-1", "given_name": "Amira", "family_name": "Haddad", "how": "phone", "call_on": "01632 960 001",
         "is_here": False, "talk_about": "Reading at home"}
DESK = "/evenings/e-1/night/desks/bell-1"
PAGE = "/staff/evenings/e-1/night"


@pytest.fixture
def tonight(house: House) -> House:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "book"),
               house.adult("bell-1", "staff", roles=["teacher"]), house.adult("rex-1", "staff", roles=["reception"]),
               house.adult("olga-1", "staff", roles=["office"]))
    tell = house.answers.tell
    tell("scheduling", "GET", DESK, {"evening": EVENING, "minutes_late": 12, "items": [
        {**TALK, "pupil": SAM, "adults": [ADULT], "needs": ["interpreter:pl"]}]})
    tell("scheduling", "GET", "/evenings/e-1/night/mine", {"evening": EVENING, "is_here": False, "items": [
        {**TALK, "pupil": SAM, "staff": BELL, "how": "in-person"}]})
    tell("scheduling", "GET", "/evenings/e-1/night/door", {
        "evening": EVENING, "desks": [{"staff": BELL, "minutes_late": 12}],
        "items": [{**ADULT, "first": {**TALK, "staff": BELL}}]})
    return house


def staff(house: House, name: str) -> Browser:
    return house.sign_in(f"{name}@families.invalid")


def sent(house: House, method: str, path: str) -> list[Any]:
    return [call.json for call in house.answers.sent(method, path)]


def test_a_teachers_plain_sheet_says_where_and_what_a_family_was_given(tonight: House) -> None:
    sheet = {**TALK, "evening_id": "e-1", "pupil": SAM, "staff": BELL, "how": "in-person"}
    tonight.answers.tell("scheduling", "GET", "/evenings/e-1", EVENING)
    tonight.answers.tell("scheduling", "GET", "/evenings/e-1/staff/bell-1/appointments", {"items": [
        {**sheet, "needs": ["bsl", "interpreter:A & B", "longer"]}, {**sheet, "needs": [], "how": "phone"}]})
    page = staff(tonight, "bell").open("/staff/evenings/e-1")
    assert "until 4:20pm · Room 4 BSL interpreter, Interpreter (A & B), Longer talk" in page.text
    assert "until 4:20pm · By phone" in page.text


def test_a_teacher_sees_who_is_next_and_what_they_want_to_talk_about(tonight: House) -> None:
    text = staff(tonight, "bell").open(PAGE).text
    for words in ("Next, about 4:22pm: Sam Haddad", "01632 960 001", "Reading at home", "Interpreter (pl)",
                  "Running about 12 minutes late"):
        assert words in text


def test_the_page_comes_again_by_itself_with_a_script_and_without(tonight: House) -> None:
    html = staff(tonight, "bell").open(PAGE).html
    assert 'hx-trigger="every 20s"' in html
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in html


def test_one_press_begins_a_talk_and_a_refusal_is_said_in_words(tonight: House) -> None:
    teacher = staff(tonight, "bell")
    teacher.open(PAGE)
    tonight.answers.tell("scheduling", "POST", "/appointments/a-1/begin", None)
    teacher.send(f"{PAGE}/a-1/begin")
    assert len(sent(tonight, "POST", "/appointments/a-1/begin")) == 1
    tonight.answers.tell("scheduling", "POST", "/appointments/a-1/missed", Conflict("This talk is on."))
    assert teacher.send(f"{PAGE}/a-1/missed").status == 409
    assert "This talk is on." in teacher.page.text


def test_a_teacher_says_how_late_they_are(tonight: House) -> None:
    teacher = staff(tonight, "bell")
    teacher.open(PAGE)
    tonight.answers.tell("scheduling", "PUT", f"{DESK}/late", None)
    teacher.send(f"{PAGE}/late", minutes="15")
    assert sent(tonight, "PUT", f"{DESK}/late") == [{"minutes": 15}]


def test_a_parent_sees_where_to_go_and_says_that_they_are_here(tonight: House) -> None:
    parent = tonight.sign_in(AMIRA)
    text = parent.open("/evenings/e-1/night").text
    assert "Next: Grace Bell, about 4:22pm" in text
    assert "Room 4" in text
    tonight.answers.tell("scheduling", "POST", "/evenings/e-1/night/mine", None)
    parent.send("/evenings/e-1/night")
    assert len(sent(tonight, "POST", "/evenings/e-1/night/mine")) == 1


def test_the_door_finds_a_name_and_notes_that_they_have_come(tonight: House) -> None:
    door = staff(tonight, "rex")
    text = door.open("/reception/evenings/e-1?find=ami").text
    assert "Amira Haddad" in text
    assert "about 12 minutes late" in text
    tonight.answers.tell("scheduling", "POST", "/evenings/e-1/night/door", None)
    door.send("/reception/evenings/e-1")
    assert sent(tonight, "POST", "/evenings/e-1/night/door") == [{"guardian_id": "amira-1", "is_here": True}]


def test_nobody_expected_is_said_kindly(tonight: House) -> None:
    tonight.answers.tell("scheduling", "GET", "/evenings/e-1/night/door", {
        "evening": EVENING, "desks": [], "items": []})
    assert "Ask a colleague" in staff(tonight, "rex").open("/reception/evenings/e-1?find=zoe").text
    assert "Nobody has a talk here" in staff(tonight, "rex").open("/reception/evenings/e-1").text


def test_reception_finds_tonight_and_does_without_it(tonight: House) -> None:
    door = staff(tonight, "rex")
    tonight.answers.tell("scheduling", "GET", "/nights", {"items": [EVENING]})
    assert "Autumn evening" in door.open("/reception").text


def test_the_office_sees_who_was_missed(tonight: House) -> None:
    tonight.answers.tell("scheduling", "GET", "/evenings/e-1/missed", {"items": [
        {"appointment_id": "a-1", "starts_at": TALK["starts_at"], "staff": BELL, "adult": ADULT, "pupil": SAM}]})
    assert "Amira Haddad" in staff(tonight, "olga").open("/office/evenings/e-1/missed").text


def test_the_head_comes_to_the_numbers_of_what_is_over_and_sets_nothing_up(tonight: House) -> None:
    tonight.hear(tonight.adult("hana-1", "staff", roles=["head"]))
    past = {**EVENING, "id": "e-0", "title": "Summer evening", "on": "2026-06-25",
            "starts_at": "2026-06-25T15:00:00+00:00", "ends_at": "2026-06-25T17:00:00+00:00"}
    tonight.answers.tell("scheduling", "GET", "/evenings", {"items": [past, EVENING], "after": None})
    page = staff(tonight, "hana").open("/office/evenings")
    assert page.link("Summer evening") == "/office/evenings/e-0/figures"
    assert "Autumn evening, Thursday 26 November 2026" in page.text
    assert ('href="/office/evenings/e-1' in page.html, "Set up" in page.text) == (False, False)
    assert staff(tonight, "hana").open("/office/evenings/new").status == 404


@pytest.mark.parametrize("path", [PAGE, "/reception/evenings/e-1", "/office/evenings/e-1/missed"])
def test_a_parent_finds_no_staff_page(tonight: House, path: str) -> None:
    assert tonight.sign_in(AMIRA).open(path).status == 404


def test_of_an_evening_that_is_long_over_nothing_more_is_told(tonight: House) -> None:
    over = {**EVENING, "starts_at": "2026-11-12T16:00:00+00:00", "ends_at": "2026-11-12T18:00:00+00:00"}
    tonight.answers.tell("scheduling", "GET", DESK, {"evening": over, "minutes_late": 0, "items": [
        {**TALK, "state": "ended", "is_next": False, "pupil": SAM, "adults": [ADULT], "needs": []}]})
    page = staff(tonight, "bell").open(PAGE)
    assert page.link("Write down what was agreed") == "/staff/talks/a-1/note"
    assert "Tell those who wait" not in page.text
    assert "Go on with it" not in page.text


@pytest.mark.parametrize(("days", "is_today"), [(1, False), (2, True), (3, False)])
def test_on_the_day_one_press_leads_to_the_night_and_on_no_other(tonight: House, days: int, is_today: bool) -> None:
    mine = {**TALK, "evening_id": "e-1", "pupil": SAM, "staff": BELL, "how": "in-person", "whose": "own"}
    other = {**mine, "whose": "other-home", "evening_id": "e-2"}
    tell = tonight.answers.tell
    tell("profiles", "GET", "/home", {"children": [], "praise": []})
    tell("scheduling", "GET", "/home", {"evenings": [], "appointments": [other, mine]})
    tell("scheduling", "GET", "/appointments", {"items": [other, mine]})
    tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", {
        "evening": EVENING, "staff": [{**BELL, "slots": []}]})
    tell("scheduling", "GET", "/waiting", {"items": []})
    tonight.clock.advance(days=days)
    amira = tonight.sign_in(AMIRA)
    for path in ("/", "/evenings/e-1/p-sam"):
        page = amira.open(path)
        assert (page.status, page.html.count('/night"')) == (200, int(is_today))
        assert not is_today or page.link("Where to go next") == "/evenings/e-1/night"


@pytest.mark.parametrize(("now", "found"), [
    ("2026-06-30T22:59:00+00:00", ["e-1"]), ("2026-06-30T23:00:00+00:00", ["e-2"]),  # midnight is at 23:00 UTC
    ("2026-07-01T22:30:00+00:00", ["e-2"]), ("2026-07-02T12:00:00+00:00", [])])
def test_today_is_by_the_clock_of_the_school(now: str, found: list[str]) -> None:
    times = [("e-2", "2026-07-01T17:00:00+00:00"), ("e-2", "2026-06-30T23:30:00+00:00"),
             ("e-1", "2026-06-30T22:30:00+00:00"), ("e-1", "2026-06-30T17:00:00+00:00")]
    items: list[Any] = [{"evening_id": evening, "starts_at": at} for evening, at in times]
    today = find_today(items, datetime.fromisoformat(now), ZoneInfo("Europe/London"))
    assert [item["evening_id"] for item in today] == found
    assert all(item["starts_at"] == min(at for evening, at in times if evening == item["evening_id"]) for item in today)
