"""The pages of talks: asking for one, the rest of an evening's, what was agreed, and an evening in numbers."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import AMIRA, House
from tests.portal.test_night import EVENING

BELL = {"id": "bell-1", "given_name": "Grace", "family_name": "Bell"}
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
ADULT = {"id": "amira-1", "given_name": "Amira", "family_name": "Haddad"}
TALK: dict[str, Any] = {
    "id": "t-1", "kind": "talk", "about": "Reading", "partnership_id": None, "state": "offered", "pupil": SAM,
    "staff": BELL, "from_on": "2026-11-25", "by_on": "2026-12-22", "starts_at": None, "ends_at": None, "how": None,
    "link": None, "can": [], "sequence": 0}
REST: dict[str, Any] = {
    "appointment_id": "a-1", "evening_id": "e-1", "starts_at": "2026-11-26T16:00:00+00:00", "outcome": "",
    "ends_at": "2026-11-26T16:10:00+00:00", "pupil": SAM, "staff": BELL, "adults": [ADULT], "may_go_on": True,
    "talks": []}
LOOP: dict[str, Any] = {"id": "loop-1", "state": "open", "going_well": "Sam reads aloud", "review_on": "2026-12-10"}
FAMILY, STAFF, NOTE = "/children/p-sam/talks", "/staff/pupils/p-sam/talks", "/staff/talks/a-1/note"
MEETINGS, LOOPS = "/pupils/p-sam/meetings", "/pupils/p-sam/partnerships"
FIGURES: dict[str, Any] = {
    "evening": EVENING, "offered": 120, "wished": 90, "families": 40, "booked": 84, "met": 80, "missed": 4,
    "longest_wait": 25, "mean_wait": 7, "most_late": None, "mean_late": None,
    "years": [{"year_group": "5", "families": 20, "booked": 40, "met": 39, "missed": 1}]}


@pytest.fixture
def school(house: House) -> House:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "book"),
               house.adult("bell-1", "staff", roles=["teacher"]), house.adult("nel-1", "staff", roles=["head"]))
    tell = house.answers.tell
    tell("profiles", "GET", "/pupils/p-sam", {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad",
                                             "year_group": "5", "sections": {}, "may": {}})
    tell("scheduling", "GET", MEETINGS, {"items": [], "teachers": [BELL], "adults": []})
    tell("scheduling", "GET", "/appointments/a-1/rest", REST)
    tell("profiles", "GET", LOOPS, {"items": [LOOP], "after": None, "proposed_review_on": "2026-12-17"})
    return house


def parent(house: House) -> Browser:
    return house.sign_in(AMIRA)


def teacher(house: House) -> Browser:
    return house.sign_in("bell@families.invalid")


def sent(house: House, path: str) -> list[Any]:
    return [call.json for call in house.answers.sent("POST", path)]


def test_a_parent_asks_and_goes_on_to_the_times(school: House) -> None:
    amira = parent(school)
    assert "Grace Bell" in amira.open(FAMILY).text
    school.answers.tell("scheduling", "POST", MEETINGS, {**TALK, "times": [], "ways": ["phone"], "is_open": True})
    page = amira.send(FAMILY, teacher="bell-1", about=" Reading ", how="")
    assert sent(school, MEETINGS) == [{"about": "Reading", "how": None, "staff_id": "bell-1"}]
    assert page.path == "/children/p-sam/reviews/t-1"


@pytest.mark.parametrize(("refused", "status", "words"), [
    (Invalid(errors={"/staff_id": "Choose one of the child's teachers."}), 422, "Choose one of the child"),
    (Conflict("A talk of these two is open already."), 409, "open already"),
    (Unavailable("x"), 503, "Your words are still here"),
])
def test_what_is_refused_is_said_and_no_word_is_lost(school: House, refused: Exception, status: int,
                                                     words: str) -> None:
    amira = parent(school)
    amira.open(FAMILY)
    school.answers.tell("scheduling", "POST", MEETINGS, refused)
    page = amira.send(FAMILY, teacher="bell-1", about="Reading at home")
    assert page.status == status
    assert words in page.text
    assert "Reading at home" in page.html


@pytest.mark.parametrize(("form", "words"), [({"about": "x"}, "Choose a teacher"),
                                             ({"teacher": "bell-1", "about": "x" * 501}, "at most 500 letters")])
def test_what_is_missing_is_said_at_its_field(school: House, form: dict[str, str], words: str) -> None:
    school.answers.tell("scheduling", "GET", MEETINGS, {
        "items": [], "teachers": [BELL, {**BELL, "id": "roy-1"}], "adults": []})
    amira = parent(school)
    amira.open(FAMILY)
    page = amira.send(FAMILY, **form)
    assert (page.status, words in page.text) == (422, True)
    assert sent(school, MEETINGS) == []


def test_without_a_teacher_it_says_whom_to_ring(school: House) -> None:
    school.answers.tell("scheduling", "GET", MEETINGS, {"items": [], "teachers": [], "adults": []})
    assert "Ring the school office" in parent(school).open(FAMILY).text


def test_a_talk_that_waits_is_on_the_page_of_both(school: House) -> None:
    school.answers.tell("scheduling", "GET", MEETINGS, {"items": [TALK], "teachers": [BELL], "adults": []})
    assert "Choose a time for a talk" in parent(school).open(FAMILY).text
    school.answers.tell("scheduling", "GET", MEETINGS, {
        "items": [{**TALK, "state": "unsuited", "guardian": ADULT}], "teachers": [BELL], "adults": [ADULT]})
    assert "no time suited, offer others" in teacher(school).open(STAFF).text


def test_a_teacher_asks_the_family(school: House) -> None:
    bell = teacher(school)
    school.answers.tell("scheduling", "GET", MEETINGS, {"items": [], "teachers": [BELL], "adults": [ADULT]})
    bell.open(STAFF)
    assert "Choose with whom" in bell.send(STAFF, teacher="bell-1").text
    school.answers.tell("scheduling", "POST", MEETINGS, TALK)
    bell.send(STAFF, teacher="bell-1", adult="amira-1", about="")
    assert sent(school, MEETINGS) == [{"about": "", "how": None, "staff_id": "bell-1", "guardian_id": "amira-1"}]


def test_the_rest_is_booked_by_one_press_of_either(school: House) -> None:
    path, booked = "/appointments/a-1/rest", {**REST, "talks": [{"id": "t-1", "guardian_id": "amira-1"}]}
    bell = teacher(school)
    assert "Meet again another day" in bell.open("/staff/talks/a-1/rest").text
    school.answers.tell("scheduling", "POST", path, Conflict("The rest of a talk can be booked until the next day."))
    page = bell.send("/staff/talks/a-1/rest")
    assert (page.status, "until the next day" in page.text) == (409, True)
    school.answers.tell("scheduling", "POST", path, booked)
    school.answers.tell("scheduling", "GET", path, booked)
    assert "The times of Amira Haddad" in bell.send("/staff/talks/a-1/rest").text
    school.answers.tell("scheduling", "GET", path, {**REST, "adults": []})
    amira = parent(school)
    amira.open("/talks/a-1/rest")
    assert amira.send("/talks/a-1/rest").path == "/children/p-sam/reviews/t-1"


GOOD = {"going_well": "Reads aloud", "worries": "Sleep", "step": "Ten minutes of reading", "doer": "home:amira-1",
        "by-day": "10", "by-month": "12", "by-year": "2099", "where": "loop-1"}


def test_what_was_agreed_is_added_to_what_is_open(school: House) -> None:
    bell = teacher(school)
    page = bell.open(NOTE)
    assert "Sam reads aloud" in page.text
    for deed in ("notes", "steps"):
        school.answers.tell("profiles", "POST", f"/partnerships/loop-1/{deed}", {"id": "loop-1"})
    bell.send(NOTE, **GOOD)
    assert sent(school, "/partnerships/loop-1/notes") == [{
        "words": "Going well: Reads aloud\n\nWhat worries us: Sleep", "meeting": {"kind": "evening", "id": "a-1"}}]
    assert sent(school, "/partnerships/loop-1/steps") == [{
        "doer": "home", "words": "Ten minutes of reading", "by_on": "2099-12-10", "guardian_id": "amira-1"}]


SECOND = {"step2": "A quiet place to read", "doer2": "school", "by2-day": "11", "by2-month": "12", "by2-year": "2099"}


def test_several_next_steps_are_kept_each_once_with_who_and_by_when(school: House) -> None:
    bell = teacher(school)
    bell.open(NOTE)
    for deed in ("notes", "steps"):
        school.answers.tell("profiles", "POST", f"/partnerships/loop-1/{deed}", {"id": "loop-1"})
    bell.send(NOTE, **GOOD, **SECOND)
    assert [(one["doer"], one["words"], one["by_on"]) for one in sent(school, "/partnerships/loop-1/steps")] == [
        ("home", "Ten minutes of reading", "2099-12-10"), ("school", "A quiet place to read", "2099-12-11")]
    keys = [call.key for call in school.answers.sent("POST", "/partnerships/loop-1/steps")]
    assert len(set(keys)) == 2


def test_or_opens_something_new_to_look_at_together(school: House) -> None:
    bell = teacher(school)
    bell.open(NOTE)
    school.answers.tell("profiles", "POST", LOOPS, {"id": "loop-2"})
    bell.send(NOTE, going_well="Reads aloud", where="new", **{
        "review-day": "17", "review-month": "12", "review-year": "2026"})
    assert sent(school, LOOPS) == [{
        "going_well": "Reads aloud", "worries": "", "support": "", "audience": "all", "is_child_in": False,
        "review_on": "2026-12-17", "meeting": {"kind": "evening", "id": "a-1"}}]


@pytest.mark.parametrize(("changed", "words"), [
    ({"going_well": " "}, "Write a few words"), ({"step": "x" * 301}, "at most 300 letters"),
    ({"doer": ""}, "Choose who does it"), ({"by-day": "40"}, "Write a day"), ({"by-year": "2020"}, "Choose today"),
    ({"where": ""}, "Choose where"), ({"where": "new"}, "Write a day"), ({**SECOND, "doer2": ""}, "Choose who does it"),
    ({**SECOND, "by2-year": "2020"}, "Choose today"), ({**SECOND, "step2": "x" * 301}, "at most 300 letters"),
])
def test_a_note_that_lacks_something_says_what(school: House, changed: dict[str, str], words: str) -> None:
    bell = teacher(school)
    bell.open(NOTE)
    page = bell.send(NOTE, **{**GOOD, "review-day": "", **changed})
    assert (page.status, words in page.text) == (422, True)
    assert "Sleep" in page.html


def test_harsh_words_are_shown_once_more_and_never_kept_back(school: House) -> None:
    bell = teacher(school)
    bell.open(NOTE)
    assert "read it once more" in bell.send(NOTE, **{**GOOD, "worries": "He is lazy"}).text


def test_who_does_not_work_with_the_child_is_told_whom_to_tell(school: House) -> None:
    school.answers.tell("profiles", "GET", LOOPS, NotFound())
    assert "tell the class teacher" in teacher(school).open(NOTE).text


def test_an_evening_in_numbers_for_the_head(school: House) -> None:
    school.answers.tell("scheduling", "GET", "/evenings/e-1/figures", FIGURES)
    text = school.sign_in("nel@families.invalid").open("/office/evenings/e-1/figures").text
    for words in ("120", "25 minutes", "Too few families to say", "By year group"):
        assert words in text
    assert parent(school).open("/office/evenings/e-1/figures").status == 404
    assert teacher(school).open("/office/evenings/e-1/figures").status == 404
