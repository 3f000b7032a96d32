"""The school's policy: previewed by name, versioned, dated, undone."""

from __future__ import annotations

from typing import Any

from chassis.timers import sweep
from services.profiles.relationships.rules import RIGHTS, TRUST_DEFAULT
from tests.profiles.house import House
from tests.profiles.test_restrictions import KARIM, enter, rights

STRICT = {"parent": ["see", "receive"]}


def save(house: House, kinds: dict[str, Any], based_on: int, who: str = "s-dsl", **more: Any) -> Any:
    return house.call("POST", "/policy", who, {"kinds": kinds, "based_on": based_on, "reason": "Governors", **more})


def effect(house: House, kinds: dict[str, Any]) -> dict[str, tuple[list[str], list[str]]]:
    items = house.call("POST", "/policy/preview", "s-office", {"kinds": kinds}).json["items"]
    return {item["guardian"]["id"]: (item["gains"], item["loses"]) for item in items}


def test_a_preview_names_who_gains_and_who_loses_and_changes_nothing(house: House) -> None:
    loses = sorted(set(RIGHTS) - {"see", "receive"})
    assert effect(house, STRICT) == {"g-amira": ([], loses), "g-karim": ([], loses)}
    assert len(rights(house)) == 7
    house.call("PUT", KARIM, "s-office", {"kind": "grandparent", "parental_responsibility": "no", "lives_with": "no"})
    assert effect(house, {"grandparent": ["attend", "collect", "see"]}) == {"g-karim": (["see"], [])}


def test_what_was_previewed_is_what_happens_and_can_be_undone(house: House) -> None:
    expected = effect(house, STRICT)
    saved = save(house, STRICT, 0)
    assert (saved.status_code, saved.json["version"]) == (201, 1)
    assert rights(house) == {"see", "receive"}
    changed = {fact["guardian_id"]: ([], fact["lost"]) for fact in house.facts("tandem.profiles.rights.changed.v1")}
    assert changed == expected
    undone = house.call("POST", "/policy/undo", "s-dsl")
    assert (undone.json["version"], len(rights(house))) == (2, 7)
    assert [version["number"] for version in undone.json["versions"]] == [2, 1], "nothing is deleted"
    assert house.call("POST", "/policy/undo", "s-dsl").json["version"] == 3
    assert rights(house) == {"see", "receive"}, "undoing an undoing does it again"


def test_two_who_change_it_at_once_are_told(house: House) -> None:
    assert save(house, STRICT, 0).status_code == 201
    assert save(house, {}, 0).status_code == 412
    assert rights(house) == {"see", "receive"}


def test_a_version_of_a_day_to_come_is_obeyed_on_that_day(house: House) -> None:
    assert save(house, STRICT, 0, starts_on="2026-11-20").status_code == 422
    save(house, STRICT, 0, starts_on="2026-11-26")
    assert len(rights(house)) == 7
    house.clock.advance(days=2)
    assert house.call("GET", "/children", "g-karim").json["items"][0]["may"]["book"] is False
    sweep(house.service.database, house.service.timers)
    assert {fact["cause"] for fact in house.facts("tandem.profiles.rights.changed.v1")} == {"policy-changed"}
    assert rights(house) == {"see", "receive"}


def test_a_later_decision_wins_over_one_that_was_to_come(house: House) -> None:
    save(house, STRICT, 0, starts_on="2026-11-26")
    house.call("POST", "/policy/undo", "s-dsl")
    house.clock.advance(days=5)
    assert house.call("GET", "/children", "g-karim").json["items"][0]["may"]["book"] is True


def test_a_policy_never_gives_what_a_restriction_takes(house: House) -> None:
    enter(house)
    assert effect(house, {kind: list(RIGHTS) for kind in TRUST_DEFAULT}) == {}
    save(house, {kind: list(RIGHTS) for kind in TRUST_DEFAULT}, 0)
    assert rights(house) == set()


def test_the_office_looks_and_the_head_and_the_lead_decide(house: House) -> None:
    assert house.call("GET", "/policy", "s-office").json["version"] == 0
    assert save(house, STRICT, 0, "s-office").status_code == 404
    assert house.call("POST", "/policy/undo", "s-dsl").status_code == 409
    assert save(house, {"neighbour": ["see"]}, 0).status_code == 422
