"""An interpreter whom families share has to walk from room to room like anybody: one rule for bookings, held
itineraries, offers of the waiting list and plans."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.evenings.queries import list_sat_slots
from services.scheduling.planning.units import Need, share_units
from services.scheduling.resources.rules import Taken, is_free
from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import close_wishes, find_published_wrongs, ground_of, make_plan, publish
from tests.scheduling.test_resources import offer
from tests.scheduling.test_setting_up import blocks, change
from tests.scheduling.test_waitlist import offers, wait, work
from tests.scheduling.test_walking import ELM, HALL, NEXT_DOOR, seated, times
from tests.scheduling.test_wishes import body, open_plan, save

__all__ = ["each_house", "house"]
BSL: list[dict[str, Any]] = [{"kind": "bsl", "units": 1}]


def evening_with(house: House, items: list[dict[str, Any]] = BSL, noa: tuple[str, str] = NEXT_DOOR,
                 **more: Any) -> dict[str, Any]:
    """Ms Osei sits in Room 1 and Ms Tal elsewhere, and there is one interpreter of BSL."""
    evening = seated(house, HALL, noa, **more)
    assert offer(house, evening, items).status_code == 200
    return evening


@pytest.mark.parametrize(("teacher", "noa", "at", "status"), [
    ("ama", NEXT_DOOR, "16:10", 201), ("noa", NEXT_DOOR, "16:10", 409), ("noa", NEXT_DOOR, "16:20", 201),
    ("noa", ELM, "16:10", 409), ("noa", ELM, "16:20", 201)])
def test_another_family_is_given_the_interpreter_when_there_is_time_to_walk(
        each_house: House, teacher: str, noa: tuple[str, str], at: str, status: int) -> None:
    house = each_house
    evening = evening_with(house, noa=noa)
    assert house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"], needs=["bsl"]).status_code == 201
    slots = times(house, evening, teacher, "gran", "sam")
    reply = house.book(evening, "gran", "sam", slots[at], needs=["bsl"])
    assert reply.status_code == status, reply.json
    if status == 409:
        assert reply.json["detail"] == "What was asked for (bsl) is not free at that time. Choose another time."
        assert house.book(evening, "gran", "sam", slots[at]).status_code == 201, "without one they can have it"


@pytest.mark.parametrize(("items", "need", "status"), [
    ([{"kind": "bsl", "units": 2}], "bsl", 201), ([*BSL, *BSL], "bsl", 201),
    ([{"kind": "creche", "units": 1}], "creche", 201), ([{"kind": "interpreter", "language": "Urdu", "units": 1}],
                                                         "interpreter:Urdu", 409)])
def test_a_second_one_can_come_and_what_stays_where_it_is_does_not_walk(house: House, items: Any, need: str,
                                                                       status: int) -> None:
    evening = evening_with(house, items)
    assert house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"], needs=[need]).status_code == 201
    reply = house.book(evening, "gran", "sam", times(house, evening, "noa", "gran", "sam")["16:10"], needs=[need])
    assert reply.status_code == status, reply.json


def test_no_time_is_offered_to_which_the_interpreter_could_not_walk(each_house: House) -> None:
    house = each_house
    evening = evening_with(house)
    taken = [house.book(evening, "dad", "mina", slot).json for slot in times(house, evening, "ama").values()]
    booked = house.book(evening, "mum", "mina", times(house, evening, "noa")["16:10"], needs=["bsl"])
    assert booked.status_code == 201
    assert wait(house, evening, "gran", "sam", needs=["bsl"]).status_code == 201
    for talk in taken[:3]:
        house.cancel(house.guardian("dad"), talk)
        work(house)
    assert offers(house) == [], "the interpreter is with Mina's family next door, or on the way"
    house.cancel(house.guardian("dad"), taken[3])
    work(house)
    assert [one["starts_at"][11:16] for one in offers(house)] == ["16:30"]
    accepted = house.call(house.guardian("gran"), "POST", f"/offers/{offers(house)[0]['offer_id']}/accept")
    assert accepted.status_code == 200, accepted.json


def test_a_move_leaves_the_interpreter_time_to_walk(house: House) -> None:
    evening = evening_with(house)
    house.book(evening, "mum", "mina", times(house, evening, "ama")["16:00"], needs=["bsl"])
    slots = times(house, evening, "noa", "gran", "sam")
    talk = house.book(evening, "gran", "sam", slots["16:40"], needs=["bsl"]).json
    assert house.move(house.guardian("gran"), talk, slots["16:10"]).status_code == 409
    assert house.move(house.guardian("gran"), talk, slots["16:20"]).status_code == 200


@pytest.mark.parametrize("how", ["in-person", "phone"])
def test_an_evening_in_one_go_leaves_the_interpreter_time_also_between_calls(house: House, how: str) -> None:
    evening = evening_with(house)
    house.book(evening, "gran", "sam", times(house, evening, "noa", "gran", "sam")["16:20"], needs=["bsl"])
    reply = house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/itineraries", {
        "children": [{"pupil_id": "mina", "staff_ids": ["ama", "noa"]}], "needs": ["bsl"], "how": how,
        "call_on": "01632 960 001"})
    assert reply.status_code == 201, reply.json
    talks = {talk["staff"]["id"]: talk["starts_at"][14:16] for talk in reply.json["talks"]}
    assert set(talks) == {"ama", "noa"}
    assert abs(int(talks["ama"]) - int(talks["noa"])) > 10
    assert talks["ama"] not in ("10", "20", "30"), "with Sam's family next door at 16:20"


def test_a_plan_with_an_interpreter_for_two_rooms_is_published_as_it_was_made(house: House) -> None:
    evening = open_plan(house, draft=True, to="17:00")
    for staff, room in (("ama", "Room 1"), ("noa", "Room 2")):
        assert change(house, evening, blocks(house, evening)[staff], room=room).status_code == 200
    assert offer(house, evening, BSL).status_code == 200
    house.call(house.office, "POST", f"/evenings/{evening['id']}/open")
    for who, pupil in (("mum", "mina"), ("gran", "sam")):
        assert save(house, evening, who, body((pupil, ["ama", "noa"]), needs=["bsl"])).status_code == 200
    close_wishes(house)
    ground, plan = ground_of(house, evening), make_plan(house, evening)
    assert (plan["summary"]["wishes"], plan["summary"]["met"]) == (4, 4)
    assert publish(house, plan).status_code == 200
    assert find_published_wrongs(house, ground, plan) == []
    assert sum(len(house.mine(who)) for who in ("mum", "gran")) == 4
    line = house.call(house.office, "GET", f"/evenings/{evening['id']}/resources").json["items"][0]
    assert line["used"] == 4


START = datetime.fromisoformat("2026-11-26T16:00:00+00:00")
ROOMS = (("Oak", "1"), ("Oak", "2"), ("Elm", "1"), ("", ""))


def minutes(one: Taken, other: Taken, walks: tuple[int, int]) -> int:
    if one.place == other.place or not one.place[1] or not other.place[1]:
        return 0
    return walks[0] if one.place[0] == other.place[0] else walks[1]


def can_follow(one: Taken, other: Taken, walks: tuple[int, int]) -> bool:
    return one.ends_at + timedelta(minutes=minutes(one, other, walks)) <= other.starts_at


def can_be_shared(uses: list[Taken], units: int, walks: tuple[int, int]) -> bool:
    """Whether there is any way to share these among so many units: tried one by one."""
    def place(at: int, last: tuple[Taken | None, ...]) -> bool:
        return at == len(order) or any(
            place(at + 1, (*last[:number], order[at], *last[number + 1:])) for number, before in enumerate(last)
            if before is None or can_follow(before, order[at], walks))

    order = sorted(uses, key=lambda one: (one.starts_at, one.ends_at))
    return place(0, (None,) * units)


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(ROOMS)), max_size=9), st.integers(1, 3),
       st.sampled_from([(0, 0), (2, 10), (5, 5)]))
def test_whoever_is_given_a_unit_there_is_one_that_can_be_everywhere(asked: list[tuple[int, tuple[str, str]]],
                                                                    units: int, walks: tuple[int, int]) -> None:
    taken: list[Taken] = []
    for slot, room in asked:
        at = START + timedelta(minutes=5 * slot)
        span = Taken(at, at + timedelta(minutes=5), room)
        if is_free(units, taken, span, walks):
            taken.append(span)
        else:
            assert not can_be_shared([*taken, span], units, walks), "one goes wherever one can"
    assert can_be_shared(taken, units, walks)


@pytest.mark.parametrize(("one", "other"), [("ama", "noa"), ("noa", "ama")])
def test_the_first_that_is_free_is_not_given_where_all_can_have_one_otherwise(house: House, one: str,
                                                                             other: str) -> None:
    """The first interpreter leaves at 16:20, so who is needed next door then must be there before."""
    evening = evening_with(house, [{**BSL[0], "from": "16:00", "to": "16:20"}, {**BSL[0], "from": "16:00"}])
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        slots = {(row.staff_id, f"{row.starts_at:%H:%M}"): row for row in list_sat_slots(uow, evening["id"])}
        needs = [Need(f"{who} {at}", slots[who, at].starts_at, slots[who, at].ends_at, ("bsl",), slots[who, at])
                 for who, at in ((one, "16:10"), (other, "16:10"), (other, "16:20"))]
        assert set(share_units(uow, evening["id"], needs)) == {need.talk_id for need in needs}
        more = Need("more", needs[0].starts_at, needs[0].ends_at, ("bsl",), needs[0].slot)
        assert len(share_units(uow, evening["id"], [*needs, more])) >= 2, "not all can: some still get theirs"
