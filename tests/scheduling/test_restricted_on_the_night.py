"""A restriction that is entered during the night: that adult's screens are empty at once, nobody else's changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_feeds import feed, new_link
from tests.scheduling.test_waitlist import offers, work

__all__ = ["each_house", "house"]
DOOR = {"name": "rex", "role": "reception"}


@pytest.fixture
def night(each_house: House) -> dict[str, Any]:
    """Mum at 16:00 and Dad at 16:10 with Ms Osei about Mina; Mum at 16:20 with Mr Bell about Leo. It is two o'clock."""
    house = each_house
    house.tell(*(house.state("guardian.described", key, {
        "id": key, "given_name": key.title(), "family_name": "Vale", "status": "current"})
        for key in ("mum", "dad", "gran")))
    evening = house.open_evening()
    mina, leo = house.slots(evening, "mum", "mina"), house.slots(evening, "mum", "leo")
    for who, pupil, slot in (("mum", "mina", mina["ama"][0]), ("dad", "mina", mina["ama"][1]),
                             ("mum", "leo", leo["tom"][2])):
        assert house.book(evening, who, pupil, slot).status_code == 201
    until(house, "14:00")
    return evening


def until(house: House, clock: str) -> None:
    at = datetime.fromisoformat(f"2026-11-26T{clock}:00").replace(tzinfo=UTC)
    house.clock.advance(seconds=(at - house.clock.now()).total_seconds())
    house.beat()


def ask(house: House, who: dict[str, str], path: str) -> Any:
    reply = house.call(who, "GET", path)
    assert reply.status_code == 200, reply.json
    return reply.json


def night_of(house: House, evening: dict[str, Any], who: str) -> list[Any]:
    return list(ask(house, house.guardian(who), f"/evenings/{evening['id']}/night/mine")["items"])


def at_the_door(house: House, evening: dict[str, Any]) -> list[str]:
    who = house.staff(DOOR["name"], DOOR["role"])
    return [one["id"] for one in ask(house, who, f"/evenings/{evening['id']}/night/door")["items"]]


def sheet(house: House, evening: dict[str, Any], staff: str = "ama") -> list[tuple[str, list[str]]]:
    """A teacher's evening: who comes when, as the night's page says it; the run sheet says the same."""
    who = house.staff(staff, "teacher")
    items = ask(house, who, f"/evenings/{evening['id']}/night/desks/{staff}")["items"]
    run = ask(house, who, f"/evenings/{evening['id']}/staff/{staff}/appointments")["items"]
    assert [one["id"] for one in run] == [one["id"] for one in items]
    return [(item["starts_at"][11:16], [one["id"] for one in item["adults"]]) for item in items]


def test_all_that_names_them_goes_at_once_and_the_other_home_sees_no_difference(
        each_house: House, night: dict[str, Any]) -> None:
    house = each_house
    link, dads_link = new_link(house), new_link(house, "dad")
    until(house, "15:50")
    assert sheet(house, night) == [("16:00", ["mum"]), ("16:10", ["dad"])]
    assert at_the_door(house, night) == ["dad", "mum"]
    dads = [house.mine("dad"), night_of(house, night, "dad"), feed(house, dads_link)]
    seen = len(house.facts())
    house.tell(house.let("mum", "mina", []), house.let("mum", "leo", []))
    assert house.mine("mum") == []
    assert house.call(house.guardian("mum"), "GET", f"/evenings/{night['id']}/night/mine").status_code == 404
    assert at_the_door(house, night) == ["dad"]
    assert sheet(house, night) == [("16:10", ["dad"])]
    assert sheet(house, night, "tom") == []
    assert house.call(None, "GET", f"/feeds/{link}.ics").status_code == 404
    assert [house.mine("dad"), night_of(house, night, "dad"), feed(house, dads_link)] == dads
    told = house.facts()[seen:]
    assert sorted((name, data["guardian_id"]) for name, data in told) == [
        ("appointment.cancelled", "mum"), ("appointment.cancelled", "mum"), ("feed.ended", "mum")]
    assert house.call(house.staff("rex", "reception"), "POST", f"/evenings/{night['id']}/night/door",
                      {"guardian_id": "mum"}).status_code == 404


