"""Another time is one step, and nothing is lost on the way; and the office books for adults."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]


def booked(house: House, slot: int = 0, guardian: str = "mum") -> tuple[dict[str, Any], list[dict[str, Any]], Any]:
    """An evening, Ms Osei's slots in it, and an appointment."""
    evening = house.open_evening()
    slots = house.slots(evening, guardian, "mina")["ama"]
    return evening, slots, house.book(evening, guardian, "mina", slots[slot]).json


@pytest.mark.parametrize("who", ["mum", "office"])
def test_a_moved_appointment_is_the_same_one_at_another_time(each_house: House, who: str) -> None:
    house = each_house
    evening, slots, made = booked(house)
    reply = house.move(house.office if who == "office" else house.guardian("mum"), made, slots[2])
    assert reply.status_code == 200
    assert (reply.json["id"], reply.json["starts_at"], reply.json["sequence"]) == (
        made["id"], slots[2]["starts_at"], 1)
    assert house.states(evening, "mum", "mina") == ["free", "free", "yours"]
    name, data = house.facts()[-1]
    assert (name, data["guardian_id"], data["sequence"], data["starts_at"]) == (
        "appointment.moved", "mum", 1, slots[2]["starts_at"])
    sheet = house.call(house.staff("ama", "teacher"), "GET", f"/evenings/{evening['id']}/staff/ama/appointments").json
    assert [(item["id"], item["starts_at"]) for item in sheet["items"]] == [(made["id"], slots[2]["starts_at"])]
    assert house.cancel(house.guardian("mum"), made).json["sequence"] == 2


def test_a_taken_time_loses_nothing(each_house: House) -> None:
    house = each_house
    evening, slots, made = booked(house)
    house.book(evening, "dad", "mina", slots[1])
    reply = house.move(house.guardian("mum"), made, slots[1])
    assert reply.status_code == 409
    assert reply.json["detail"] == "Someone took 4:10pm a moment ago. These are free: 4:20pm."
    assert house.states(evening, "mum", "mina") == ["yours", "taken", "free"]
    assert [name for name, _ in house.facts()] == ["evening.opened", "appointment.booked", "appointment.booked"]


def test_a_move_to_where_one_is_changes_nothing(house: House) -> None:
    _, slots, made = booked(house)
    assert house.move(house.guardian("mum"), made, slots[0]).json["sequence"] == 0
    assert len(house.facts()) == 2


def test_nobody_moves_onto_another_appointment_of_their_own(house: House) -> None:
    evening, slots, made = booked(house)
    house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][1])
    reply = house.move(house.guardian("mum"), made, slots[1])
    assert reply.json["detail"] == "You already have an appointment at 4:10pm. These are free: 4:20pm."


