"""Nobody is given two talks that one cannot walk between: by a booking, a move, an offer or a held itinerary alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_waitlist import offers, wait, work

__all__ = ["each_house", "house"]
TABLE, HALL, NEXT_DOOR, ELM = ("", ""), ("Room 1", "Oak"), ("Room 2", "Oak"), ("Room 9", "Elm")


def seated(house: House, ama: tuple[str, str], noa: tuple[str, str], **more: Any) -> dict[str, Any]:
    """An evening of an hour in which Ms Osei and Ms Tal sit in these rooms, of these sites."""
    evening = house.open_evening(**{"to": "17:00"})
    path = f"/evenings/{evening['id']}/blocks"
    for block in house.call(house.office, "GET", path).json["items"]:
        where = {"ama": ama, "noa": noa}.get(block["staff"][0]["id"])
        if where:
            kept = {name: block[name] for name in (
                "from", "to", "slot_minutes", "gap_minutes", "run", "break_minutes", "step_free", "ways", "link",
                "open_to")}
            reply = house.call(house.office, "PUT", f"{path}/{block['id']}", {
                **kept, "staff_ids": [one["id"] for one in block["staff"]], "room": where[0], "site": where[1], **more},
                **{"If-Match": f'"{block["version"]}"'})
            assert reply.status_code == 200, reply.json
    return evening


def times(house: House, evening: dict[str, Any], teacher: str, who: str = "mum", pupil: str = "mina") -> dict[str, Any]:
    """The slots of a teacher by their time on the clock."""
    return {slot["starts_at"][11:16]: slot for slot in house.slots(evening, who, pupil)[teacher]}


@pytest.mark.parametrize(("first", "where", "at", "status"), [
    (TABLE, TABLE, "16:10", 201),  # rooms without a name are all where the evening is: nobody walks
    (HALL, NEXT_DOOR, "16:10", 409), (HALL, NEXT_DOOR, "16:20", 201),  # from room to room two minutes
    (HALL, ELM, "16:10", 409), (HALL, ELM, "16:20", 201),  # from site to site ten
])
def test_a_booking_leaves_time_to_walk(each_house: House, first: tuple[str, str], where: tuple[str, str], at: str,
                                       status: int) -> None:
    house = each_house
    evening = seated(house, first, where)
    assert house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"]).status_code == 201
    reply = house.book(evening, "mum", "mina", times(house, evening, "noa")[at])
    assert reply.status_code == status, reply.json
    if status == 409:
        assert "too close to another talk of yours" in reply.json["detail"]
        assert "4:10pm," not in reply.json["detail"].partition("These are free:")[2]
    assert house.book(evening, "dad", "mina", times(house, evening, "noa")["16:40"]).status_code == 201, "his own way"


@pytest.mark.parametrize("how", ["phone", "video"])
def test_nobody_walks_to_a_call(house: House, how: str) -> None:
    evening = seated(house, HALL, ELM, ways=["in-person", "phone", "video"], link="https://video.invalid/x")
    assert house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"]).status_code == 201
    call = house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"], how=how)
    assert call.status_code == 201, call.json


def test_a_way_is_asked_before_a_talk_as_after_one(house: House) -> None:
    evening = seated(house, HALL, ELM)
    assert house.book(evening, "mum", "mina", times(house, evening, "ama")["16:20"]).status_code == 201
    assert house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"]).status_code == 409
    assert house.book(evening, "mum", "mina", times(house, evening, "noa")["16:00"]).status_code == 201


def test_a_talk_is_moved_only_to_where_one_can_walk(house: House) -> None:
    evening = seated(house, HALL, NEXT_DOOR)
    house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"])
    later = house.book(evening, "mum", "mina", times(house, evening, "noa")["16:40"]).json
    refused = house.move(house.guardian("mum"), later, times(house, evening, "noa")["16:10"])
    assert (refused.status_code, "time to walk" in refused.json["detail"]) == (409, True)
    assert house.move(house.guardian("mum"), later, times(house, evening, "noa")["16:20"]).status_code == 200
    refused = house.move(house.office, later, times(house, evening, "noa")["16:10"])
    assert (refused.status_code, "another talk of theirs: they need time" in refused.json["detail"]) == (409, True)


def test_what_is_held_is_walked_from_too(each_house: House) -> None:
    """A held itinerary and a single booking do not get into each other's way, and the itinerary can be kept."""
    house = each_house
    evening = seated(house, HALL, NEXT_DOOR)
    held = house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/itineraries", {
        "children": [{"pupil_id": "mina", "staff_ids": ["ama"]}], "latest": "16:10"}).json
    assert [talk["starts_at"][11:16] for talk in held["talks"]] == ["16:00"]
    assert house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"]).status_code == 409
    assert house.book(evening, "mum", "mina", times(house, evening, "noa")["16:20"]).status_code == 201
    assert house.call(house.guardian("mum"), "POST", f"/itineraries/{held['id']}/keep").json["state"] == "kept"


def test_an_itinerary_leaves_time_from_what_is_booked_already(house: House) -> None:
    evening = seated(house, HALL, ELM)
    house.book(evening, "mum", "mina", times(house, evening, "ama")["16:20"])
    held = house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/itineraries", {
        "children": [{"pupil_id": "mina", "staff_ids": ["noa"]}]}).json
    assert [talk["starts_at"][11:16] for talk in held["talks"]] in (["16:00"], ["16:40"])


def test_no_time_is_offered_to_which_one_could_not_walk(house: House) -> None:
    evening = seated(house, HALL, NEXT_DOOR)
    taken = [house.book(evening, "dad", "mina", slot).json for slot in times(house, evening, "ama").values()]
    house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"])
    wait(house, evening, "mum", "mina")
    for talk in taken[:3]:
        house.cancel(house.guardian("dad"), talk)
        work(house)
    assert offers(house) == [], "16:00 and 16:20 are too close, and at 16:10 she is elsewhere"
    house.cancel(house.guardian("dad"), taken[3])
    assert [one["starts_at"][11:16] for one in offers(house)] == ["16:30"]
    shown = house.call(house.guardian("mum"), "GET", f"/offers/{offers(house)[0]['offer_id']}").json
    assert (shown["room"], shown["evening"]["place"]) == (HALL[0], evening["place"])


def test_an_appointment_says_its_room_to_who_comes_and_to_who_sits_there_alone(each_house: House) -> None:
    house = each_house
    evening = seated(house, HALL, TABLE)
    for who in ("mum", "dad"):
        house.call(house.guardian(who), "PUT", "/pupils/mina/sharing", {"shows_times": True, "together": False})
    mine = house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"]).json
    assert (mine["room"], mine["place"]) == ("Room 1", "Main hall")
    assert house.book(evening, "mum", "mina", times(house, evening, "noa")["16:20"]).json["room"] == ""
    for path in ("/appointments", "/home"):
        reply = house.call(house.guardian("mum"), "GET", path).json
        assert [item["room"] for item in reply.get("appointments", reply.get("items"))] == ["Room 1", ""]
    assert [("room" in item, item["whose"]) for item in house.mine("dad")] == [(False, "other-home")] * 2
    ama = house.staff("ama", "teacher")
    for path in ("/appointments", f"/evenings/{evening['id']}/staff/ama/appointments"):
        assert [item["room"] for item in house.call(ama, "GET", path).json["items"]] == ["Room 1"]
    moved = house.move(house.guardian("mum"), mine, times(house, evening, "ama")["16:40"])
    assert moved.json["room"] == "Room 1"