def test_one_child_goes_and_the_other_childs_talk_stays(each_house: House, night: dict[str, Any]) -> None:
    house = each_house
    link = new_link(house)
    until(house, "15:50")
    house.tell(house.let("mum", "mina", []))
    assert [item["pupil"]["id"] for item in house.mine("mum")] == ["leo"]
    assert [item["pupil"]["id"] for item in night_of(house, night, "mum")] == ["leo"]
    assert at_the_door(house, night) == ["dad", "mum"]
    assert (sheet(house, night), sheet(house, night, "tom")) == ([("16:10", ["dad"])], [("16:20", ["mum"])])
    assert b"Mina" not in feed(house, link)
    assert b"Leo" in feed(house, link)


def test_a_restriction_in_the_middle_of_a_talk_ends_it_for_them_alone(each_house: House, night: dict[str, Any]) -> None:
    """The teacher has begun with Mum. She is on no list after it, and Dad's talk is the next."""
    house = each_house
    until(house, "16:01")
    [mums] = [item for item in house.mine("mum") if item["pupil"]["id"] == "mina"]
    [dads] = house.mine("dad")
    assert house.call(house.staff("ama", "teacher"), "POST", f"/appointments/{mums['id']}/begin").status_code == 204
    until(house, "16:03")
    house.tell(house.let("mum", "mina", []))
    assert "mina" not in [item["pupil"]["id"] for item in night_of(house, night, "mum")]
    assert "mina" not in [item["pupil"]["id"] for item in house.mine("mum")]
    door = ask(house, house.staff("rex", "reception"), f"/evenings/{night['id']}/night/door")["items"]
    assert [one["first"]["staff"]["id"] for one in door if one["id"] == "mum"] == ["tom"]
    until(house, "16:11")
    assert house.call(house.staff("ama", "teacher"), "POST", f"/appointments/{dads['id']}/begin").status_code == 204
    assert [item["state"] for item in night_of(house, night, "dad")] == ["on"]


def test_what_is_held_or_offered_for_them_is_free_for_others(each_house: House, night: dict[str, Any]) -> None:
    house = each_house
    gran, path = house.guardian("gran"), f"/evenings/{night['id']}"
    assert house.call(house.guardian("dad"), "POST", f"{path}/pupils/mina/waiting", {
        "staff_id": "noa"}).status_code == 201
    held = house.call(gran, "POST", f"{path}/itineraries", {"children": [{"pupil_id": "sam", "staff_ids": ["ama"]}]})
    assert held.status_code == 201
    work(house)
    [offer] = offers(house)
    assert offer["guardian_ids"] == ["dad"]
    seen = len(house.facts())
    house.tell(house.let("gran", "sam", []), house.let("dad", "mina", []))
    for who, gone in (("gran", f"/itineraries/{held.json['id']}"), ("dad", f"/offers/{offer['offer_id']}")):
        there, absent = (house.call(house.guardian(who), "GET", one) for one in (gone, f"/{gone.split('/')[1]}/none"))
        assert (there.status_code, there.data) == (404, absent.data)
    assert house.call(house.guardian("dad"), "POST", f"/offers/{offer['offer_id']}/accept").status_code == 404
    assert house.call(house.guardian("dad"), "GET", "/waiting").json["items"] == []
    slots = house.slots(night, "mum", "mina")
    assert [slot["state"] for slot in slots["ama"]] == ["yours", "free", "free"]
    assert "taken" not in [slot["state"] for slot in slots["noa"]]
    assert not [data for name, data in house.facts()[seen:] if name == "offer.ended" and data["guardian_ids"]]


def test_no_time_is_offered_to_them_from_then_on_though_they_waited(each_house: House, night: dict[str, Any]) -> None:
    house = each_house
    assert house.book(night, "mum", "mina", house.slots(night, "mum", "mina")["ama"][2]).status_code in (201, 409)
    house.call(house.guardian("gran"), "POST", f"/evenings/{night['id']}/pupils/sam/waiting", {
        "staff_id": "ama", "latest": "16:10"})
    house.tell(house.let("gran", "sam", []))
    [first] = [item for item in house.mine("mum") if item["starts_at"][11:16] == "16:00"]
    assert house.cancel(house.guardian("mum"), first).status_code == 200
    work(house)
    house.tell(house.let("gran", "sam"))
    work(house)
    assert offers(house) == []
