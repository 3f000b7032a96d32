"""How far good news has got with the homes of a child: a table, and the line that staff see."""

from __future__ import annotations

import pytest

from chassis.errors import Unavailable
from services.portal.staff.queries import said_of
from services.portal.staff.rules import Reach, reach_of
from tests.portal.house import House, page_of_sam, sam

TOLD, COMING, LOST = "told", "on-its-way", "not-reached"
TWO = [["amira", "ben"], ["karim"]]


@pytest.mark.parametrize(("homes", "states", "expected", "words"), [
    (TWO, {"amira": TOLD, "karim": TOLD}, Reach(2, 2), "Two homes: both told"),
    (TWO, {"amira": LOST, "ben": TOLD, "karim": TOLD}, Reach(2, 2), "Two homes: both told"),
    (TWO, {"amira": TOLD, "karim": LOST}, Reach(2, 1), "Two homes: one told, one not reached - please ring"),
    (TWO, {"amira": LOST, "karim": LOST}, Reach(2, 0), "Two homes: neither reached - please ring"),
    (TWO, {"amira": TOLD, "karim": COMING}, Reach(2, 1, True), "On its way"),
    (TWO, {"amira": COMING, "ben": TOLD, "karim": TOLD}, Reach(2, 2), "Two homes: both told"),
    (TWO, {"amira": LOST, "ben": COMING, "karim": LOST}, Reach(2, 0, True), "On its way"),
    (TWO, {"karim": TOLD}, Reach(1, 1), "One home: told"),  # nobody of the other home was to hear
    (TWO, {"karim": LOST}, Reach(1, 0), "One home: not reached - please ring"),
    ([["amira"]], {"amira": TOLD, "gran": TOLD}, Reach(2, 2), "Two homes: both told"),
    ([], {"amira": TOLD, "karim": TOLD, "gran": TOLD}, Reach(3, 3), "3 homes: all told"),
    ([], {"amira": TOLD, "karim": TOLD, "gran": LOST}, Reach(3, 2),
     "3 homes: 2 told, the others not reached - please ring"),
    (TWO, {"amira": "a state of next year"}, Reach(1, 0), "One home: not reached - please ring"),
    (TWO, {}, None, ""),
    ([], {}, None, ""),
])
def test_a_home_is_told_once_one_adult_there_is(
        house: House, homes: list[list[str]], states: dict[str, str], expected: Reach | None, words: str) -> None:
    found = reach_of(homes, states)
    assert found == expected
    with house.pages.test_request_context():
        assert (said_of(found) if found else "") == words


@pytest.fixture
def school(house: House) -> House:
    """Mrs Bell, who has sent good news about Sam; Sam has two homes."""
    praise = {"id": "n-1", "pupil_id": "p-sam", "pupil_given_name": "Sam", "strength": "kindness",
              "sentence": "Sam asked a new boy to play.", "staff_name": "Grace Bell",
              "sent_at": "2026-11-23T09:00:00+00:00", "own_label": None, "audience": "all",
              "signature": {"voice": "school", "by": "Grace Bell", "is_mine": True, "at": "2026-11-23T09:00:00+00:00"}}
    house.hear(house.adult("bell-1", "staff", roles=["teacher"]), house.adult("amira-1"),
               house.rights("p-sam", "amira-1", "see"))
    tell = house.answers.tell
    tell("profiles", "GET", "/pupils/p-sam/page", {"pupil": sam(), "may": {}, "parts": {}})
    tell("profiles", "GET", "/pupils/p-sam/praise", {"items": [praise], "after": None})
    tell("profiles", "GET", "/pupils/p-sam/homes", {"homes": [{"guardian_ids": ["amira-1"]},
                                                              {"guardian_ids": ["karim-1"]}]})
    tell("notifications", "GET", "/told", {"items": [{"guardian_id": "amira-1", "state": "told"},
                                                     {"guardian_id": "karim-1", "state": "not-reached"}]})
    return house


def test_staff_see_whether_both_homes_have_heard(school: House) -> None:
    page = school.sign_in("oakfield:bell-1").open("/staff/pupils/p-sam")
    assert "Two homes: one told, one not reached - please ring" in page.text
    asked = school.answers.sent("GET", "/told")
    assert [call.params for call in asked] == [{"about_id": "n-1", "pupil_id": "p-sam"}]


@pytest.mark.parametrize(("service", "path"), [("profiles", "/pupils/p-sam/homes"), ("notifications", "/told")])
def test_a_service_that_is_silent_leaves_the_line_out(school: House, service: str, path: str) -> None:
    bell = school.sign_in("oakfield:bell-1")
    for answer in (Unavailable(), None):
        if answer is None:
            del school.answers.given[service, "GET", path]  # it is not there
        else:
            school.answers.tell(service, "GET", path, answer)
        page = bell.open("/staff/pupils/p-sam")
        assert page.status == 200
        assert "Sam asked a new boy to play." in page.text
        assert "home:" not in page.text.casefold()
        assert "homes:" not in page.text.casefold()


def test_a_parent_is_never_told_how_many_homes_there_are(school: House) -> None:
    said = {"id": "n-1", "kind": "kindness", "words": "Sam asked a new boy to play.", "state": "all", "due_on": None,
            "more": None, "at": "2026-11-23T09:00:00+00:00",
            "signature": {"voice": "school", "by": "Grace Bell", "is_mine": False, "at": "2026-11-23T09:00:00+00:00"}}
    school.answers.tell("profiles", "GET", "/pupils/p-sam/page", page_of_sam({"praise": [said]}))
    school.answers.tell("scheduling", "GET", "/home", {"evenings": [], "appointments": []})
    page = school.sign_in("oakfield:amira-1").open("/children/p-sam")
    assert "Sam asked a new boy to play." in page.text
    assert "homes" not in page.text.casefold()
    assert school.answers.sent("GET", "/told") + school.answers.sent("GET", "/pupils/p-sam/homes") == []
