"""What families are told of, by the facts that letters are made from: that they answered, and where a talk is."""

from __future__ import annotations

from tests.scheduling.house import House, house
from tests.scheduling.test_wishes import body, open_plan, save

__all__ = ["house"]


def test_that_an_adult_has_answered_is_announced_once_and_not_what_they_said(house: House) -> None:
    evening = open_plan(house)
    for version, staff in enumerate((["ama"], ["noa", "ama"])):
        assert save(house, evening, "mum", body(("mina", staff)), version).status_code == 200
    assert [data for name, data in house.facts() if name == "wishes.answered"] == [
        {"evening_id": evening["id"], "guardian_id": "mum", "pupil_ids": ["leo", "mina"]}]


def test_a_room_that_changes_and_a_link_are_told_to_who_comes_and_to_nobody_else(house: House) -> None:
    evening = house.open_evening()
    path = f"/evenings/{evening['id']}/blocks"

    def sit(room: str, link: str) -> None:
        block = next(one for one in house.call(house.office, "GET", path).json["items"]
                     if one["staff"][0]["id"] == "ama")
        reply = house.call(house.office, "PUT", f"{path}/{block['id']}", {
            "from": "16:00", "to": "16:30", "slot_minutes": 10, "room": room, "link": link, "staff_ids": ["ama"],
            "ways": ["in-person", "phone", "video"]}, **{"If-Match": f'"{block["version"]}"'})
        assert reply.status_code == 200, reply.json

    sit("Room 3", "https://video.invalid/one")
    slots = house.slots(evening, "mum", "mina")["ama"]
    for who, pupil, how, slot in (("mum", "mina", "video", slots[0]), ("gran", "sam", "in-person", slots[1])):
        assert house.book(evening, who, pupil, slot, how=how, call_on="01632 960001").status_code == 201
    sit("Room 4", "https://video.invalid/two")
    told = [(name, data["guardian_id"], data.get("link"), data["place"], data["sequence"])
            for name, data in house.facts() if name.startswith("appointment.")]
    assert told == [
        ("appointment.booked", "mum", "https://video.invalid/one", "Room 3, Main hall", 0),
        ("appointment.booked", "gran", None, "Room 3, Main hall", 0),
        ("appointment.moved", "mum", "https://video.invalid/two", "Room 4, Main hall", 1),
        ("appointment.moved", "gran", None, "Room 4, Main hall", 1)]
    assert "01632" not in str(house.facts()), "a phone number is in no fact"
