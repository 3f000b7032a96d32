"""The office's pages of a parents' evening: set up step by step, opened, copied, called off; nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Stale, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import House

BELL = {"id": "s-bell", "given_name": "Grace", "family_name": "Bell"}
SHAW = {"id": "s-shaw", "given_name": "Tim", "family_name": "Shaw"}
AIMS = ["please-come", "rank", "fair", "waits", "trip"]
EVENING: dict[str, Any] = {
    "id": "e-1", "title": "Spring evening", "on": "2026-12-10", "from": "16:00", "to": "19:00", "slot_minutes": 10,
    "respond_by": "2026-12-04", "place": "The hall", "starts_at": "2026-12-10T16:00:00+00:00", "way": "plan",
    "ends_at": "2026-12-10T19:00:00+00:00", "class_ids": ["c-1"], "pupils": [], "state": "draft", "aims": AIMS,
    "version": 3}
BLOCK: dict[str, Any] = {
    "id": "b-1", "staff": [BELL, SHAW], "from": "16:00", "to": "18:00", "slot_minutes": 10, "gap_minutes": 5, "run": 4,
    "break_minutes": 15, "room": "Room 12", "site": "", "step_free": True, "ways": ["in-person", "phone"], "link": "",
    "open_to": "taught", "places": 8, "held": 2, "version": 5}
LINE: dict[str, Any] = {"id": "r-1", "kind": "interpreter", "language": "Polish", "key": "interpreter:Polish",
                        "name": "Ms Nowak", "units": 1, "from": "16:00", "to": "19:00", "used": 1}
SUMS: dict[str, Any] = {
    "items": [{"staff": [BELL], "places": 12, "children": 27, "wishes": None, "break_minutes": 15}], "children": 27,
    "places": 12, "wishes": None, "warnings": ["Grace Bell has 12 times and 27 children."]}
HERE = "/office/evenings/e-1"


@pytest.fixture
def home(house: House) -> House:
    house.hear(house.adult("olga-1", "staff", roles=["office"]), house.adult("bell-1", "staff", roles=["teacher"]))
    tell = house.answers.tell
    tell("profiles", "GET", "/classes", {"items": [{"id": "c-1", "title": "Maple"}]})
    tell("scheduling", "GET", "/years", {"items": [{"year": "5", "children": 30}]})
    tell("scheduling", "GET", "/evenings", {"items": [EVENING]})
    here(house, EVENING)
    return house


def here(house: House, evening: dict[str, Any]) -> None:
    tell = house.answers.tell
    tell("scheduling", "GET", "/evenings/e-1", evening)
    tell("scheduling", "GET", "/evenings/e-1/invited", {
        "class_ids": ["c-1"], "years": [], "pupils": [SHAW], "children": 27})
    tell("scheduling", "GET", "/evenings/e-1/blocks", {"items": [BLOCK], "staff": [BELL, SHAW]})
    tell("scheduling", "GET", "/evenings/e-1/arithmetic", SUMS)
    tell("scheduling", "GET", "/evenings/e-1/resources", {"items": [LINE], "tag": "0" * 16})


def olga(home: House) -> Browser:
    return home.sign_in("olga@families.invalid")


def sent(home: House, method: str, path: str) -> list[tuple[Any, str | None]]:
    """What was sent there, and the version that it changes."""
    return [(call.json, call.match) for call in home.answers.sent(method, path)]


def test_the_list_says_how_each_evening_stands(home: House) -> None:
    states = [("draft", "book", "2026-12-10"), ("open", "plan", "2026-12-10"), ("open", "book", "2026-12-10"),
              ("planned", "plan", "2026-12-10"), ("cancelled", "book", "2026-12-10"), ("open", "book", "2026-11-24"),
              ("planned", "plan", "2026-11-20")]
    home.answers.tell("scheduling", "GET", "/evenings", {"items": [
        {**EVENING, "id": f"e-{number}", "state": state, "way": way, "on": on, "starts_at": f"{on}T16:00:00+00:00",
         "ends_at": f"{on}T19:00:00+00:00"} for number, (state, way, on) in enumerate(states)]})
    page = olga(home).open("/office/evenings").text
    for words in ("Draft: nobody is told yet", "Wishes until Friday 4 December", "Families choose times",
                  "Everybody has their times", "Cancelled", "Tonight", "Over"):
        assert words in page, words
    home.answers.tell("scheduling", "GET", "/evenings", {"items": []})
    assert "There is none yet" in olga(home).open("/office/evenings").text


def test_a_new_evening_says_how_families_get_their_times_and_can_be_kept_as_a_draft(home: House) -> None:
    home.answers.tell("scheduling", "POST", "/evenings", EVENING)
    visitor = olga(home)
    visitor.open("/office/evenings/new")
    page = visitor.send(place="The hall")
    assert page.status == 422
    assert "Choose at least one class or year" in page.text
    answers = {"on-day": 10, "on-month": 12, "on-year": 2026, "by-day": 4, "by-month": 12, "by-year": 2026,
               "from": "16:00", "to": "19:00", "way": "plan", "years": "5"}
    assert "all times are made at once" in visitor.send(**answers).text
    kept = visitor.send(go="draft")
    assert (kept.path, "Kept as a draft" in kept.text) == (HERE, True)
    (body, _), = sent(home, "POST", "/evenings")
    assert (body["draft"], body["way"], body["years"], body["class_ids"]) == (True, "plan", ["5"], [])


def test_the_page_of_a_draft_is_a_list_of_what_is_to_do(home: House) -> None:
    page = olga(home).open(HERE)
    for words in ("Who is invited", "27 children", "Teachers and rooms", "What families can ask for", "1 thing",
                  "What the plan seeks first", "Does it hold?", "Look at this", "Open it and tell families"):
        assert words in page.text, words
    assert f"{HERE}/plan" not in page.html
    assert f"{HERE}/replan" not in page.html


@pytest.mark.parametrize(("changes", "links"), [
    ({"state": "open"}, {"wishes", "plan", "replan"}),
    ({"state": "open", "way": "book"}, {"replan"}),
    ({"state": "planned", "starts_at": "2026-11-24T16:00:00+00:00", "ends_at": "2026-11-24T19:00:00+00:00"},
     {"wishes", "plan", "replan", "tonight"}),
    ({"state": "cancelled"}, set()),
])
def test_where_it_goes_from_here_depends_on_how_it_stands(home: House, changes: Any, links: set[str]) -> None:
    here(home, {**EVENING, **changes})
    page = olga(home).open(HERE)
    ways = {**{name: f"{HERE}/{name}" for name in ("wishes", "plan", "replan")},
            "tonight": HERE.replace("/office/", "/reception/")}
    assert {name for name, way in ways.items() if f'href="{way}"' in page.html} == links
    assert "Open it and tell families" not in page.text


def test_a_part_that_does_not_answer_says_so_in_its_place(home: House) -> None:
    home.answers.tell("scheduling", "GET", "/evenings/e-1/arithmetic", Unavailable())
    page = olga(home).open(HERE)
    assert (page.status, "Not answering just now" in page.text) == (200, True)


def test_it_is_opened_after_what_does_not_hold_was_shown(home: House) -> None:
    visitor = olga(home)
    assert "Grace Bell has 12 times and 27 children." in visitor.open(f"{HERE}/open").text
    home.answers.tell("scheduling", "POST", "/evenings/e-1/open", Conflict("Nobody has a time yet."))
    refused = visitor.send()
    assert (refused.status, "Nobody has a time yet." in refused.text) == (409, True)
    home.answers.tell("scheduling", "POST", "/evenings/e-1/open", EVENING)
    assert "The evening is open" in visitor.send().text
    keys = {call.key for call in home.answers.sent("POST", "/evenings/e-1/open")}
    assert len(keys) == 1, "sent twice it happens once"


def test_it_is_cancelled_after_a_page_that_says_what_becomes_of_it(home: House) -> None:
    here(home, {**EVENING, "state": "open"})
    visitor = olga(home)
    page = visitor.open(f"{HERE}/cancel").text
    assert "2 times that families have are given back." in page
    home.answers.tell("scheduling", "POST", "/evenings/e-1/cancel", EVENING)
    assert "The evening is cancelled" in visitor.send().text


def test_a_copy_says_who_is_left_out_and_who_is_new(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/copy")
    assert visitor.send().status == 422
    days = {"on-day": 10, "on-month": 12, "on-year": 2027, "by-day": 4, "by-month": 12, "by-year": 2027}
    home.answers.tell("scheduling", "POST", "/evenings/e-1/copy", Invalid(errors={"/on": "Within two years, please."}))
    refused = visitor.send(**days)
    assert (refused.status, "Within two years, please." in refused.text) == (422, True)
    home.answers.tell("scheduling", "POST", "/evenings/e-1/copy", {
        "evening": {**EVENING, "id": "e-2"}, "left_out": [BELL], "added": [SHAW]})
    page = visitor.send()
    assert "Not in it any more" in page.text
    assert "Grace Bell" in page.text
    assert "/office/evenings/e-2" in page.html
    assert sent(home, "POST", "/evenings/e-1/copy")[-1][0] == {
        "on": "2027-12-10", "respond_by": "2027-12-04", "class_ids": [], "years": []}


def test_blocks_are_listed_and_one_is_changed(home: House) -> None:
    visitor = olga(home)
    page = visitor.open(f"{HERE}/blocks")
    assert "Grace Bell, Tim Shaw" in page.text
    assert "15 minutes after 4 talks" in page.text
    visitor.open(f"{HERE}/blocks/b-1")
    assert "Families have 2 of these times." in visitor.page.text
    assert visitor.send(slot_minutes="soon").status == 422
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/blocks/b-1", Conflict("A family has a time here."))
    seats = {"who-0": "s-bell", "who-1": "s-shaw", "ways": ["in-person", "phone"]}
    refused = visitor.send(**seats, slot_minutes="15", **{"to": "17.30"})
    assert (refused.status, "A family has a time here." in refused.text) == (409, True)
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/blocks/b-1", Stale())
    assert "As it is saved now" in visitor.send(**seats).text
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/blocks/b-1", BLOCK)
    assert "Saved" in visitor.send(**seats).text
    body, version = sent(home, "PUT", "/evenings/e-1/blocks/b-1")[-1]
    assert version == "5"
    assert body == {
        "staff_ids": ["s-bell", "s-shaw"], "from": "16:00", "to": "17:30", "slot_minutes": 15, "gap_minutes": 5,
        "run": 4, "break_minutes": 15, "room": "Room 12", "site": "", "step_free": True, "link": "",
        "ways": ["in-person", "phone"], "open_to": "taught"}


def test_times_are_added_and_taken_off(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/blocks/new")
    missing = visitor.send()
    assert (missing.status, "Choose whose times these are" in missing.text) == (422, True)
    home.answers.tell("scheduling", "POST", "/evenings/e-1/blocks", BLOCK)
    assert "Saved" in visitor.send(**{"who-0": "s-shaw", "open_to": "all"}).text
    assert sent(home, "POST", "/evenings/e-1/blocks")[-1][0]["open_to"] == "all"
    home.answers.tell("scheduling", "DELETE", "/evenings/e-1/blocks/b-1", None)
    visitor.open(f"{HERE}/blocks/b-1")
    assert "Taken off" in visitor.send(go="remove").text
    assert sent(home, "DELETE", "/evenings/e-1/blocks/b-1") == [(None, "5")]
    assert visitor.open(f"{HERE}/blocks/nothing").status == 404


def test_what_families_can_ask_for_is_a_list_of_lines(home: House) -> None:
    visitor = olga(home)
    assert "Ms Nowak" in visitor.open(f"{HERE}/needs").html
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/resources", Invalid(errors={
        "/items/1/units": "How many must be between 1 and 1000."}))
    kinds = {"kind-0": "interpreter", "kind-2": "creche"}
    refused = visitor.send(**kinds, **{"units-2": "0"})
    assert (refused.status, 'href="#units-2"' in refused.html) == (422, True)
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/resources", Stale())
    assert "A colleague changed this a moment ago." in visitor.send(**kinds).text
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/resources", {"items": [], "tag": "1" * 16})
    assert "Saved" in visitor.send(**kinds, **{"units-2": "8"}).text
    body, tag = sent(home, "PUT", "/evenings/e-1/resources")[-1]
    assert tag == "0" * 16
    assert body["items"] == [
        {"id": "r-1", "kind": "interpreter", "language": "Polish", "name": "Ms Nowak", "units": 1, "from": "16:00",
         "to": "19:00"}, {"kind": "creche", "language": "", "name": "", "units": 8}]


def test_who_is_invited_the_order_of_aims_and_the_details_are_changed(home: House) -> None:
    visitor = olga(home)
    home.answers.tell("scheduling", "PUT", "/evenings/e-1/invited", Conflict("Some of them would not be any more."))
    visitor.open(f"{HERE}/invited")
    assert "Some of them would not be any more." in visitor.send(years="5").text
    assert sent(home, "PUT", "/evenings/e-1/invited") == [
        ({"class_ids": ["c-1"], "years": ["5"], "pupil_ids": ["s-shaw"]}, "3")]
    visitor.open(f"{HERE}/aims")
    order = {f"aim-{place}": aim for place, aim in enumerate(AIMS)}
    assert visitor.send(**{**order, "aim-0": "fair"}).status == 422
    home.answers.tell("scheduling", "PUT", "/evenings/e-1", EVENING)
    assert "Saved" in visitor.send(**{**order, "aim-0": "fair", "aim-2": "please-come"}).text
    body, version = sent(home, "PUT", "/evenings/e-1")[-1]
    assert (body["aims"], version) == (["fair", "rank", "please-come", "waits", "trip"], "3")
    visitor.open(f"{HERE}/details")
    assert visitor.send(place=" ").status == 422
    home.answers.tell("scheduling", "PUT", "/evenings/e-1", Stale())
    assert "As it is saved now" in visitor.send(place="Annexe").text
    assert "Grace Bell has 12 times" in visitor.open(f"{HERE}/arithmetic").text


def test_a_teacher_finds_none_of_these_pages(home: House) -> None:
    visitor = home.sign_in("bell@families.invalid")
    for page in ("", "/open", "/cancel", "/copy", "/invited", "/blocks", "/blocks/new", "/needs", "/aims", "/details",
                 "/arithmetic"):
        assert visitor.open(f"{HERE}{page}").status == 404, page
