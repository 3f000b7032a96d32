"""A teacher's times change, or a room is flooded: everybody keeps what can stay, and only who is touched is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import planned, publish
from tests.scheduling.test_replans import confirm, find, since
from tests.scheduling.test_setting_up import blocks, change
from tests.scheduling.test_waitlist import offers, wait, work

__all__ = ["each_house", "house"]


def published(house: House, **changes: Any) -> dict[str, Any]:
    evening, plan = planned(house, **changes)
    assert publish(house, plan).status_code == 200
    house.beat()
    return evening


def at(evening: dict[str, Any], clock: str) -> str:
    return f"{evening['on']}T{clock}:00+00:00"


def talks_with(house: House, staff: str) -> dict[str, str]:
    """When each adult has a talk with that teacher, as HH:MM, by the appointment's id."""
    house.beat()
    return {item["id"]: item["starts_at"][11:16] for who in ("mum", "dad", "gran") for item in house.mine(who)
            if item["staff"]["id"] == staff}


def slot_times(house: House, evening: dict[str, Any], staff: str) -> list[str]:
    return [slot["starts_at"][11:16] for slot in house.slots(evening, "gran", "sam")[staff]]


def test_a_block_that_is_moved_takes_its_talks_along_with_the_fewest_changes(each_house: House) -> None:
    house = each_house
    evening = published(house)
    before, others = talks_with(house, "noa"), talks_with(house, "ama")
    first = min(before.values())
    hour, minute = divmod(int(first[:2]) * 60 + int(first[3:]) + 10, 60)
    found = find(house, evening, kind="changed", block_id=blocks(house, evening)["noa"]["id"],
                 starts_at=at(evening, f"{hour:02}:{minute:02}")).json
    lost = [key for key, when in before.items() if when == first]
    measure = found["measure"]
    assert (measure["move"], measure["fall_out"], measure["unaffected_changed"]) == (len(lost), 0, 0)
    assert measure["new_slots"] == 0
    assert talks_with(house, "noa") == before, "nothing has changed yet"
    seen = len(house.facts())
    assert confirm(house, found).status_code == 200
    told = [name for name, _data in since(house, seen)]
    assert sorted(told) == ["appointment.moved"] * len(lost) + ["evening.changed"]
    after = talks_with(house, "noa")
    assert {key for key, when in after.items() if before[key] != when} == set(lost)
    assert min(slot_times(house, evening, "noa")) == f"{hour:02}:{minute:02}"
    assert blocks(house, evening)["noa"]["from"] == f"{hour:02}:{minute:02}"
    assert talks_with(house, "ama") == others


def test_talks_move_onto_times_that_were_not_there_before(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**{"to": "18:00"})
    block = blocks(house, evening)["ama"]
    assert change(house, evening, block, to="16:30").status_code == 200
    for who, pupil, number in (("mum", "mina", 0), ("gran", "sam", 1)):
        assert house.book(evening, who, pupil, house.slots(evening, who, pupil)["ama"][number]).status_code == 201
    found = find(house, evening, kind="changed", block_id=block["id"], starts_at=at(evening, "17:00"),
                 ends_at=at(evening, "17:20")).json
    assert {name: found["measure"][name] for name in ("keep", "move", "fall_out", "lost_slots", "new_slots")} == {
        "keep": 0, "move": 2, "fall_out": 0, "lost_slots": 3, "new_slots": 2}
    assert confirm(house, found).status_code == 200
    assert sorted(talks_with(house, "ama").values()) == ["17:00", "17:10"]
    assert slot_times(house, evening, "ama") == ["17:00", "17:10"]
    now = blocks(house, evening)["ama"]
    assert (now["from"], now["to"], now["places"], now["held"]) == ("17:00", "17:20", 2, 2)


