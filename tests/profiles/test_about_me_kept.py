"""What becomes of the page: passed to a safeguarding lead, merged, left, held, taken along; and support, for few."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from chassis.db import timers
from chassis.errors import NotFound
from services.profiles.about_me.actions import divert_entry, end_about, move_author
from services.profiles.about_me.queries import list_held, select_part
from services.profiles.about_me.rules import seal_of
from services.profiles.people.actions import open_school
from services.profiles.people.models import Pupil
from services.profiles.relationships.actions import recompute_rights
from tests.profiles.house import House, a_pair
from tests.profiles.test_about_me import PAGE, change, decide, items, suggest, words, write

TRAVEL = f"{PAGE}/journeys"


def work(house: House, school: str = "oakfield") -> Any:
    return house.service.database.unit_of_work(school)


def screens(house: House, who: str, entry: Any) -> list[bytes]:
    return [house.call("GET", path, who).data for path in (PAGE, f"{PAGE}/history", f"/about-me/entries/{entry['id']}")]


@pytest.mark.parametrize("who", ["g-amira", "p-sam"])
def test_passed_on_it_is_gone_for_everybody_but_its_author_whose_screens_are_the_same(house: House, who: str) -> None:
    entry = write(house, who, "He hits me", "signs")
    change(house, who, entry, "He hits me again")
    before = screens(house, who, entry)
    with work(house) as uow:
        passed = divert_entry(uow, entry["id"])
    assert (passed.kind, passed.words, passed.author_id) == ("about-me", "He hits me again", who)
    assert screens(house, who, entry) == before
    for other in {"g-amira", "g-karim", "s-bell", "s-office", "p-sam"} - {who}:
        assert words(house, other) == []
        assert house.call("GET", f"{PAGE}/history", other).json["items"] == []
        assert house.call("GET", f"/about-me/entries/{entry['id']}", other).status_code == 404
    with work(house) as uow, pytest.raises(NotFound):
        divert_entry(uow, entry["id"])
    before_version = house.call("GET", PAGE, "s-bell").json["version"]
    assert change(house, who, {**entry, "version": 2}, "He hits me often").status_code == 200
    assert house.call("GET", PAGE, "s-bell").json["version"] == before_version
    with work(house) as uow, pytest.raises(NotFound):
        divert_entry(uow, "nothing")


def test_suggested_words_that_were_passed_on_wait_on_their_writers_screen_alone(house: House) -> None:
    entry = write(house, "s-bell", "Calm")
    asked = suggest(house, "g-amira", entry, "Afraid of his father").json
    before = screens(house, "g-amira", entry)
    with work(house) as uow:
        assert divert_entry(uow, asked["id"]).voice == "home"
    assert screens(house, "g-amira", entry) == before
    assert items(house, "s-bell")[0]["suggestions"] == []
    assert decide(house, "s-bell", asked, "agree").status_code == 404


def test_two_entries_of_one_adult_are_one_pen_afterwards(house: House) -> None:
    entry = write(house, "g-karim", "Funny")
    view = write(house, "g-amira", "Serious", audience="school")
    asked = suggest(house, "s-bell", view, "Serious at work").json
    decide(house, "g-amira", asked, "keep-both")
    with work(house) as uow:
        move_author(uow, "g-karim", "g-office")
        move_author(uow, "g-amira", "g-karim")
    assert words(house, "g-karim") == ["Funny", "Serious", "Serious at work"]
    assert change(house, "g-karim", view, "Serious indeed", "school").status_code == 200
    assert "somebody else's" in change(house, "g-karim", entry, "x").json["detail"]


def test_when_the_child_leaves_nothing_waits_any_more_and_the_page_stays(house: House) -> None:
    entry = write(house, "s-bell", "Calm")
    asked = suggest(house, "g-amira", entry, "Calm outdoors").json
    with work(house) as uow:
        end_about(uow, ["p-sam"])
        assert uow.connection.execute(sa.select(timers).where(timers.c.kind.startswith("about-me"))).all() == []
    assert "are gone" in decide(house, "s-bell", asked, "agree").json["detail"]
    assert words(house, "s-bell") == ["Calm"]


def test_an_access_pack_holds_what_the_adult_may_read_and_their_own_words_of_before(house: House) -> None:
    entry = write(house, "g-amira", "Old words")
    change(house, "g-amira", entry, "New words")
    write(house, "g-karim", "Not for her", audience="school")
    write(house, "p-sam", "A secret", audience="only-me")
    with work(house, "oakfield") as uow:
        said = [item["says"].get("Words") for item in list_held(uow, "p-sam", "g-amira")]
    assert sorted(said) == ["New words", "New words", "Old words"]


@pytest.mark.parametrize(("who", "hat"), [("g-karim", "guardian"), ("s-bell", "staff"), ("p-sam", "pupil")])
def test_the_childs_page_gets_two_strengths_and_two_lines_of_help(house: House, who: str, hat: str) -> None:
    for number in range(3):
        write(house, "s-bell", f"Strength {number}")
        write(house, "s-bell", f"Help {number}", "help")
    write(house, "g-amira", "Private", "avoid", "school")
    caller = Principal("a", "oakfield", who, hat, frozenset())
    with work(house) as uow:
        found = uow.rows(sa.union_all(*select_part(uow, caller, "p-sam")))
    assert [(row.part, row.words) for row in found] == [
        ("about-me", "Strength 0"), ("about-me", "Strength 1"),
        ("about-me-help", "Help 0"), ("about-me-help", "Help 1")]


def support(house: House, who: str, status: str, version: int = 0, reference: str = "") -> Any:
    return house.call("PUT", "/pupils/p-sam/support", who, {"status": status, "plan_reference": reference,
                                                            "areas": ["learning"]}, **{"If-Match": f'"{version}"'})


def test_support_is_said_by_leads_seen_by_few_and_tells_readers_only_how_often_to_speak(house: House) -> None:
    assert support(house, "s-bell", "ehc-plan").status_code == 404
    assert support(house, "g-amira", "ehc-plan").status_code == 404
    assert support(house, "s-office", "ehc-plan", reference="EHC 12").status_code == 200
    assert support(house, "s-dsl", "none").status_code == 412
    assert {who: house.call("GET", "/pupils/p-sam/support", who).status_code for who in (
        "g-amira", "s-bell", "s-dsl", "g-barred", "s-other", "p-sam")} == {
        "g-amira": 200, "s-bell": 200, "s-dsl": 200, "g-barred": 404, "s-other": 404, "p-sam": 404}
    support(house, "s-dsl", "none", 1)
    assert house.facts("tandem.profiles.support.described.v1") == [
        {"pupil_id": "p-sam", "reviews": "closer"}, {"pupil_id": "p-sam", "reviews": "usual"}]
    assert house.call("GET", "/pupils/p-zoe/support", "s-office").json["status"] == "none"


def new_school(house: House) -> None:
    """Sam is at Elm too: another id, with Amira, whose id is another there as well, and Karim."""
    with work(house, "elm") as uow:
        open_school(uow, "Elm School")
        uow.add(Pupil(id="p-sam2", given_name="Sam", family_name="Haddad", year_group="Year 3", upn=None,
                      status="current"))
        pairs = [a_pair("p-sam2", who, uow.now) for who in ("g-amira2", "g-karim2")]
        uow.add(*pairs)
        uow.flush()
        recompute_rights(uow, pairs, "roster", "roster")


def opened(house: House, ticket: str) -> Any:
    return house.client.get(f"/schools/oakfield/about-me/journeys/{ticket}",
                            headers=house.keys.header("it", "operator", "oakfield"))


def carry(house: House, ticket: str, who: str) -> Any:
    came = opened(house, ticket)
    assert came.status_code == 200, came.json
    return house.call("POST", "/pupils/p-sam2/about-me/arrivals", who, came.json, school="elm")


def there(house: House, who: str) -> list[tuple[str, str, str]]:
    page = house.call("GET", "/pupils/p-sam2/about-me", who, school="elm").json
    return [(one["words"], one["signature"]["voice"], one["signature"]["at"]) for section in page["sections"]
            for item in section["items"] for one in (item, *item["views"])]


def test_the_page_goes_along_with_its_voices_and_dates_and_this_school_keeps_its_own(house: House) -> None:
    entry = write(house, "s-bell", "Draws")
    decide(house, "s-bell", suggest(house, "g-karim", entry, "Paints").json, "keep-both")
    write(house, "p-sam", "I miss Gran", "signs", "school")
    write(house, "p-sam", "Not yet", "signs", "only-me")
    write(house, "g-amira", "We moved", "home", "school")
    write(house, "g-karim", "His own matter", "home", "school")
    passed = write(house, "p-sam", "Passed on", "signs")
    made = house.call("POST", TRAVEL, "g-amira", {"to_school": "elm"})
    assert made.status_code == 201
    with work(house) as uow:
        divert_entry(uow, passed["id"])
        uow.get(Pupil, "p-sam").status = "left"
    house.clock.advance(days=40)
    new_school(house)
    assert carry(house, made.json["ticket"], "g-amira2").json == {"added": 4}
    assert carry(house, made.json["ticket"], "g-amira2").json == {"added": 0}, "twice is once"
    at = "2026-11-24T09:00:00+00:00"
    assert there(house, "g-amira2") == [("Draws", "school", at), ("Paints", "home", at), ("We moved", "home", at)]
    assert there(house, "g-karim2") == [("Draws", "school", at), ("Paints", "home", at)]
    assert house.facts("tandem.profiles.aboutme.travelled.v1") == [{"pupil_id": "p-sam", "to_school": "elm"}]
    assert house.facts("tandem.profiles.aboutme.arrived.v1") == [{"pupil_id": "p-sam2", "from_school": "oakfield"}]
    used = f"/schools/oakfield/about-me/journeys/{made.json['ticket']}"
    operator = house.keys.header("it", "operator", "oakfield")
    assert house.client.post(f"{used}/used", headers=operator).status_code == 204
    assert house.client.get(used, headers=operator).status_code == 404
    assert "arrived there" in house.call("POST", f"/about-me/journeys/{made.json['id']}/withdraw",
                                         "g-amira").json["detail"]
    assert "Draws" in words(house, "s-dsl")


@pytest.mark.parametrize("forged", [
    {"from_school": "birch"}, {"to_school": "oakfield"}, {"seal": "0" * 64}, {"sealed_at": "2026-11-24T08:59:00+00:00"},
    {"words": "He is a danger"}, {"voice": "school"}, {"is_mine": True}, {"audience": "school"}, {"fewer": True}])
def test_a_page_that_is_not_to_the_letter_what_the_other_school_gave_out_is_refused(
        house: House, forged: dict[str, Any]) -> None:
    write(house, "g-karim", "Loves maps", "matters")
    write(house, "p-sam", "Soft hats", "matters")
    ticket = house.call("POST", TRAVEL, "g-amira", {"to_school": "elm"}).json["ticket"]
    new_school(house)
    came = opened(house, ticket).json
    first = {name: value for name, value in forged.items() if name in came["entries"][0]}
    entries = came["entries"][:1] if "fewer" in forged else [{**came["entries"][0], **first}, *came["entries"][1:]]
    body = {**came, **{name: value for name, value in forged.items() if name in came}, "entries": entries}
    reply = house.call("POST", "/pupils/p-sam2/about-me/arrivals", "g-amira2", body, school="elm")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/seal")
    assert there(house, "g-amira2") == []
    assert house.call("POST", "/pupils/p-sam2/about-me/arrivals", "g-amira2", came, school="elm").json == {"added": 2}


def test_a_seal_holds_for_a_while_and_for_one_trust_alone(house: House) -> None:
    write(house, "g-karim", "Loves maps", "matters")
    ticket = house.call("POST", TRAVEL, "g-amira", {"to_school": "elm"}).json["ticket"]
    new_school(house)
    came = opened(house, ticket).json
    house.clock.advance(minutes=61)
    late = house.call("POST", "/pupils/p-sam2/about-me/arrivals", "g-amira2", came, school="elm")
    assert late.status_code == 422
    assert carry(house, ticket, "g-amira2").json == {"added": 1}
    at = datetime(2026, 11, 24, tzinfo=UTC)
    said, elsewhere = ({"entries": [], "sealed_at": when} for when in (at, at.astimezone(ZoneInfo("Asia/Tokyo"))))
    assert seal_of("one", said) == seal_of("one", elsewhere) != seal_of("another", said)


def test_who_brings_the_page_later_finds_their_own_words_to_be_theirs(house: House) -> None:
    write(house, "g-karim", "Loves maps", "matters")
    write(house, "g-karim", "For school alone", "matters", "school")
    tickets = [house.call("POST", TRAVEL, who, {"to_school": "elm"}).json["ticket"] for who in ("g-amira", "g-karim")]
    new_school(house)
    assert carry(house, tickets[0], "g-amira2").json == {"added": 1}
    page = house.call("GET", "/pupils/p-sam2/about-me", "g-karim2", school="elm").json["sections"]
    assert page[1]["items"][0]["may_change"] is False
    assert carry(house, tickets[1], "g-karim2").json == {"added": 1}
    page = house.call("GET", "/pupils/p-sam2/about-me", "g-karim2", school="elm").json["sections"]
    assert [item["may_change"] for item in page[1]["items"]] == [True, True]
    assert len(there(house, "g-amira2")) == 1


def test_a_journey_can_be_taken_back_and_a_second_one_ends_the_first(house: House) -> None:
    assert house.call("POST", TRAVEL, "g-amira", {"to_school": "elm"}).status_code == 409, "nothing is there yet"
    write(house, "g-amira")
    assert house.call("POST", TRAVEL, "g-amira", {"to_school": "oakfield"}).status_code == 422
    assert house.call("POST", TRAVEL, "g-barred", {"to_school": "elm"}).status_code == 404
    first, second = (house.call("POST", TRAVEL, "g-amira", {"to_school": "elm"}).json for _ in range(2))
    operator = house.keys.header("it", "operator", "oakfield")
    assert house.client.get(f"/schools/oakfield/about-me/journeys/{first['ticket']}",
                            headers=operator).status_code == 404
    path = f"/about-me/journeys/{second['id']}/withdraw"
    assert house.call("POST", path, "g-karim").status_code == 404
    assert house.call("POST", path, "g-amira").status_code == 200
    assert house.client.get(f"/schools/oakfield/about-me/journeys/{second['ticket']}",
                            headers=operator).status_code == 404
    with work(house) as uow:
        held = uow.connection.execute(sa.text("SELECT * FROM about_journeys")).all()
    third = house.call("POST", TRAVEL, "g-amira", {"to_school": "elm"}).json
    house.call("POST", "/pupils/p-sam/guardians/g-amira/restrictions", "s-dsl", {"kind": "no contact"})
    assert house.client.get(f"/schools/oakfield/about-me/journeys/{third['ticket']}",
                            headers=operator).status_code == 404, "who may not agree any more brings nothing"
    assert not [row for row in held for value in row if value in (first["ticket"], second["ticket"])]
