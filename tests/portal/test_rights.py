"""The office's pages of the relationship rule: what is refused, what is empty, and what does not answer."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Stale, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import House

SAM = {"id": "sam-1", "given_name": "Sam", "family_name": "Haddad"}
RIGHTS = ("see", "receive", "reply", "book", "attend", "consent", "collect")
FAMILY, PLACE = "/office/families/sam-1", "/pupils/sam-1/guardians/karim-1"
KARIM = f"{FAMILY}/karim-1"
NOTHING: dict[str, list[Any]] = {name: [] for name in ("reviews", "ending", "evidence", "flags", "liftings",
                                                       "unchecked")}
WORDS = "Order of the court"


def person(name: str) -> dict[str, str]:
    return {"id": f"{name}-1", "given_name": name.title(), "family_name": "Haddad"}


def order(**changes: Any) -> dict[str, Any]:
    return {"id": "order-1", "pupil_id": "sam-1", "guardian_id": "karim-1", "kind": "no contact", "takes": [],
            "source": "office", "document": None, "reference": None, "seen_by": None, "seen_on": None,
            "review_on": None, "starts_on": None, "until_on": None, "entered_at": "2026-01-05T09:00:00+00:00",
            "lift_reason": None, "lift_asked_by": None, **changes}


def adult(name: str, **changes: Any) -> dict[str, Any]:
    rights = {right: {"allowed": True, "reason": "The policy gives it."} for right in RIGHTS}
    return {"pupil": SAM, "guardian": person(name), "kind": "parent", "parental_responsibility": "yes",
            "responsibility_seen": None, "lives_with": "yes", "restriction": "none", "file_says": "none",
            "checked_by": None, "rights": rights, "restrictions": [], "held": [], **changes}


def family(*adults: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"pupil": SAM, "adults": list(adults), "homes": [], "looked_after_by": None, "keep_apart": [], **changes}


@pytest.fixture
def office(house: House) -> Browser:
    house.hear(house.adult("price-1", "staff", roles=["office"]), house.adult("cole-1", "staff", roles=["head"]))
    tell(house, family(adult("karim", restrictions=[order()]), adult("amira")))
    return house.sign_in("oakfield:price-1")


def tell(house: House, found: Any) -> None:
    house.answers.tell("profiles", "GET", "/pupils/sam-1/family", found)


def test_a_family_without_adults_and_one_with_a_right_of_a_newer_service_have_a_screen(house: House,
                                                                                      office: Browser) -> None:
    tell(house, family())
    assert "No adult belongs to this child here" in office.open(FAMILY).text
    tell(house, family(adult("karim", kind="great aunt", restriction="restricted",
                             restrictions=[order(kind="brand-new"), order(starts_on="2999-01-01"),
                                           order(until_on="2001-01-01")]),
                       homes=[{"guardian_ids": ["karim-1"]}, {"guardian_ids": ["amira-1"]}]))
    page = office.open(FAMILY).text
    for words in ("great aunt", "brand new", "Planned", "Over", "Two homes"):
        assert words in page


def test_what_a_service_refuses_is_said_at_its_field_and_nothing_written_is_lost(house: House,
                                                                                 office: Browser) -> None:
    answers = {"kind": "other", "document": WORDS, "takes": "see"}
    for refusal, status, words, target in (
            (Invalid("", {"/takes": "Choose what it takes."}), 422, "Choose what it takes.", "#takes"),
            (Invalid("", {"/guardian": "Not them."}), 422, "Not them.", "#question"),
            (Invalid("Nobody can be restricted from themselves."), 422, "from themselves", "#question"),
            (Conflict("It was entered already."), 409, "It was entered already.", "#question"),
            (Unavailable(), 503, "We couldn't send this", "#question")):
        house.answers.tell("profiles", "POST", f"{PLACE}/restrictions", refusal)
        office.open(f"{KARIM}/restriction")
        page = office.send(**answers)
        assert page.status == status
        assert words in page.text
        assert f'href="{target}"' in page.html
        assert WORDS in page.html


def test_a_second_press_sends_the_same_key(house: House, office: Browser) -> None:
    house.answers.tell("profiles", "POST", f"{PLACE}/restrictions", Unavailable())
    office.open(f"{KARIM}/restriction")
    office.send(kind="no contact")
    house.answers.tell("profiles", "POST", f"{PLACE}/restrictions", order())
    assert "Evidence is still to be seen" in office.send(kind="no contact").text
    first, second = house.answers.sent("POST", f"{PLACE}/restrictions")
    assert first.key == second.key


def test_an_adult_of_another_family_has_no_page_here(office: Browser) -> None:
    for path in ("", "/known", "/check", "/restriction", "/keep-apart", "/restriction/order-9/lifting"):
        assert office.open(f"{FAMILY}/somebody-else{path}").status == 404
    assert office.open(f"{KARIM}/restriction/order-9/lifting").status == 404


def test_the_lists_say_when_nothing_waits(house: House, office: Browser) -> None:
    house.answers.tell("profiles", "GET", "/checks", NOTHING)
    house.answers.tell("profiles", "GET", "/duplicates", {"items": []})
    house.answers.tell("profiles", "GET", "/relationships", {"items": [], "after": None})
    assert "Nothing waits for you." in office.open("/office/checks").text
    assert "Nobody seems to be here twice." in office.open("/office/duplicates").text
    assert "Nobody was found" in office.open("/office/tester?find=Nobody").text


def test_every_kind_of_check_has_a_way_to_it(house: House, office: Browser) -> None:
    due = {"pupil": SAM, "guardian": person("karim"), "restriction": order(
        review_on="2026-12-01", until_on="2026-12-01", lift_reason="Over", lift_asked_by="cole-1")}
    house.answers.tell("profiles", "GET", "/checks", {
        **{name: [due] for name in NOTHING if name != "unchecked"},
        "unchecked": [adult("amira", restriction="unknown")] * 31})
    page = office.open("/office/checks")
    for words, path in (("Say yes or no", "lifting"), ("Look at it again", "evidence"),
                        ("Enter the one that follows", "restriction"), ("Evidence was seen", "evidence"),
                        ("There is none: ask to lift it", "lifting"), ("I've checked: no restriction", "check")):
        assert page.link(words).endswith(path), words
    assert page.html.count("checked: no restriction") == 30
    assert "All adults to check" in page.text


def test_what_does_not_answer_says_so(house: House, office: Browser) -> None:
    house.answers.tell("profiles", "GET", f"{PLACE}/history", Unavailable())
    assert "This part isn't answering just now" in office.open(KARIM).text
    house.answers.tell("profiles", "GET", "/tester", {"items": [adult("karim")]})
    assert "This part isn't answering just now" in office.open("/office/tester?pupil=sam-1").text
    for path in ("/pupils/sam-1/family", "/checks", "/policy", "/duplicates", "/tester"):
        house.answers.tell("profiles", "GET", path, Unavailable())
    for path in (FAMILY, KARIM, f"{KARIM}/restriction", "/office/checks", "/office/policy", "/office/duplicates",
                 "/office/tester?pupil=sam-1"):
        page = office.open(path)
        assert (page.status, "This page isn't answering just now" in page.text) == (503, True), path


def test_what_was_written_is_shown_when_not_even_the_family_answers(house: House, office: Browser) -> None:
    office.open(f"{KARIM}/restriction")
    tell(house, Unavailable())
    page = office.send(kind="no contact", document=WORDS)
    assert (page.status, WORDS in page.text) == (503, True)


@pytest.mark.parametrize("asked", ["on-day=31&on-month=2&on-year=2026", "time=15:30",
                                   "on-day=3&on-month=3&on-year=2026&time=noon"])
def test_a_moment_that_there_is_not_is_said_at_its_field(office: Browser, asked: str) -> None:
    page = office.open(f"/office/tester?pupil=sam-1&{asked}")
    assert page.status == 422
    assert "Please look at this again" in page.text


def test_the_tester_asks_for_the_moment_by_the_schools_clock(house: House, office: Browser) -> None:
    house.answers.tell("profiles", "GET", "/tester", {"items": []})
    page = office.open("/office/tester?pupil=sam-1&on-day=1&on-month=7&on-year=2999&time=15:30")
    assert "Monday 1 July 2999, 3:30pm, from what is known now" in page.text
    assert house.answers.sent("GET", "/tester")[0].params == {"pupil_id": "sam-1", "at": "2999-07-01T15:30:00+01:00"}


def test_a_policy_that_a_colleague_changed_is_shown_again_with_what_was_written(house: House,
                                                                                office: Browser) -> None:
    policy = {"version": 3, "versions": [], "kinds": [{"kind": "parent", "trust": list(RIGHTS), "rights": ["see"]}]}
    house.answers.tell("profiles", "GET", "/policy", policy)
    house.answers.tell("profiles", "POST", "/policy/preview", {"items": []})
    house.answers.tell("profiles", "POST", "/policy", Stale())
    assert office.open("/office/policy").status == 200
    head = house.sign_in("oakfield:cole-1")
    head.open("/office/policy")
    assert "Say why" in head.send(**{"book:parent": "1"}).text
    assert "Nobody gains or loses anything today" in head.send(**{"book:parent": "1"}, reason=WORDS).text
    again = head.send(go="save")
    assert (again.status, WORDS in again.html, "Now: no" in again.text) == (409, True, True)
    assert house.answers.sent("POST", "/policy")[0].json == {
        "kinds": {"parent": ["see", "book"]}, "reason": WORDS, "starts_on": None, "based_on": 3}
    head.open("/office/policy")
    assert "Nothing is different yet" in head.send(reason=WORDS).text


def test_an_import_says_whom_it_takes_rights_from(house: House, office: Browser) -> None:
    count = {"added": 0, "changed": 1, "ended": 0, "unchanged": 9, "refused": 0}
    house.answers.tell("profiles", "GET", "/rosters/1", {
        "id": "1", "state": "checked", "rows_done": 9, "created_at": "2026-01-05T09:00:00+00:00", "finished_at": None,
        "result": {"refused": None, "restrictions_absent": None, "schools": [{
            "school": "oakfield", "problems": [], "kept_strict": 2, "tightens": [
                {"pupil": "Sam Haddad", "guardian": "Karim Haddad"}],
            **dict.fromkeys(("pupils", "guardians", "staff", "classes", "enrolments", "relationships"), count)}]}})
    page = office.open("/office/rosters/1").text
    assert "This file takes rights from: Karim Haddad, for Sam Haddad" in page
    assert "2 restrictions stay although the file says none: a file never loosens." in page