def test_a_block_that_is_longer_loses_nothing_and_its_new_times_are_for_those_who_wait(each_house: House) -> None:
    house = each_house
    house.beat()
    evening = house.open_evening(**{"to": "17:00"})
    block = blocks(house, evening)["ama"]
    assert change(house, evening, block, to="16:10").status_code == 200
    [only] = house.slots(evening, "mum", "mina")["ama"]
    assert house.book(evening, "mum", "mina", only).status_code == 201
    wait(house, evening, "gran", "sam")
    found = find(house, evening, kind="changed", block_id=block["id"], ends_at=at(evening, "16:30")).json
    measure = found["measure"]
    assert (measure["new_slots"], measure["lost_slots"], measure["adults_told"], found["talks"]) == (2, 0, 0, [])
    assert confirm(house, found).status_code == 200
    work(house)
    [offer] = offers(house)
    assert offer["guardian_ids"] == ["gran"]
    assert datetime.fromisoformat(offer["starts_at"]) == datetime.fromisoformat(at(evening, "16:10"))


def test_a_shorter_block_says_who_falls_out_before_anybody_is_told(house: House) -> None:
    evening = house.open_evening()
    house.beat()
    taken = {who: house.slots(evening, who, pupil)["ama"][number] for who, pupil, number in (
        ("mum", "mina", 0), ("dad", "mina", 1), ("gran", "sam", 2))}
    for who, pupil in (("mum", "mina"), ("dad", "mina"), ("gran", "sam")):
        assert house.book(evening, who, pupil, taken[who]).status_code == 201
    found = find(house, evening, kind="changed", block_id=blocks(house, evening)["ama"]["id"],
                 ends_at=at(evening, "16:20")).json
    assert (found["measure"]["keep"], found["measure"]["fall_out"]) == (2, 1)
    seen = len(house.facts())
    confirm(house, found)
    assert [(data["guardian_id"], data["cause"]) for name, data in since(house, seen)
            if name == "appointment.cancelled"] == [("gran", "replanned")]


@pytest.mark.parametrize(("start", "end", "field"), [
    ("15:00", "16:20", "/starts_at"), ("16:20", "19:00", "/ends_at"), ("16:20", "16:10", "/ends_at"),
    ("16:00", "16:05", "/block_id"), ("16:00", "16:30", "/kind")])
def test_times_that_cannot_be_are_said_at_their_field(house: House, start: str, end: str, field: str) -> None:
    evening = house.open_evening()
    reply = find(house, evening, kind="changed", block_id=blocks(house, evening)["ama"]["id"],
                 starts_at=at(evening, start), ends_at=at(evening, end))
    assert (reply.status_code, [error["pointer"] for error in reply.json["errors"]]) == (422, [field])
    assert all(error["detail"] for error in reply.json["errors"])


@pytest.mark.parametrize(("start", "end", "field", "words"), [
    ("2026-12-10T23:00:00+00:00", "2026-12-11T00:30:00+00:00", "/ends_at", "not on the day"),
    ("2026-12-10T16:00:00", "2026-12-10T17:00:00", "/starts_at", "")])
def test_across_midnight_and_without_a_zone_no_block_is_moved(
        house: House, start: str, end: str, field: str, words: str) -> None:
    evening = house.open_evening(on="2026-12-10")
    reply = find(house, evening, kind="changed", block_id=blocks(house, evening)["ama"]["id"], starts_at=start,
                 ends_at=end)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, field)
    assert words in reply.json["errors"][0]["detail"]


def test_another_day_and_a_block_that_is_gone_are_refused(house: House) -> None:
    evening = house.open_evening()
    block = blocks(house, evening)["ama"]["id"]
    other = find(house, evening, kind="changed", block_id=block, starts_at="2026-11-27T16:00:00+00:00")
    assert other.json["errors"][0] == {"pointer": "/starts_at", "detail": "This is not on the day of the evening."}
    assert find(house, evening, kind="changed", block_id="none", starts_at=at(evening, "16:10")).status_code == 422


