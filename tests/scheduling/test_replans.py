"""When times are lost: the office sees the fewest changes first, and only those whose time changes are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import planned, publish

__all__ = ["each_house", "house"]


def published(house: House) -> dict[str, Any]:
    evening, plan = planned(house)
    reply = publish(house, plan)
    assert reply.status_code == 200, reply.json
    return evening


def find(house: House, evening: dict[str, Any], **cause: Any) -> Any:
    house.beat()
    return house.call(house.office, "POST", f"/evenings/{evening['id']}/replans", cause)


def confirm(house: House, found: dict[str, Any]) -> Any:
    house.beat()
    return house.call(house.office, "POST", f"/replans/{found['id']}/confirm")


def slot_at(house: House, evening: dict[str, Any], instant: str) -> str | None:
    """The slot of Ms Tal at that instant."""
    return next((slot["id"] for slot in house.slots(evening, "gran", "sam")["noa"]
                 if slot["starts_at"] == instant), None)


def since(house: House, seen: int) -> list[tuple[str, Any]]:
    return house.facts()[seen:]


def test_an_ill_teachers_talks_fall_out_and_nobody_else_is_told(each_house: House) -> None:
    house = each_house
    evening = published(house)
    before = {who: house.mine(who) for who in ("mum", "dad", "gran")}
    found = find(house, evening, kind="ill", staff_id="ama").json
    assert {name: found["measure"][name] for name in ("keep", "move", "fall_out", "unaffected_changed")} == {
        "keep": 4, "move": 0, "fall_out": 3, "unaffected_changed": 0}
    assert {who: house.mine(who) for who in before} == before  # nothing has changed yet
    seen = len(house.facts())
    assert confirm(house, found).status_code == 200
    told = [(name, data["guardian_id"], data["cause"]) for name, data in since(house, seen)]
    assert sorted(told) == [("appointment.cancelled", who, "replanned") for who in ("dad", "gran", "mum")]
    for who, items in before.items():
        house.beat()
        assert house.mine(who) == [item for item in items if item["staff"]["id"] != "ama"]
    [why] = house.call(house.guardian("dad"), "GET", f"/evenings/{evening['id']}/why").json["wishes"]
    assert (why["code"], why["is_met"]) == ("replanned", False)


def test_lost_times_move_to_free_ones_of_the_same_teacher(each_house: House) -> None:
    house = each_house
    evening = published(house)
    [lost] = [item for item in house.mine("gran") if item["staff"]["id"] == "noa"]
    gone = slot_at(house, evening, lost["starts_at"])
    found = find(house, evening, kind="lost", slot_ids=[gone]).json
    assert (found["measure"]["move"], found["measure"]["fall_out"]) == (1, 0)
    seen = len(house.facts())
    assert confirm(house, found).status_code == 200
    [(name, data)] = since(house, seen)
    assert (name, data["guardian_id"], data["sequence"]) == ("appointment.moved", "gran", 1)
    house.beat()
    now = next(item for item in house.mine("gran") if item["id"] == lost["id"])
    assert now["starts_at"] != lost["starts_at"]
    assert now["starts_at"] == found["talks"][0]["starts_at"]
    assert slot_at(house, evening, lost["starts_at"]) is None
    assert house.states(evening, "gran", "sam", "noa").count("yours") == 1


def test_an_evening_that_is_booked_is_mended_alike(each_house: House) -> None:
    house = each_house
    house.beat()
    evening = house.open_evening()
    first = house.slots(evening, "mum", "mina")["ama"][0]
    assert house.book(evening, "mum", "mina", first).status_code == 201
    found = find(house, evening, kind="lost", slot_ids=[first["id"]]).json
    assert confirm(house, found).status_code == 200
    [mine] = house.mine("mum")
    assert datetime.fromisoformat(mine["starts_at"]) > datetime.fromisoformat(first["starts_at"])


def test_a_change_meanwhile_is_refused_and_found_anew(each_house: House) -> None:
    house = each_house
    evening = published(house)
    found = find(house, evening, kind="ill", staff_id="ama").json
    [given] = [item for item in house.mine("dad") if item["staff"]["id"] == "ama"]
    assert house.cancel(house.guardian("dad"), given).status_code == 200
    reply = confirm(house, found)
    assert reply.status_code == 409
    assert "Somebody booked, changed or gave back a time" in reply.json["detail"]
    again = find(house, evening, kind="ill", staff_id="ama").json
    assert again["measure"]["fall_out"] == 2
    assert confirm(house, again).status_code == 200
    assert confirm(house, again).status_code == 409


def test_a_flooded_room_and_changed_times_are_understood(house: House) -> None:
    evening = published(house)
    flooded = find(house, evening, kind="flooded", room="Main hall", ends_at="2026-12-10T16:10:00+00:00").json
    assert flooded["measure"]["lost_slots"] == 3
    assert flooded["measure"]["unaffected_changed"] == 0


def test_what_loses_nothing_is_said_and_nothing_is_kept(house: House) -> None:
    evening = published(house)
    assert find(house, evening, kind="ill", staff_id="nobody").status_code == 422
    assert find(house, evening, kind="ill").status_code == 422
    assert find(house, evening, kind="flooded", room="The attic").status_code == 422
    assert house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/replans",
                      {"kind": "ill", "staff_id": "ama"}).status_code == 404


def test_the_same_key_finds_one_change(each_house: House) -> None:
    house = each_house
    evening = published(house)
    house.beat()
    path, key = f"/evenings/{evening['id']}/replans", {"Idempotency-Key": "once"}
    first, again = (house.call(house.office, "POST", path, {"kind": "ill", "staff_id": "ama"}, **key)
                    for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    other = house.call(house.office, "POST", path, {"kind": "ill", "staff_id": "noa"}, **key)
    assert other.status_code == 409, "another question under the same key"
    assert find(house, evening, kind="ill", staff_id="ama").json["id"] != first.json["id"], "asked anew"
