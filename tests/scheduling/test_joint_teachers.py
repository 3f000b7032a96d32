"""Where several sit together a talk is in the diary of each: nobody is promised in two places, whoever was asked."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import close_wishes, find_published_wrongs, ground_of, make_plan, publish, wish
from tests.scheduling.test_replans import confirm, find
from tests.scheduling.test_setting_up import add, blocks, change, do, draft, pointers
from tests.scheduling.test_waitlist import offers, wait, work
from tests.scheduling.test_wishes import open_plan

__all__ = ["each_house", "house"]


def without(house: House, evening: dict[str, Any], *staff: str) -> None:
    for one in staff:
        block = blocks(house, evening)[one]
        assert house.call(house.office, "DELETE", f"/evenings/{evening['id']}/blocks/{block['id']}",
                          **{"If-Match": f'"{block["version"]}"'}).status_code == 204


def joint(house: House, **changes: Any) -> dict[str, Any]:
    """Ms Osei and Mr Bell sit together from 16:00 to 16:30; Ms Tal sits alone."""
    evening = draft(house, **changes)
    without(house, evening, "tom")
    assert change(house, evening, blocks(house, evening)["ama"], staff_ids=["ama", "tom"]).status_code == 200
    assert do(house, evening, "open").status_code == 200
    house.beat()
    return evening


def alone(house: House, **changes: Any) -> dict[str, Any]:
    """Another evening at the same time, at which Mr Bell has usual times of his own."""
    house.beat()
    return house.open_evening(**{"title": "Another evening", "class_ids": ["ash"], **changes})


def held(house: House, staff: str) -> list[str]:
    """When that member of staff has something, by the diary."""
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        rows = uow.connection.execute(sa.text(
            "SELECT starts_at FROM bookings WHERE staff_id = :staff ORDER BY starts_at"), {"staff": staff}).all()
    return [str(row.starts_at)[11:16] for row in rows]


def test_a_talk_is_in_the_diary_of_each_and_leaves_it_with_the_talk(each_house: House) -> None:
    house = each_house
    evening, other = joint(house), alone(house)
    mine = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    assert mine.status_code == 201, mine.json
    assert (held(house, "ama"), held(house, "tom")) == (["16:00"], ["16:00"])
    assert house.states(other, "mum", "leo", "tom") == ["taken", "free", "free"]
    refused = house.book(other, "mum", "leo", house.slots(other, "mum", "leo")["tom"][0])
    assert refused.status_code == 409
    house.cancel(house.guardian("mum"), mine.json)
    assert (held(house, "ama"), held(house, "tom")) == ([], [])
    assert house.states(other, "mum", "leo", "tom")[0] == "free"


def test_where_the_second_teacher_is_elsewhere_the_joint_time_is_taken(each_house: House) -> None:
    house = each_house
    evening, other = joint(house), alone(house)
    assert house.book(other, "mum", "leo", house.slots(other, "mum", "leo")["tom"][1]).status_code == 201
    assert house.states(evening, "gran", "sam") == ["free", "taken", "free"]
    refused = house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][1])
    assert (refused.status_code, "4:10pm" in refused.json["detail"].partition("free:")[2]) == (409, False)
    assert held(house, "ama") == [], "nothing of it is held"
    mine = house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][0]).json
    assert house.move(house.guardian("gran"), mine, house.slots(evening, "gran", "sam")["ama"][1]).status_code == 409
    assert house.move(house.guardian("gran"), mine, house.slots(evening, "gran", "sam")["ama"][2]).status_code == 200
    assert (held(house, "ama"), held(house, "tom")) == (["16:20"], ["16:10", "16:20"])


def test_of_two_who_want_the_second_teacher_at_once_one_has_him(each_house: House) -> None:
    house = each_house
    evening, other = joint(house), alone(house)
    wanted = [(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][0]),
              (other, "mum", "leo", house.slots(other, "mum", "leo")["tom"][0])]
    gate, replies = threading.Barrier(2), list[int]()

    def press(one: tuple[Any, ...]) -> None:
        gate.wait()
        replies.append(house.book(*one).status_code)

    threads = [threading.Thread(target=press, args=[one]) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [201, 409]
    assert held(house, "tom") == ["16:00"]


def test_a_held_itinerary_and_an_offer_hold_both(each_house: House) -> None:
    house = each_house
    evening, other = joint(house), alone(house)
    made = house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/itineraries", {
        "children": [{"pupil_id": "mina", "staff_ids": ["ama"]}]})
    assert made.status_code == 201, made.json
    assert house.states(other, "mum", "leo", "tom").count("taken") == 1
    assert house.call(house.guardian("mum"), "POST", f"/itineraries/{made.json['id']}/keep").status_code == 200
    taken = [house.book(evening, who, pupil, slot).json for who, pupil, slot in zip(
        ("dad", "gran"), ("mina", "sam"), [one for one in house.slots(evening, "gran", "sam")["ama"]
                                           if one["state"] == "free"], strict=True)]
    assert held(house, "tom") == ["16:00", "16:10", "16:20"]
    house.tell(house.let("aunt", "sam"))
    wait(house, evening, "aunt", "sam")
    house.cancel(house.guardian("dad"), taken[0])
    work(house)
    assert [one["guardian_ids"] for one in offers(house)] == [["aunt"]]
    assert held(house, "tom") == ["16:00", "16:10", "16:20"], "what is offered is held for both"


def test_a_plan_gives_nobody_a_time_at_which_one_of_them_is_elsewhere(each_house: House) -> None:
    house = each_house
    evening = open_plan(house, draft=True, to="16:30")
    without(house, evening, "tom")
    assert change(house, evening, blocks(house, evening)["ama"], staff_ids=["ama", "tom"]).status_code == 200
    do(house, evening, "open")
    other = alone(house, on=evening["on"], respond_by=evening["on"])
    wish(house, evening, "mum", ("mina", ["ama"]))
    wish(house, evening, "gran", ("sam", ["ama"]))
    close_wishes(house)
    assert house.book(other, "mum", "leo", house.slots(other, "mum", "leo")["tom"][0]).status_code == 201
    plan, ground = make_plan(house, evening), ground_of(house, evening)
    assert plan["summary"]["met"] == 2
    late = house.book(other, "mum", "leo", house.slots(other, "mum", "leo")["tom"][1])
    assert late.status_code in (201, 409)
    assert publish(house, plan).status_code == 200
    assert find_published_wrongs(house, ground, plan) == []
    times = held(house, "tom")
    assert len(times) == len(set(times))
    assert set(held(house, "ama")) <= set(times)


def test_joint_talks_move_together_when_their_times_change(each_house: House) -> None:
    house = each_house
    evening = joint(house, to="17:00")
    assert house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][0]).status_code == 201
    found = find(house, evening, kind="changed", block_id=blocks(house, evening)["ama"]["id"],
                 starts_at=f"{evening['on']}T16:30:00+00:00").json
    assert (found["measure"]["move"], found["measure"]["fall_out"]) == (1, 0)
    assert confirm(house, found).status_code == 200
    assert (held(house, "ama"), held(house, "tom")) == (["16:30"], ["16:30"])


def test_who_comes_to_sit_there_has_the_talks_that_are_booked_and_who_leaves_has_not(each_house: House) -> None:
    house = each_house
    evening = joint(house)
    house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][0])
    block = blocks(house, evening)["ama"]
    assert (block["places"], block["held"]) == (3, 1)
    assert change(house, evening, block, staff_ids=["ama"]).status_code == 200
    assert held(house, "tom") == []
    other = alone(house)
    assert house.book(other, "mum", "leo", house.slots(other, "mum", "leo")["tom"][0]).status_code == 201
    refused = change(house, evening, blocks(house, evening)["ama"], staff_ids=["ama", "kit"])
    assert refused.status_code == 200
    assert held(house, "kit") == ["16:00"]


@pytest.mark.parametrize(("first", "second"), [(["ama", "tom"], ["tom"]), (["ama"], ["kit", "ama"])])
def test_a_block_in_which_one_would_sit_twice_is_refused_with_who_it_is(
        house: House, first: list[str], second: list[str]) -> None:
    evening = draft(house)
    without(house, evening, "tom")
    assert change(house, evening, blocks(house, evening)["ama"], staff_ids=first).status_code == 200
    reply = add(house, evening, staff_ids=second)
    assert pointers(reply) == ["/staff_ids"]
    assert "is in another block then: 16:00 to 16:30." in reply.json["detail"]


def test_several_who_sit_together_are_not_at_another_evening_then(house: House) -> None:
    other = alone(house)
    evening = draft(house)
    without(house, evening, "tom")
    reply = change(house, evening, blocks(house, evening)["ama"], staff_ids=["ama", "tom"])
    assert pointers(reply) == ["/staff_ids"]
    assert "Tom Bell is in another block then: 16:00 to 16:30." in reply.json["detail"]
    do(house, other, "cancel")
    assert change(house, evening, blocks(house, evening)["ama"], staff_ids=["ama", "tom"]).status_code == 200