def test_a_colleague_who_changes_the_block_meanwhile_makes_it_be_found_anew(house: House) -> None:
    evening = house.open_evening(**{"to": "17:00"})
    block = blocks(house, evening)["ama"]
    found = find(house, evening, kind="changed", block_id=block["id"], starts_at=at(evening, "16:20")).json
    assert change(house, evening, block, to="16:50").status_code == 200
    assert confirm(house, found).status_code == 409
    assert blocks(house, evening)["ama"]["from"] == "16:00"


def with_rooms(house: House) -> dict[str, Any]:
    evening = house.open_evening(**{"to": "17:00"})
    for staff, room in (("ama", "Room 1"), ("noa", "Room 2"), ("tom", "Room 3")):
        block = blocks(house, evening)[staff]
        assert change(house, evening, block, room=room).status_code == 200
    old = house.open_evening(**{"on": "2027-01-20", "draft": True})
    assert change(house, old, blocks(house, old)["ama"], room="Library").status_code == 200
    assert change(house, old, blocks(house, old)["tom"], room="Annexe 1", site="Annexe").status_code == 200
    house.beat()
    return evening


def test_a_flooded_room_is_left_for_another_and_everybody_keeps_their_time(each_house: House) -> None:
    house = each_house
    evening = with_rooms(house)
    mine = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).json
    rung = house.book(evening, "dad", "mina", house.slots(evening, "dad", "mina")["ama"][2], how="phone").json
    other = house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["noa"][0]).json
    first = find(house, evening, kind="flooded", room="Room 1").json
    assert first["measure"]["fall_out"] == 2
    assert first["rooms"] == [{"room": "Library", "site": "", "step_free": False}], "free then, and at the same site"
    found = find(house, evening, kind="flooded", room="Room 1", to_room="Library").json
    assert {name: number for name, number in found["measure"].items() if number} == {
        "keep": 2, "relocated": 1, "adults_told": 1}
    assert found["talks"] == [{
        **found["talks"][0], "appointment_id": mine["id"], "was_at": mine["starts_at"],
        "starts_at": mine["starts_at"], "was_room": "Room 1", "room": "Library"}]
    seen = len(house.facts())
    assert confirm(house, found).status_code == 200
    facts = since(house, seen)
    assert [(name, data.get("guardian_id"), data.get("place")) for name, data in facts] == [
        ("appointment.moved", "mum", "Library, Main hall"), ("evening.changed", None, None)]
    assert facts[0][1]["starts_at"] == mine["starts_at"]
    for who, item in (("dad", rung), ("gran", other)):
        [now] = house.mine(who)
        assert (now["starts_at"], now["sequence"]) == (item["starts_at"], 0)
    assert blocks(house, evening)["ama"]["room"] == "Library"
    assert house.states(evening, "mum", "mina")[0] == "yours"


def test_a_hall_without_tables_is_left_by_the_whole_evening(house: House) -> None:
    evening = house.open_evening()
    house.beat()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    found = find(house, evening, kind="flooded", room="Main hall", to_room="Gym").json
    assert confirm(house, found).status_code == 200
    assert house.call(house.office, "GET", f"/evenings/{evening['id']}").json["place"] == "Gym"
    assert [data["place"] for name, data in house.facts() if name == "appointment.moved"] == ["Gym"]


@pytest.mark.parametrize(("more", "field"), [
    ({"to_room": "Room 2"}, "/to_room"), ({"to_room": " room  1"}, "/to_room"), ({"to_room": "x" * 121}, "/to_room")])
def test_a_room_that_is_in_use_or_flooded_itself_is_refused(house: House, more: Any, field: str) -> None:
    evening = with_rooms(house)
    reply = find(house, evening, kind="flooded", room="Room 1", **more)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, field)
    assert find(house, evening, kind="ill", staff_id="ama", to_room="Library").status_code == 422


