"""Two adults who must not meet get no times near each other, and neither can tell."""

from __future__ import annotations

import threading
from typing import Any

from services.scheduling.appointments.actions import BookSlot, book_slot
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
LONG = {"to": "17:00", "class_ids": ["oak"]}  # slots at :00, :10, :20, :30, :40, :50


def test_times_near_the_other_look_taken(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    house.tell(house.keep_apart("mum", "gran"))
    slots = house.slots(evening, "mum", "mina")["ama"]
    assert house.book(evening, "mum", "mina", slots[2]).status_code == 201
    assert house.states(evening, "gran", "sam") == ["taken"] * 5 + ["free"]
    assert house.states(evening, "gran", "sam", "noa") == house.states(evening, "gran", "sam")
    assert house.states(evening, "dad", "mina") == ["free", "free", "taken", "free", "free", "free"]


def test_a_time_that_is_too_near_is_refused_with_the_bytes_of_one_that_is_taken(house: House) -> None:
    evening = house.open_evening(**LONG)
    house.tell(house.keep_apart("mum", "gran"))
    slots = house.slots(evening, "mum", "mina")["ama"]
    house.book(evening, "mum", "mina", slots[2])
    taken, near = (house.book(evening, "gran", "sam", slots[number]) for number in (2, 3))
    assert taken.status_code == near.status_code == 409
    assert near.text.replace("4:30pm", "4:20pm") == taken.text
    assert "These are free: 4:50pm." in taken.text
    other_room = house.slots(evening, "gran", "sam")["noa"][2]
    assert "Someone took 4:20pm a moment ago." in house.book(evening, "gran", "sam", other_room).text
    assert house.book(evening, "gran", "sam", slots[5]).status_code == 201


def test_the_rule_holds_across_evenings_and_when_moving(house: House) -> None:
    first, second = house.open_evening(**LONG), house.open_evening(**{**LONG, "from": "16:05", "class_ids": ["ash"]})
    house.tell(house.keep_apart("mum", "gran"))
    house.book(first, "gran", "sam", house.slots(first, "gran", "sam")["ama"][0])
    assert house.states(second, "mum", "leo", "tom") == ["taken", "taken", "taken", "free", "free"]
    theirs = house.slots(second, "mum", "leo")["tom"]
    mine = house.book(second, "mum", "leo", theirs[3]).json
    assert house.move(house.guardian("mum"), mine, theirs[1]).status_code == 409
    assert [item["starts_at"] for item in house.mine("mum")] == [theirs[3]["starts_at"]]


def test_of_two_who_book_near_each_other_at_once_one_gets_it(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    house.tell(house.keep_apart("mum", "gran"))
    slots = house.slots(evening, "mum", "mina")
    gate, replies = threading.Barrier(2), []

    def want(guardian: str, pupil: str, slot: dict[str, Any]) -> None:
        gate.wait()
        replies.append(house.book(evening, guardian, pupil, slot).status_code)

    wishes = (("mum", "mina", slots["ama"][2]), ("gran", "sam", slots["noa"][3]))
    threads = [threading.Thread(target=want, args=wish) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [201, 409]


def test_a_pair_declared_later_releases_what_was_booked_later(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    slots = house.slots(evening, "mum", "mina")["ama"]
    house.book(evening, "mum", "mina", slots[1])
    house.clock.advance(seconds=1)
    lost = house.book(evening, "gran", "sam", slots[2]).json
    house.book(evening, "gran", "sam", slots[5])
    house.tell(house.keep_apart("mum", "gran"))
    name, data = house.facts()[-1]
    assert (name, data["appointment_id"], data["guardian_id"], data["cause"]) == (
        "appointment.cancelled", lost["id"], "gran", "office")
    assert len(house.mine("mum")) == len(house.mine("gran")) == 1
    assert house.book(evening, "gran", "sam", slots[4]).status_code == 201
    found = house.call(house.office, "GET", "/released?guardian_id=gran").json["items"]
    assert [(item["id"], item["cause"]) for item in found] == [(lost["id"], "office")]


def test_a_booking_made_while_a_pair_is_declared_does_not_survive(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    slots = house.slots(evening, "mum", "mina")["ama"]
    house.book(evening, "gran", "sam", slots[3])
    house.clock.advance(seconds=1)
    declared = threading.Thread(target=house.tell, args=(house.keep_apart("mum", "gran"),))
    with house.service.database.unit_of_work("oakfield") as uow:
        book_slot(uow, BookSlot(evening["id"], "mina", slots[2]["id"], "mum"))
        uow.flush()
        declared.start()
        declared.join(0.3)  # it gets as far as it can: it must wait for this booking, and then see it
    declared.join()
    assert [data["guardian_id"] for name, data in house.facts() if name == "appointment.cancelled"] == ["mum"]


def test_a_pair_that_has_ended_binds_nobody_and_brings_nothing_back(house: House) -> None:
    evening = house.open_evening(**LONG)
    slots = house.slots(evening, "mum", "mina")["ama"]
    house.book(evening, "mum", "mina", slots[1])
    house.book(evening, "gran", "sam", slots[2])
    house.tell(house.keep_apart("mum", "gran"), house.keep_apart("gran", "mum", "ended"))
    assert house.states(evening, "gran", "sam")[2] == "yours"
    house.tell(house.keep_apart("mum", "gran"))
    house.tell(house.keep_apart("mum", "gran", "ended"))
    assert [len(house.mine(guardian)) for guardian in ("mum", "gran")] == [1, 0]
    assert house.book(evening, "gran", "sam", slots[2]).status_code == 201


def test_an_erased_pair_and_one_that_comes_late_bind_nobody(house: House) -> None:
    old = house.keep_apart("mum", "gran")
    house.tell(house.state("keepapart.declared", "gran:mum", None))
    house.tell(old)
    evening = house.open_evening(**LONG)
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][1])
    assert house.states(evening, "gran", "sam")[2] == "free"
