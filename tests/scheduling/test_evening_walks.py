"""How long the ways are is the evening's own: said by the office, used by bookings, by plans and by the arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scheduling.house import EVENING, House, each_house, house
from tests.scheduling.test_evening_moved import move
from tests.scheduling.test_planning import close_wishes, find_published_wrongs, ground_of, make_plan, publish, wish
from tests.scheduling.test_setting_up import add, blocks, change, draft, pointers
from tests.scheduling.test_walking import HALL, NEXT_DOOR, seated, times
from tests.scheduling.test_wishes import open_plan

__all__ = ["each_house", "house"]


def test_it_is_two_minutes_and_ten_where_nothing_is_said(house: House) -> None:
    made = house.open_evening()
    assert (made["walk_room_minutes"], made["walk_site_minutes"]) == (2, 10)


@pytest.mark.parametrize(("said", "field"), [
    ({"walk_room_minutes": -1}, "/walk_room_minutes"), ({"walk_room_minutes": 31}, "/walk_room_minutes"),
    ({"walk_site_minutes": 31}, "/walk_site_minutes"), ({"walk_room_minutes": 2.5}, "/walk_room_minutes"),
    ({"walk_room_minutes": 12}, "/walk_site_minutes"),
    ({"walk_room_minutes": 0, "walk_site_minutes": -3}, "/walk_site_minutes")])
def test_ways_that_cannot_be_are_said_at_their_field(house: House, said: Any, field: str) -> None:
    assert field in pointers(house.call(house.office, "POST", "/evenings", {**EVENING, **said}))
    evening = draft(house)
    assert field in pointers(move(house, evening, **said))
    now = house.call(house.office, "GET", f"/evenings/{evening['id']}").json
    assert (now["walk_room_minutes"], now["walk_site_minutes"], now["version"]) == (2, 10, 1)


def test_a_booking_leaves_as_much_time_as_the_evening_says(each_house: House) -> None:
    house = each_house
    evening = seated(house, HALL, NEXT_DOOR)
    house.beat()
    assert house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"]).status_code == 201
    assert house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"]).status_code == 409
    changed = move(house, evening, walk_room_minutes=0)
    assert (changed.status_code, changed.json["walk_room_minutes"], changed.json["walk_site_minutes"]) == (200, 0, 10)
    assert house.facts()[-1][1]["changed"] == ["walk_room_minutes"]
    mine = house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"])
    assert mine.status_code == 201, mine.json
    assert move(house, evening, walk_room_minutes=15, walk_site_minutes=15).status_code == 200
    refused = house.move(house.guardian("mum"), mine.json, times(house, evening, "noa")["16:20"])
    assert (refused.status_code, "time to walk" in refused.json["detail"]) == (409, True)
    assert house.move(house.guardian("mum"), mine.json, times(house, evening, "noa")["16:30"]).status_code == 200


@pytest.mark.parametrize(("minutes", "apart"), [(0, 0), (15, 15)])
def test_a_plan_leaves_as_much(house: House, minutes: int, apart: int) -> None:
    evening = open_plan(house, draft=True, to="17:00", walk_room_minutes=minutes, walk_site_minutes=minutes)
    for staff, room in (("ama", "Room 1"), ("noa", "Room 2")):
        assert change(house, evening, blocks(house, evening)[staff], room=room).status_code == 200
    house.call(house.office, "POST", f"/evenings/{evening['id']}/open")
    wish(house, evening, "mum", ("mina", ["ama", "noa"]))
    close_wishes(house)
    ground = ground_of(house, evening)
    assert (ground.problem.walk_room, ground.problem.walk_site) == (minutes, minutes)
    plan = make_plan(house, evening)
    assert publish(house, plan).status_code == 200
    assert find_published_wrongs(house, ground, plan) == []
    ends, starts = sorted(item["starts_at"][14:16] for item in house.mine("mum"))
    assert int(starts) - int(ends) - 10 >= apart


def test_the_arithmetic_says_who_cannot_walk_from_room_to_room(house: House) -> None:
    evening = draft(house, to="18:00")
    first = blocks(house, evening)["ama"]
    assert change(house, evening, first, to="17:00", room="Room 1", site="Oak").status_code == 200
    for start, room, site in (("17:05", "Room 2", "Elm"), ("17:30", "Room 3", "Elm")):
        assert add(house, evening, staff_ids=["ama"], room=room, site=site, **{
            "from": start, "to": f"{start[:3]}{int(start[3:]) + 20:02}"}).status_code == 201
    path = f"/evenings/{evening['id']}/arithmetic"
    ways = [words for words in house.call(house.office, "GET", path).json["warnings"] if "to walk" in words]
    assert ways == ["Ama Osei has 5 minutes to walk to Room 2, and needs 10."]
    assert move(house, evening, walk_site_minutes=5).status_code == 200
    assert not [words for words in house.call(house.office, "GET", path).json["warnings"] if "to walk" in words]


def test_a_copy_has_the_same_ways(house: House) -> None:
    evening = draft(house, walk_room_minutes=4, walk_site_minutes=20)
    copied = house.call(house.office, "POST", f"/evenings/{evening['id']}/copy", {
        "on": "2027-01-20", "respond_by": "2027-01-10"}).json["evening"]
    assert (copied["walk_room_minutes"], copied["walk_site_minutes"]) == (4, 20)