def test_who_needs_a_room_without_steps_is_not_sent_up_the_stairs(house: House) -> None:
    evening = with_rooms(house)
    path = f"/evenings/{evening['id']}/resources"
    tag = house.call(house.office, "GET", path).json["tag"]
    line = {"kind": "step-free", "language": "", "name": "", "units": 1}
    assert house.call(house.office, "PUT", path, {"items": [line]}, **{"If-Match": f'"{tag}"'}).status_code == 200
    assert change(house, evening, blocks(house, evening)["ama"], step_free=True).status_code == 200
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    assert house.book(evening, "mum", "mina", slot, needs=["step-free"]).status_code == 201
    reply = find(house, evening, kind="flooded", room="Room 1", to_room="Library")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/to_step_free")
    found = find(house, evening, kind="flooded", room="Room 1", to_room="Library", to_step_free=True).json
    assert confirm(house, found).status_code == 200
    assert blocks(house, evening)["ama"]["step_free"] is True


def test_a_room_that_somebody_has_taken_meanwhile_is_not_used_twice(house: House) -> None:
    evening = with_rooms(house)
    found = find(house, evening, kind="flooded", room="Room 1", to_room="Library").json
    assert change(house, evening, blocks(house, evening)["tom"], room="Library").status_code == 200
    reply = confirm(house, found)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/to_room")
    assert blocks(house, evening)["ama"]["room"] == "Room 1"


@pytest.mark.parametrize(("on", "start", "end", "clock"), [
    ("2027-03-28", "2027-03-28T00:50:00+00:00", "2027-03-28T01:30:00+00:00", ("00:50", "02:30")),
    ("2027-10-31", "2027-10-30T23:50:00+00:00", "2027-10-31T02:10:00+00:00", ("00:50", "02:10"))])
def test_over_a_clock_change_times_are_instants_of_the_schools_clock(
        house: House, on: str, start: str, end: str, clock: tuple[str, str]) -> None:
    evening = house.open_evening(on=on, **{"from": "00:30", "to": "03:30"})
    block = blocks(house, evening)["ama"]
    found = find(house, evening, kind="changed", block_id=block["id"], starts_at=start, ends_at=end).json
    assert confirm(house, found).status_code == 200
    now = blocks(house, evening)["ama"]
    assert ((now["from"], now["to"]), now["starts_at"], now["ends_at"]) == (clock, start, end)


def test_a_time_that_the_clock_shows_twice_begins_no_block(house: House) -> None:
    evening = house.open_evening(on="2027-10-31", **{"from": "00:30", "to": "03:30"})
    reply = find(house, evening, kind="changed", block_id=blocks(house, evening)["ama"]["id"],
                 starts_at="2027-10-31T01:10:00+00:00")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/starts_at")
    assert "clocks go back" in reply.json["errors"][0]["detail"]


def test_a_start_that_has_gone_by_is_no_new_start(house: House) -> None:
    evening = house.open_evening(**{"to": "18:00"})
    house.clock.advance(seconds=(datetime.fromisoformat(at(evening, "16:30")) - house.clock.now()).total_seconds())
    block = blocks(house, evening)["ama"]["id"]
    reply = find(house, evening, kind="changed", block_id=block, starts_at=at(evening, "16:10"))
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/starts_at")
    longer = find(house, evening, kind="changed", block_id=block, ends_at=at(evening, "17:00")).json
    assert (longer["measure"]["lost_slots"], longer["measure"]["new_slots"]) == (6, 0), "what has been is not lost"


def test_a_teacher_whom_illness_left_none_has_times_again(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**{"to": "17:00"})
    assert confirm(house, find(house, evening, kind="ill", staff_id="ama").json).status_code == 200
    assert "ama" not in house.slots(evening, "mum", "mina")
    block = blocks(house, evening)["ama"]
    found = find(house, evening, kind="changed", block_id=block["id"], starts_at=at(evening, "16:30")).json
    assert (found["measure"]["lost_slots"], found["measure"]["new_slots"]) == (0, 3)
    assert confirm(house, found).status_code == 200
    assert slot_times(house, evening, "ama") == ["16:30", "16:40", "16:50"]
