"""The tester says what the rule enforces: now, at a day to come, and as it was known on a day gone by."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from services.profiles.relationships.rules import RIGHTS
from tests.fakes import NOW
from tests.profiles.house import House
from tests.profiles.test_restrictions import KARIM, enter


def ask(house: House, query: str, at: str = "") -> dict[str, set[str]]:
    """What each adult may do, by id, as the tester says it."""
    reply = house.call("GET", f"/tester?{query}{f'&at={quote(at)}' if at else ''}", "s-office")
    assert reply.status_code == 200, reply.json
    return {item["guardian"]["id"]: {name for name, right in item["rights"].items() if right["allowed"]}
            for item in reply.json["items"]}


def test_a_child_and_all_adults_an_adult_and_all_children_and_one_pair(house: House) -> None:
    assert set(ask(house, "pupil_id=p-sam")) == {"g-amira", "g-karim", "g-barred"}
    assert ask(house, "guardian_id=g-karim") == {"g-karim": set(RIGHTS)}
    assert ask(house, "pupil_id=p-sam&guardian_id=g-barred") == {"g-barred": set()}
    assert house.call("GET", "/tester", "s-office").status_code == 422
    assert ask(house, "pupil_id=p-nobody") == {}


def test_what_will_be_and_what_was(house: House) -> None:
    before = NOW.isoformat()
    house.clock.advance(days=1)
    found = enter(house).json["id"]
    house.clock.advance(days=1)
    during = house.clock.now().isoformat()
    house.call("POST", f"/restrictions/{found}/lifting", "s-office", {"reason": "Over."})
    house.clock.advance(days=1)
    house.call("POST", f"/restrictions/{found}/lifting/confirm", "s-dsl")
    enter(house, kind="supervised", starts_on="2026-12-24")
    house.clock.advance(days=1)
    assert ask(house, "guardian_id=g-karim", before)["g-karim"] == set(RIGHTS)
    assert ask(house, "guardian_id=g-karim", during)["g-karim"] == set()
    assert ask(house, "guardian_id=g-karim")["g-karim"] == set(RIGHTS)
    assert ask(house, "guardian_id=g-karim", "2026-12-25T10:00:00+00:00")["g-karim"] == set(RIGHTS) - {
        "attend", "collect"}
    assert ask(house, "guardian_id=g-karim", "2026-12-25T10:00:00+00:00".replace("2026-12-25", "2020-01-01")) == {}


def test_facts_of_a_pair_that_changed_are_remembered_with_who_changed_them(house: House) -> None:
    before = house.clock.now().isoformat()
    house.clock.advance(days=3)
    house.call("PUT", KARIM, "s-office", {"kind": "grandparent", "parental_responsibility": "no", "lives_with": "no"})
    assert ask(house, "guardian_id=g-karim", before)["g-karim"] == set(RIGHTS)
    assert ask(house, "guardian_id=g-karim")["g-karim"] == {"attend", "collect"}
    history = house.call("GET", f"{KARIM}/history", "s-office").json["items"]
    assert {(item["what"], item["by"]) for item in history} == {
        ("relationship", "Office Staff"), ("relationship-changed", "Office Staff")}
    assert sorted(history[0]["lost"] or history[1]["lost"]) == sorted(set(RIGHTS) - {"attend", "collect"})


@pytest.mark.parametrize("entry", [{"kind": "no contact"}, {"kind": "supervised"}, {"kind": "other", "takes": ["see"]}])
def test_the_tester_and_the_doors_agree(house: House, entry: dict[str, Any]) -> None:
    enter(house, **entry)
    sees = "see" in ask(house, "guardian_id=g-karim")["g-karim"]
    assert (house.call("GET", "/pupils/p-sam", "g-karim").status_code == 200) == sees
    assert bool(house.call("GET", "/children", "g-karim").json["items"]) == sees


def test_every_look_is_kept_for_the_head_and_the_lead_and_no_family_reads_of_it(house: House) -> None:
    ask(house, "pupil_id=p-sam")
    house.call("GET", "/pupils/p-sam/family", "s-office")
    house.call("GET", f"{KARIM}/history", "s-office")
    looks = house.call("GET", "/looks", "s-dsl").json["items"]
    assert [(look["what"], look["by"]) for look in looks] == [
        ("history", "Office Staff"), ("family", "Office Staff"), ("tester", "Office Staff")]
    assert house.call("GET", "/looks", "s-office").status_code == 404
