"""What was taken back from an adult: shown to the office, sent or booked again one by one where the right is there."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import House

HERE = "/office/families/p-sam/amira-1"
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
BELL = {"id": "s-bell", "given_name": "Grace", "family_name": "Bell"}
EVENING = {"id": "e-1", "title": "Parents' evening", "on": "2026-12-03", "from": "16:00", "to": "17:00",
           "slot_minutes": 10, "respond_by": "2026-12-01", "place": "The hall", "pupils": [],
           "starts_at": "2026-12-03T16:00:00+00:00", "ends_at": "2026-12-03T17:00:00+00:00", "class_ids": []}
SLOTS = {"evening": EVENING, "staff": [{**BELL, "slots": [
    {"id": "t-1", "starts_at": "2026-12-03T16:00:00+00:00", "ends_at": "2026-12-03T16:10:00+00:00", "state": "taken"},
    {"id": "t-2", "starts_at": "2026-12-03T16:10:00+00:00", "ends_at": "2026-12-03T16:20:00+00:00", "state": "free"}]}]}
NOTICE = {"id": "n-1", "kind": "praise", "created_at": "2026-11-20T09:00:00+00:00",
          "withdrawn_at": "2026-11-23T09:00:00+00:00", "cause": "right_ended"}
RELEASED = {"id": "a-1", "evening_id": "e-1", "pupil": SAM, "staff": BELL, "starts_at": "2026-12-03T16:00:00+00:00",
            "ends_at": "2026-12-03T16:10:00+00:00", "place": "The hall", "state": "cancelled", "cause": "right_ended"}


@pytest.fixture
def school(house: House) -> House:
    """Sam and Amira, from whom good news and an appointment were taken back."""
    pair: dict[str, Any] = {
        "pupil": SAM, "guardian": {"id": "amira-1", "given_name": "Amira", "family_name": "Haddad"}, "kind": "parent",
        "parental_responsibility": "yes", "lives_with": "yes", "restriction": "none", "rights": {}}
    house.hear(house.adult("office-1", "staff", roles=["office"]), house.adult("dsl-1", "staff", roles=["dsl"]),
               house.adult("bell-1", "staff", roles=["teacher"]))
    tell = house.answers.tell
    tell("profiles", "GET", "/relationships", {"items": [pair], "after": None})
    tell("notifications", "GET", "/withdrawn", {"items": [NOTICE], "after": None})
    tell("notifications", "POST", "/notices/n-1/resend", None)
    tell("scheduling", "GET", "/released", {"items": [RELEASED], "after": None})
    tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", SLOTS)
    tell("scheduling", "GET", "/evenings/e-1", EVENING)
    tell("scheduling", "POST", "/evenings/e-1/pupils/p-sam/appointments", RELEASED)
    return house


def enter(school: House, who: str = "office-1") -> Browser:
    visitor = school.sign_in(f"oakfield:{who}")
    visitor.open(f"{HERE}/withdrawn")
    return visitor


def test_the_office_sees_what_was_taken_back_and_sends_it_again_after_a_check(school: House) -> None:
    office = enter(school)
    for words in ("Good news", "20 November 2026", "They may not hear of it any more", "Grace Bell"):
        assert words in office.page.text
    check = office.open(office.page.link("Send again"))
    assert "Send this to Amira Haddad again?" in check.text
    assert school.answers.sent("POST", "/notices/n-1/resend") == [], "nothing goes out by a look"
    assert "It is on its way again" in office.send().text
    assert len(school.answers.sent("POST", "/notices/n-1/resend")) == 1


@pytest.mark.parametrize("refusal", [NotFound(), Conflict("no"), Invalid("no")])
def test_what_an_adult_may_not_hear_is_not_sent_and_the_office_is_told(school: House, refusal: Problem) -> None:
    school.answers.tell("notifications", "POST", "/notices/n-1/resend", refusal)
    office = enter(school)
    office.open(office.page.link("Send again"))
    page = office.send()
    assert (page.status, "may not hear of it now" in page.text) == (409, True)


def test_the_office_books_again_for_the_adult(school: House) -> None:
    office = enter(school)
    times = office.open(office.page.link("Book again"))
    assert "Choose a time" in office.send().text
    assert "4:00pm" not in times.text, "it is taken"
    assert "Booked for Amira Haddad" in office.send(slot=times.choice("slot", "4:10pm to 4:20pm, Grace Bell")).text
    asked = school.answers.sent("POST", "/evenings/e-1/pupils/p-sam/appointments")
    assert [call.json for call in asked] == [{"slot_id": "t-2", "guardian_id": "amira-1"}]
    assert school.answers.sent("GET", "/evenings/e-1/pupils/p-sam/slots")[0].params == {"guardian_id": "amira-1"}


@pytest.mark.parametrize("refusal", [NotFound(), Conflict("4:10pm has just gone."), Invalid("no")])
def test_a_booking_that_is_refused_says_so_with_the_times(school: House, refusal: Problem) -> None:
    school.answers.tell("scheduling", "POST", "/evenings/e-1/pupils/p-sam/appointments", refusal)
    office = enter(school)
    office.open(office.page.link("Book again"))
    page = office.send(slot="t-2")
    assert page.status == 409
    assert (refusal.detail or "They may not book for this child now") in page.text


def test_there_is_no_time_for_an_adult_who_may_not_book(school: House) -> None:
    school.answers.tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", NotFound())
    office = enter(school)
    page = office.open(office.page.link("Book again"))
    assert (page.status, "they may not book for this child now" in page.text) == (200, True)


def test_the_dsl_sees_and_sends_and_leaves_booking_to_the_office(school: House) -> None:
    dsl = enter(school, "dsl-1")
    assert "Send again" in dsl.page.text
    assert "Book again" not in dsl.page.text
    assert dsl.open(f"{HERE}/book/e-1").status == 404


def test_a_teacher_finds_none_of_these_pages(school: House) -> None:
    teacher = enter(school, "bell-1")
    for path in ("withdrawn", "withdrawn/n-1", "book/e-1"):
        assert teacher.open(f"{HERE}/{path}").status == 404


def test_another_adult_or_another_notice_is_not_there(school: House) -> None:
    office = enter(school)
    assert office.open("/office/families/p-sam/karim-1/withdrawn").status == 404
    assert office.open(f"{HERE}/withdrawn/n-9").status == 404


@pytest.mark.parametrize(("service", "path", "other"), [
    ("notifications", "/withdrawn", "Grace Bell"), ("scheduling", "/released", "Send again")])
def test_a_part_that_is_silent_says_so_in_its_place(school: House, service: str, path: str, other: str) -> None:
    school.answers.tell(service, "GET", path, Unavailable())
    page = enter(school).page
    assert page.status == 200
    assert "This part isn't answering just now" in page.text
    assert other in page.text


def test_nothing_taken_back_reads_so(school: House) -> None:
    for service, path in (("notifications", "/withdrawn"), ("scheduling", "/released")):
        school.answers.tell(service, "GET", path, {"items": [], "after": None})
    page = enter(school).page
    assert "No news was taken back." in page.text
    assert "No appointment was taken back." in page.text
