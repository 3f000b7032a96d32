"""Pages to meet and to talk: a review for a parent and a teacher, one-tap talks, good hours, and the school's wish."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.errors import Conflict, NotFound, Stale, Unavailable
from services.portal.check_ins.rules import boxes_of, read_at, read_numbers, windows_of
from services.portal.looks import LONDON
from services.portal.reviews.rules import Unread, hours_as_form, read_clock, read_hours, read_moments, read_spans
from tests.journeys.browsing import Browser
from tests.portal.house import AMIRA, House, sam

BELL = {"id": "s-bell", "given_name": "Grace", "family_name": "Bell"}
HERS = {"id": "amira-1", "given_name": "Amira", "family_name": "Haddad"}
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
TIMES = ["2026-12-03T15:15:00+00:00", "2026-12-04T08:15:00+00:00"]
REVIEW: dict[str, Any] = {
    "id": "r-1", "partnership_id": "l-1", "state": "offered", "pupil": SAM, "staff": BELL, "from_on": "2026-12-01",
    "by_on": "2026-12-08", "starts_at": None, "ends_at": None, "how": None, "link": None, "can": [], "sequence": 0,
    "times": TIMES, "ways": ["in-person", "phone"], "is_open": True}
BOOKED = {**REVIEW, "state": "booked", "starts_at": TIMES[0], "ends_at": TIMES[0], "how": "phone"}
TALK: dict[str, Any] = {
    "id": "c-1", "state": "proposed", "how": "phone", "starts_at": TIMES[0], "held_on": None, "note": "", "pupil": SAM,
    "staff": BELL, "guardian": HERS}
PATH = "/children/p-sam/reviews/r-1"
STAFF = "/staff/pupils/p-sam"


@pytest.fixture
def home(house: House) -> House:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "book"),
               house.adult("bell-1", "staff", roles=["teacher"]), house.adult("olga-1", "staff", roles=["office"]))
    tell = house.answers.tell
    tell("profiles", "GET", "/pupils/p-sam", {**sam(), "classes": [], "staff": []})
    tell("scheduling", "GET", "/reviews/r-1", REVIEW)
    return house


def amira(home: House) -> Browser:
    return home.sign_in(AMIRA)


def bell(home: House) -> Browser:
    return home.sign_in("bell@families.invalid")


def sent(home: House, method: str, path: str) -> list[Any]:
    return [call.json for call in home.answers.sent(method, path)]


def test_a_parent_chooses_a_time_and_how(home: House) -> None:
    parent = amira(home)
    page = parent.open(PATH)
    assert "Thursday 3 December, 3:15pm" in page.text
    assert parent.send().status == 422
    assert "Choose a time" in parent.page.text
    home.answers.tell("scheduling", "POST", "/reviews/r-1/book", BOOKED)
    home.answers.tell("scheduling", "GET", "/reviews/r-1", BOOKED)
    done = parent.send(starts_at=TIMES[0], how="phone")
    assert "Booked: Thursday 3 December, 3:15pm" in done.text
    assert sent(home, "POST", "/reviews/r-1/book") == [{"starts_at": TIMES[0], "how": "phone"}]


def test_who_comes_second_keeps_the_page_and_is_told_what_is_free(home: House) -> None:
    parent = amira(home)
    parent.open(PATH)
    home.answers.tell("scheduling", "POST", "/reviews/r-1/book", Conflict("Someone took it. These are free: 8:15am."))
    page = parent.send(starts_at=TIMES[0], how="phone")
    assert (page.status, "Someone took it. These are free: 8:15am." in page.text) == (409, True)
    home.answers.tell("scheduling", "POST", "/reviews/r-1/book", Unavailable())
    assert parent.send(starts_at=TIMES[0]).status == 503
    assert "Your words are still here" in parent.page.text


def test_none_suits_and_what_was_written_stays_when_it_cannot_be_read(home: House) -> None:
    parent = amira(home)
    parent.open(PATH)
    parent.open(parent.page.link("None of these suits me"))
    day = {"day0-day": "4", "day0-month": "12", "day0-year": "2026"}
    page = parent.send(**day, from0="half past", to0="16:00")
    assert (page.status, 'value="half past"' in page.html) == (422, True)
    home.answers.tell("scheduling", "POST", "/reviews/r-1/unsuited", REVIEW)
    home.answers.tell("scheduling", "GET", "/reviews/r-1", {**REVIEW, "state": "unsuited", "can": [
        {"on": "2026-12-04", "from": "15:00", "to": "16:00"}]})
    page = parent.send(**day, from0="15:00", to0="16:00")
    assert "School knows that no time suits" in page.text
    assert "Friday 4 December, 3:00pm to 4:00pm" in page.text
    assert sent(home, "POST", "/reviews/r-1/unsuited") == [
        {"can": [{"on": "2026-12-04", "from": "15:00", "to": "16:00"}]}]


def test_a_time_is_given_back_on_a_page_that_asks_once(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/reviews/r-1", BOOKED)
    parent = amira(home)
    parent.open(PATH)
    parent.open(parent.page.link("Give this time back"))
    home.answers.tell("scheduling", "POST", "/reviews/r-1/cancel", REVIEW)
    home.answers.tell("scheduling", "GET", "/reviews/r-1", {**REVIEW, "state": "cancelled"})
    assert "That time is given back" in parent.send().text


def test_a_review_of_another_child_or_of_nobody_is_not_there(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/reviews/r-1", {**REVIEW, "pupil": {**SAM, "id": "p-nadia"}})
    parent = amira(home)
    assert parent.open(PATH).status == 404
    there = parent.page.text
    home.answers.tell("scheduling", "GET", "/reviews/r-1", NotFound())
    assert (parent.open(PATH).status, parent.page.text) == (404, there)


def test_a_teacher_offers_other_times(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/reviews/r-1", {
        **REVIEW, "guardian": HERS, "state": "unsuited", "can": [{"on": "2026-12-04", "from": "15:00", "to": "16:00"}]})
    teacher = bell(home)
    page = teacher.open(f"{STAFF}/reviews/r-1")
    assert "No time suited Amira Haddad" in page.text
    assert teacher.send().status == 422
    home.answers.tell("scheduling", "PUT", "/reviews/r-1/times", REVIEW)
    answers = {"day1-day": "4", "day1-month": "12", "day1-year": "2026", "clock1": "15.20"}
    assert "The times are on their way" in teacher.send(**answers).text
    assert sent(home, "PUT", "/reviews/r-1/times") == [{"times": ["2026-12-04T15:20:00+00:00"]}]


def test_a_teacher_says_when_they_can_talk(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/hours", {
        "windows": [{"weekday": 0, "from": "08:15", "to": "08:45"}], "link": ""})
    teacher = bell(home)
    page = teacher.open("/staff/good-hours")
    assert 'value="08:15"' in page.html
    assert teacher.send(**{"to-0-0": "07:00"}).status == 422
    home.answers.tell("scheduling", "PUT", "/hours", {})
    assert "Your hours are kept" in teacher.send(**{"to-0-0": "9:00"}).text
    assert sent(home, "PUT", "/hours") == [
        {"windows": [{"weekday": 0, "from": "08:15", "to": "09:00"}], "link": ""}]


def board(home: House, **changes: Any) -> None:
    home.answers.tell("scheduling", "GET", "/check-ins", {
        "due": [{"pupil": SAM, "review_due": True, "last_spoken_on": "2026-09-10"}], "proposed": [TALK], "done": [],
        **changes})
    home.answers.tell("scheduling", "GET", "/check-ins/c-1", TALK)


def test_one_tap_says_that_a_talk_is_done(home: House) -> None:
    board(home)
    teacher = bell(home)
    page = teacher.open("/staff/check-ins")
    assert "Sam Haddad: with Amira Haddad" in page.text
    assert "last on Thursday 10 September · a longer meeting is due too" in page.text
    home.answers.tell("scheduling", "POST", "/check-ins/c-1/hold", {**TALK, "state": "held"})
    assert "Thank you: that is done" in teacher.send("/staff/check-ins/c-1/hold").text
    long = "ل" * 281
    refused = teacher.send("/staff/check-ins/c-1/hold", note=long)
    assert (refused.status, long in refused.html) == (422, True)
    for what, words in (("offer", "on its way to them"), ("skip", "Left out this time")):
        home.answers.tell("scheduling", "POST", f"/check-ins/c-1/{what}", TALK)
        assert words in teacher.send(f"/staff/check-ins/c-1/{what}").text
    assert sent(home, "POST", "/check-ins/c-1/hold") == [{"note": ""}]
    home.answers.tell("scheduling", "POST", "/check-ins/c-1/offer", Conflict("This time has gone by."))
    assert (teacher.send("/staff/check-ins/c-1/offer").status, "This time has gone by." in teacher.page.text) == (
        409, True)


def test_a_board_that_is_empty_and_one_that_is_silent(home: House) -> None:
    board(home, proposed=[], due=[])
    teacher = bell(home)
    assert "Nothing is proposed just now" in teacher.open("/staff/check-ins").text
    home.answers.tell("scheduling", "GET", "/check-ins", Unavailable())
    assert "just now. It'll be here again shortly" in teacher.open("/staff/check-ins").text


def test_a_talk_gets_another_time(home: House) -> None:
    board(home)
    teacher = bell(home)
    teacher.open("/staff/check-ins/c-1/move")
    assert teacher.send(clock="15:30").status == 422
    home.answers.tell("scheduling", "POST", "/check-ins/c-1/move", TALK)
    assert "The time is changed" in teacher.send(
        **{"day-day": "4", "day-month": "12", "day-year": "2026", "clock": "9.05"}).text
    assert sent(home, "POST", "/check-ins/c-1/move") == [{"starts_at": "2026-12-04T09:05:00+00:00"}]


def test_a_talk_that_nobody_proposed_is_written_down(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/pupils/p-sam/check-ins", {
        "items": [{**TALK, "state": "held", "held_on": "2026-11-20"}], "adults": [HERS]})
    teacher = bell(home)
    assert "Grace Bell talked with Amira Haddad" in teacher.open(f"{STAFF}/check-ins").text
    assert teacher.send(note="Hello").status == 422
    assert "Hello" in teacher.page.html
    home.answers.tell("scheduling", "POST", "/pupils/p-sam/check-ins", TALK)
    assert "Thank you: that is done" in teacher.send(adult="amira-1", note="<b>All well</b>").text
    assert sent(home, "POST", "/pupils/p-sam/check-ins") == [{"guardian_id": "amira-1", "note": "<b>All well</b>"}]


def test_a_parent_sees_when_and_says_when_they_can(home: House) -> None:
    mine = {name: value for name, value in TALK.items() if name != "guardian"}
    home.answers.tell("scheduling", "GET", "/check-ins/c-1", {**mine, "state": "offered"})
    home.answers.tell("scheduling", "GET", "/pupils/p-sam/check-ins/hours", {
        "windows": [{"weekday": 1, "from": "15:00", "to": "17:00"}]})
    parent = amira(home)
    page = parent.open("/children/p-sam/check-ins/c-1")
    assert "Thursday 3 December, 3:15pm" in page.text
    page = parent.open(page.link("Say when you can usually talk"))
    assert 'name="hours-1" type="checkbox" value="after" checked' in page.html
    home.answers.tell("scheduling", "PUT", "/pupils/p-sam/check-ins/hours", {})
    assert "school will try these times" in parent.send(**{"hours-0": ["before"], "hours-1": ["after", "no"]}).text
    assert sent(home, "PUT", "/pupils/p-sam/check-ins/hours") == [{"windows": [
        {"weekday": 0, "from": "08:00", "to": "09:00"}, {"weekday": 1, "from": "15:00", "to": "17:00"}]}]
    home.answers.tell("scheduling", "GET", "/check-ins/c-1", {**mine, "state": "held", "held_on": "2026-12-03",
                                                             "note": "<i>شكرا</i>"})
    assert "&lt;i&gt;شكرا&lt;/i&gt;" in parent.open("/children/p-sam/check-ins/c-1").html


def test_the_office_says_how_often_and_a_colleague_who_was_faster_is_shown(home: House) -> None:
    cadence = {"usual": 1, "closer": 2, "reviews": 3, "most_a_day": 2, "version": 4}
    home.answers.tell("scheduling", "GET", "/check-ins/cadence", cadence)
    office = home.sign_in("olga@families.invalid")
    office.open("/office/school/check-ins")
    assert office.send(usual="many").status == 422
    assert 'value="many"' in office.page.html
    home.answers.tell("scheduling", "PUT", "/check-ins/cadence", Stale())
    home.answers.tell("scheduling", "GET", "/check-ins/cadence", {**cadence, "usual": 5, "version": 5})
    page = office.send(usual="3")
    assert (page.status, 'value="3"' in page.html, "A colleague changed this" in page.text) == (412, True, True)
    home.answers.tell("scheduling", "PUT", "/check-ins/cadence", cadence)
    assert "That is kept" in office.send().text
    assert sent(home, "PUT", "/check-ins/cadence")[-1] == {
        "usual": 3, "closer": 2, "reviews": 3, "most_a_day": 2, "based_on": 5}
    assert amira(home).open("/office/school/check-ins").status == 404


@pytest.mark.parametrize(("text", "read"), [("8:15", "08:15"), ("15.30", "15:30"), ("1530", "15:30"), ("", "")])
def test_times_are_read_as_people_write_them(text: str, read: str) -> None:
    assert read_clock(text, "x") == read


@pytest.mark.parametrize(("answers", "field"), [
    ({"day0-day": "31", "day0-month": "2", "day0-year": "2026"}, "day0"), ({"clock0": "15:30"}, "day0"),
    ({"day0-day": "1", "day0-month": "2", "day0-year": "2026"}, "clock0"), ({"clock2": "25:30"}, "clock2")])
def test_what_cannot_be_read_is_said_at_its_field(answers: dict[str, str], field: str) -> None:
    with pytest.raises(Unread) as wrong:
        read_moments(answers, LONDON)
    assert wrong.value.field == field


def test_forms_and_what_they_stand_for_are_the_same() -> None:
    windows: Any = [{"weekday": 2, "from": "08:15", "to": "08:45"}, {"weekday": 2, "from": "15:15", "to": "16:30"}]
    assert read_hours(hours_as_form(windows)) == windows
    assert boxes_of(windows_of(["0-before", "4-after", "9-x"])) == ["0-before", "4-after"]
    assert boxes_of(windows) == []
    assert read_spans({}) == []
    summer = {"day-day": "1", "day-month": "7", "day-year": "2027", "clock": "9:05"}
    assert read_at(summer, LONDON) == datetime(2027, 7, 1, 8, 5, tzinfo=UTC).isoformat()
    assert read_numbers({"usual": "1", "closer": "²", "reviews": "0", "most_a_day": "10"}) == (
        {"usual": 1, "most_a_day": 10}, ["closer", "reviews"])
    for wrong in ({"from-1-0": "10:00", "to-1-0": "09:00"}, {"to-1-1": "09:00"}):
        with pytest.raises(Unread):
            read_hours(wrong)


def test_a_parent_says_not_this_time_and_the_teacher_sees_it(home: House) -> None:
    mine = {name: value for name, value in TALK.items() if name != "guardian"}
    home.answers.tell("scheduling", "GET", "/check-ins/c-1", {**mine, "state": "offered", "said": ""})
    parent, path = amira(home), "/children/p-sam/check-ins/c-1"
    assert "Not this time" in parent.open(path).text
    refused = parent.send(f"{path}/decline", words="x" * 281)
    assert (refused.status, "x" * 281 in refused.html) == (422, True)
    home.answers.tell("scheduling", "POST", "/check-ins/c-1/decline", Conflict("This check-in was done already."))
    assert (parent.send(f"{path}/decline", words="Later").status, "was done already" in parent.page.text) == (409, True)
    home.answers.tell("scheduling", "POST", "/check-ins/c-1/decline", {**mine, "state": "declined"})
    home.answers.tell("scheduling", "GET", "/check-ins/c-1", {**mine, "state": "declined", "said": "<i>Thursdays</i>"})
    page = parent.send(f"{path}/decline", words=" <i>Thursdays</i> ")
    assert "Thank you for telling us" in page.text
    assert "&lt;i&gt;Thursdays&lt;/i&gt;" in page.html
    assert sent(home, "POST", "/check-ins/c-1/decline")[-1] == {"words": "<i>Thursdays</i>"}
    home.answers.tell("scheduling", "GET", "/check-ins", {
        "due": [], "proposed": [{**TALK, "state": "declined", "said": "Thursdays"}], "done": []})
    shown = bell(home).open("/staff/check-ins")
    assert "This time didn't suit them" in shown.text
    assert "They said when they can talk: Thursdays" in shown.text
    assert "Offer another time" in shown.text


def test_a_booked_time_is_moved_on_its_page(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/reviews/r-1", BOOKED)
    page = amira(home).open(PATH)
    assert "Move it to another time" in page.text
    assert "Move it to this time" in page.html