def test_of_two_who_move_to_one_time_at_once_one_gets_it_and_the_other_keeps_theirs(each_house: House) -> None:
    house = each_house
    evening, slots, mums = booked(house)
    grans = house.book(evening, "gran", "sam", slots[1]).json
    gate, replies = threading.Barrier(2), []

    def want(guardian: str, appointment: Any) -> None:
        gate.wait()
        replies.append(house.move(house.guardian(guardian), appointment, slots[2]))

    threads = [threading.Thread(target=want, args=pair) for pair in (("mum", mums), ("gran", grans))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    assert len(house.mine("mum")) == len(house.mine("gran")) == 1
    assert sorted(house.states(evening, "dad", "mina")) == ["free", "taken", "taken"]


def test_what_is_not_ones_own_cannot_be_moved_nor_to_what_is_not_there(house: House) -> None:
    evening, slots, made = booked(house)
    missing = {"id": "00000000-0000-0000-0000-000000000000"}
    for who in ("dad", "gran", "barred"):
        there, absent = (house.move(house.guardian(who), one, slots[1]) for one in (made, missing))
        assert there.status_code == 404
        assert (there.data, there.headers["Content-Type"]) == (absent.data, absent.headers["Content-Type"])
    other_teacher = house.slots(evening, "mum", "mina")["noa"][1]
    assert house.move(house.guardian("mum"), made, other_teacher).status_code == 404
    house.cancel(house.guardian("mum"), made)
    assert house.move(house.guardian("mum"), made, slots[1]).status_code == 404


def test_what_has_begun_or_waits_for_rights_is_not_moved(house: House) -> None:
    _, slots, made = booked(house)
    house.clock.advance(seconds=61)
    assert house.move(house.guardian("mum"), made, slots[1]).status_code == 503
    house.clock.advance(days=2, hours=7)
    house.beat()
    assert house.move(house.guardian("mum"), made, slots[1]).status_code == 409


def test_the_office_books_and_cancels_for_an_adult_who_may(house: House) -> None:
    evening = house.open_evening()
    slots = house.slots(evening, "mum", "mina")["ama"]
    path = f"/evenings/{evening['id']}/pupils/mina/appointments"
    assert house.call(house.office, "POST", path, {"slot_id": slots[0]["id"]}).status_code == 422
    for nobody in ("barred", "gran", "nobody"):
        reply = house.call(house.office, "POST", path, {"slot_id": slots[0]["id"], "guardian_id": nobody})
        assert reply.status_code == 404
    made = house.call(house.office, "POST", path, {"slot_id": slots[0]["id"], "guardian_id": "mum"})
    assert made.status_code == 201
    assert [item["id"] for item in house.mine("mum")] == [made.json["id"]]
    assert house.states(evening, "mum", "mina")[0] == "yours"
    seen = house.call(house.office, "GET", f"/evenings/{evening['id']}/pupils/mina/slots?guardian_id=mum").json
    assert next(one for one in seen["staff"] if one["id"] == "ama")["slots"][0]["state"] == "yours"
    assert house.cancel(house.office, made.json).json["state"] == "cancelled"
    assert house.facts()[-1][1]["cause"] == "office"


def test_an_adult_books_for_nobody_else(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    assert house.book(evening, "mum", "mina", slot, guardian_id="dad").status_code == 404
    assert house.book(evening, "mum", "mina", slot, guardian_id="mum").status_code == 201
    assert house.mine("dad") == []


def test_the_office_finds_what_was_released_and_books_again(house: House) -> None:
    evening, slots, made = booked(house)
    house.tell(house.let("mum", "mina", []))
    found = house.call(house.office, "GET", "/released?pupil_id=mina&guardian_id=mum").json["items"]
    assert [(item["id"], item["cause"], item["guardian_id"]) for item in found] == [(made["id"], "right_ended", "mum")]
    assert found[0]["released_at"] == house.clock.now().isoformat()
    assert house.call(house.office, "GET", "/released?pupil_id=leo").json["items"] == []
    for who in (house.staff("noa", "head"), house.staff("noa", "dsl")):
        assert len(house.call(who, "GET", "/released").json["items"]) == 1
    for stranger in (house.staff("ama", "teacher"), house.guardian("mum"), house.guardian("dad")):
        assert house.call(stranger, "GET", "/released").status_code == 404
    house.tell(house.let("mum", "mina"))
    assert house.mine("mum") == []
    again = house.call(house.office, "POST", f"/evenings/{evening['id']}/pupils/mina/appointments", {
        "slot_id": slots[0]["id"], "guardian_id": "mum"})
    assert again.status_code == 201


def test_released_appointments_come_in_pages(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    for guardian in ("mum", "dad"):
        assert house.book(evening, guardian, "mina", slot).status_code == 201
        house.tell(house.let(guardian, "mina", []))
    first = house.call(house.office, "GET", "/released?limit=1").json
    rest = house.call(house.office, "GET", f"/released?limit=1&after={first['after']}").json
    assert {first["items"][0]["guardian_id"], rest["items"][0]["guardian_id"]} == {"mum", "dad"}
    assert rest["after"] is None
