"""Last year's evening on a new day, and what an evening holds by arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scheduling.house import House, house
from tests.scheduling.test_setting_up import add, blocks, change, do, draft, names, pointers

__all__ = ["house"]
NEXT_YEAR = {"on": "2027-06-10", "respond_by": "2027-06-04"}


def person(house: House, key: str, family: str, status: str, *class_ids: str) -> None:
    house.tell(house.state("staff.described", key, {
        "id": key, "given_name": key.title(), "family_name": family, "status": status, "class_ids": list(class_ids),
        "roles": ["teacher"], "email": f"{key}@example.invalid"}))


def sums(house: House, evening: dict[str, Any]) -> dict[str, Any]:
    return dict(house.call(house.office, "GET", f"/evenings/{evening['id']}/arithmetic").json)


def test_a_copy_keeps_rooms_and_rhythm_for_who_teaches_today_and_says_who_is_left_out(house: House) -> None:
    first = draft(house, aims=["fair"])
    change(house, first, blocks(house, first)["ama"], room="Room 12", run=1, break_minutes=5, **{"to": "16:25"})
    add(house, first, open_to="all", room="Room 1")
    do(house, first, "open")
    person(house, "tom", "Bell", "left", "ash")
    person(house, "eve", "Lane", "current", "ash")
    told = names(house)
    made = do(house, first, "copy", NEXT_YEAR)
    assert made.status_code == 201, made.json
    evening = made.json["evening"]
    assert (evening["state"], evening["from"], evening["class_ids"], evening["aims"][0]) == (
        "draft", "16:00", ["ash", "oak"], "fair")
    assert evening["starts_at"] == "2027-06-10T15:00:00+00:00", "the same time by the clock, in summer"
    assert made.json["left_out"] == [{"id": "tom", "given_name": "Tom", "family_name": "Bell"}]
    assert [one["id"] for one in made.json["added"]] == ["eve"]
    copied = blocks(house, evening)
    assert set(copied) == {"ama", "noa", "kit", "eve"}
    assert {name: copied["ama"][name] for name in ("room", "run", "break_minutes", "from", "to", "places")} == {
        "room": "Room 12", "run": 1, "break_minutes": 5, "from": "16:00", "to": "16:25", "places": 2}
    assert copied["kit"]["open_to"] == "all"
    assert names(house) == told, "nobody is told of a draft"


def test_of_joint_teachers_who_is_still_here_sits_there(house: House) -> None:
    first = draft(house)
    path = f"/evenings/{first['id']}/blocks/{blocks(house, first)['noa']['id']}"
    house.call(house.office, "DELETE", path, **{"If-Match": '"1"'})
    change(house, first, blocks(house, first)["ama"], staff_ids=["ama", "noa"])
    person(house, "ama", "Osei", "left", "oak")
    made = do(house, first, "copy", NEXT_YEAR).json
    assert [one["id"] for one in made["left_out"]] == ["ama"]
    assert [one["id"] for one in blocks(house, made["evening"])["noa"]["staff"]] == ["noa"]


def test_a_copy_can_invite_others(house: House) -> None:
    first = draft(house)
    made = do(house, first, "copy", {**NEXT_YEAR, "class_ids": ["ash"]}).json
    assert made["evening"]["class_ids"] == ["ash"]
    assert set(blocks(house, made["evening"])) == {"tom", "noa"}


@pytest.mark.parametrize(("body", "field"), [
    ({**NEXT_YEAR, "on": "2026-11-01"}, "/on"), ({**NEXT_YEAR, "respond_by": "2027-06-11"}, "/respond_by"),
    ({**NEXT_YEAR, "years": ["13"]}, "/years"), ({"on": "2027-06-10"}, "/respond_by"),
])
def test_a_copy_that_cannot_be_is_refused_before_anything_is_saved(house: House, body: Any, field: str) -> None:
    first = draft(house)
    assert field in pointers(do(house, first, "copy", body))
    assert len(house.call(house.office, "GET", "/evenings").json["items"]) == 1


def test_a_copy_of_nothing_is_not_there(house: House) -> None:
    assert do(house, {"id": "nowhere"}, "copy", NEXT_YEAR).status_code == 404


def test_the_arithmetic_says_places_children_breaks_and_where_it_does_not_hold(house: House) -> None:
    evening = draft(house, to="16:40")
    change(house, evening, blocks(house, evening)["ama"], **{"to": "16:10"})
    change(house, evening, blocks(house, evening)["tom"], run=1, break_minutes=10)
    found = sums(house, evening)
    rows = {one["staff"][0]["id"]: one for one in found["items"]}
    assert (rows["ama"]["places"], rows["ama"]["children"], rows["ama"]["wishes"]) == (1, 2, None)
    assert (rows["tom"]["places"], rows["tom"]["break_minutes"]) == (2, 10)
    assert (found["places"], found["children"]) == (7, 3)
    assert found["warnings"] == ["Ama Osei has 1 time and 2 children."]


def test_wishes_so_far_are_held_against_the_places(house: House) -> None:
    evening = house.open_evening(way="plan", **{"to": "16:10"})
    for guardian, pupil in (("mum", "mina"), ("gran", "sam")):
        form = house.call(house.guardian(guardian), "GET", f"/evenings/{evening['id']}/wishes")
        wished = house.call(house.guardian(guardian), "PUT", f"/evenings/{evening['id']}/wishes", {
            "comes": "yes", "how": "in-person", "children": [
                {"pupil_id": pupil, "wishes": [{"staff_id": "ama", "talk_about": ""}]}]},
            **{"If-Match": form.headers.get("ETag", '"0"')})
        assert wished.status_code == 200, wished.json
    found = sums(house, evening)
    assert found["wishes"] == 2
    assert "Ama Osei has 1 time and 2 wishes." in found["warnings"]


def test_a_child_whose_teachers_have_no_times_is_counted(house: House) -> None:
    evening = draft(house)
    for teacher in ("tom", "noa"):
        path = f"/evenings/{evening['id']}/blocks/{blocks(house, evening)[teacher]['id']}"
        house.call(house.office, "DELETE", path, **{"If-Match": '"1"'})
    assert sums(house, evening)["warnings"] == ["1 child has no teacher at this evening."]
    add(house, evening, open_to="all")
    assert sums(house, evening)["warnings"] == []


def test_a_draft_without_any_times_is_not_opened(house: House) -> None:
    evening = draft(house, class_ids=["oak"])
    for teacher in ("ama", "noa"):
        path = f"/evenings/{evening['id']}/blocks/{blocks(house, evening)[teacher]['id']}"
        house.call(house.office, "DELETE", path, **{"If-Match": '"1"'})
    refused = do(house, evening, "open")
    assert (refused.status_code, refused.json["detail"]) == (
        409, "Nobody has a time yet. Add teachers before families are told.")
