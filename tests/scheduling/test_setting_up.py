"""The office sets an evening up: blocks, who is invited, a copy, changes; what cannot be is said before it is saved."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from chassis.errors import Conflict
from services.scheduling.evenings.actions import cancel_evening, lose_slots, mark_planned, replace_block_slots
from tests.scheduling.house import EVENING, House, each_house, house

__all__ = ["each_house", "house"]
BLOCK: dict[str, Any] = {"staff_ids": ["kit"], "from": "16:00", "to": "16:30", "slot_minutes": 10}


def draft(house: House, **changes: Any) -> dict[str, Any]:
    return house.open_evening(draft=True, **changes)


def blocks(house: House, evening: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The blocks of an evening by whose they are; each teacher has one in these tests."""
    reply = house.call(house.office, "GET", f"/evenings/{evening['id']}/blocks")
    return {one["staff"][0]["id"]: one for one in reply.json["items"]}


def add(house: House, evening: dict[str, Any], **changes: Any) -> Any:
    return house.call(house.office, "POST", f"/evenings/{evening['id']}/blocks", {**BLOCK, **changes})


def body_of(block: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A block as it is sent back to change it."""
    kept = ("from", "to", "slot_minutes", "gap_minutes", "run", "break_minutes", "room", "site", "step_free", "ways",
            "link", "open_to")
    return {**{name: block[name] for name in kept}, "staff_ids": [one["id"] for one in block["staff"]], **changes}


def change(house: House, evening: dict[str, Any], block: dict[str, Any], **changes: Any) -> Any:
    return house.call(house.office, "PUT", f"/evenings/{evening['id']}/blocks/{block['id']}",
                      body_of(block, **changes), **{"If-Match": f'"{block["version"]}"'})


def do(house: House, evening: dict[str, Any], what: str, body: Any = None) -> Any:
    return house.call(house.office, "POST", f"/evenings/{evening['id']}/{what}", body)


def names(house: House) -> list[str]:
    return [name for name, _ in house.facts()]


def pointers(reply: Any) -> list[str]:
    assert reply.status_code == 422, reply.json
    return [error["pointer"] for error in reply.json["errors"]]


def times(house: House, evening: dict[str, Any], guardian: str, pupil: str, teacher: str) -> list[str]:
    return [slot["starts_at"][11:16] for slot in house.slots(evening, guardian, pupil)[teacher]]


def test_a_draft_is_the_offices_alone_until_it_is_opened(house: House) -> None:
    evening = draft(house)
    assert (evening["state"], house.facts()) == ("draft", [])
    for who in (house.guardian("mum"), house.staff("ama", "teacher")):
        assert house.call(who, "GET", f"/evenings/{evening['id']}").status_code == 404
    opened = do(house, evening, "open")
    assert (opened.status_code, opened.json["state"]) == (200, "open")
    assert house.facts() == [("evening.opened", {
        "evening_id": evening["id"], "on": "2026-11-26", "respond_by": "2026-11-25", "way": "book",
        "pupil_ids": ["leo", "mina", "sam"]})]
    assert do(house, evening, "open").status_code == 409
    assert house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}").status_code == 200


@pytest.mark.parametrize(("changes", "field"), [
    ({"class_ids": [], "years": []}, "/class_ids"),
    ({"years": ["13"]}, "/years"),
    ({"pupil_ids": ["nobody"]}, "/pupil_ids"),
    ({"aims": ["rank", "rank"]}, "/aims"),
    ({"aims": ["profit"]}, "/aims/0"),
    ({"way": "lottery"}, "/way"),
    ({"on": "2027-10-31", "from": "01:30", "to": "04:00"}, "/from"),
])
def test_an_evening_that_cannot_be_is_refused_before_anything_is_saved(house: House, changes: Any, field: str) -> None:
    reply = house.call(house.office, "POST", "/evenings", {**EVENING, **changes})
    assert field in pointers(reply)
    assert house.call(house.office, "GET", "/evenings").json["items"] == []


def test_a_year_is_invited_whole_with_all_who_teach_it(house: House) -> None:
    evening = house.open_evening(class_ids=[], years=["5"])
    assert house.facts()[0][1]["pupil_ids"] == ["leo", "mina", "sam"]
    assert set(blocks(house, evening)) == {"ama", "tom", "noa"}
    invited = house.call(house.office, "GET", f"/evenings/{evening['id']}/invited").json
    assert invited == {"class_ids": [], "years": ["5"], "pupils": [], "children": 3}
    assert house.call(house.office, "GET", "/years").json == {"items": [{"year": "5", "children": 3}]}


def test_a_child_who_joins_the_year_before_it_opens_is_invited_too(house: House) -> None:
    evening = draft(house, class_ids=[], years=["5"])
    house.tell(house.state("pupil.described", "zoe", {
        "id": "zoe", "given_name": "Zoe", "family_name": "Vale", "status": "current", "class_ids": ["oak"],
        "year_group": "5"}))
    do(house, evening, "open")
    assert "zoe" in house.facts()[0][1]["pupil_ids"]


def test_more_children_than_an_evening_holds_are_refused_with_their_number(house: House) -> None:
    house.tell(*(house.state("pupil.described", f"p{number}", {
        "id": f"p{number}", "given_name": "Kim", "family_name": "Vale", "status": "current", "class_ids": [],
        "year_group": "7"}) for number in range(10_001)))
    reply = house.call(house.office, "POST", "/evenings", {**EVENING, "class_ids": [], "years": ["7"]})
    assert pointers(reply) == ["/years"]
    assert "At most 10,000 children" in reply.json["detail"]
    assert "these are 10,001" in reply.json["detail"]
    assert house.call(house.office, "GET", "/evenings").json["items"] == []


def test_of_an_open_evening_newcomers_alone_are_told_and_nobody_is_sent_away(house: House) -> None:
    evening = house.open_evening(class_ids=["oak"])
    path = f"/evenings/{evening['id']}/invited"
    more = house.call(house.office, "PUT", path, {"class_ids": ["oak"], "pupil_ids": ["leo"]}, **{"If-Match": '"1"'})
    assert [one["id"] for one in more.json["pupils"]] == ["leo"]
    assert house.facts()[-1][1]["pupil_ids"] == ["leo"]
    assert set(blocks(house, evening)) == {"ama", "noa", "tom"}
    fewer = house.call(house.office, "PUT", path, {"class_ids": ["ash"]}, **{"If-Match": '"2"'})
    assert fewer.status_code == 409
    stale = house.call(house.office, "PUT", path, {"class_ids": ["oak"]}, **{"If-Match": '"1"'})
    assert stale.status_code == 412


def test_a_block_has_its_own_times_gaps_and_breaks(house: House) -> None:
    evening = draft(house, to="18:00")
    block = blocks(house, evening)["ama"]
    changed = change(house, evening, block, **{"from": "16:30", "to": "17:40", "gap_minutes": 5, "run": 2,
                                               "break_minutes": 20, "room": "Room 12"})
    assert changed.status_code == 200, changed.json
    assert (changed.json["places"], changed.json["version"], changed.headers["ETag"]) == (4, 2, '"2"')
    do(house, evening, "open")
    assert times(house, evening, "mum", "mina", "ama") == ["16:30", "16:45", "17:15", "17:30"]
    assert times(house, evening, "mum", "mina", "noa")[0] == "16:00"


@pytest.mark.parametrize(("changes", "field"), [
    ({"slot_minutes": 0}, "/slot_minutes"), ({"slot_minutes": 61}, "/slot_minutes"),
    ({"slot_minutes": 45}, "/slot_minutes"), ({"slot_minutes": 10.5}, "/slot_minutes"),
    ({"gap_minutes": -1}, "/gap_minutes"), ({"run": 3}, "/break_minutes"), ({"break_minutes": 10}, "/run"),
    ({"break_minutes": 1000, "run": 1}, "/break_minutes"), ({"from": "15:50"}, "/from"), ({"to": "16:40"}, "/to"),
    ({"from": "16:30", "to": "16:00"}, "/to"), ({"from": "22:00", "to": "01:00"}, "/to"), ({"to": "24:10"}, "/to"),
    ({"staff_ids": []}, "/staff_ids"), ({"staff_ids": ["nobody"]}, "/staff_ids"),
    ({"staff_ids": ["ama"]}, "/staff_ids"),
    ({"staff_ids": ["kit", "tom"]}, "/staff_ids"), ({"ways": []}, "/ways"), ({"ways": ["telepathy"]}, "/ways/0"),
    ({"ways": ["video"]}, "/link"), ({"ways": ["video"], "link": "http://talk.invalid/a"}, "/link"),
    ({"link": "javascript:alert(1)"}, "/link"), ({"link": "https://office@evil.invalid/"}, "/link"),
    ({"open_to": "nobody"}, "/open_to"), ({"room": "room  12"}, "/room"), ({"room": "x" * 121}, "/room"),
])
def test_a_block_that_cannot_be_is_refused_with_words_about_the_field(house: House, changes: Any, field: str) -> None:
    evening = draft(house)
    assert change(house, evening, blocks(house, evening)["ama"], room="Room 12").status_code == 200
    before = blocks(house, evening)
    assert field in pointers(add(house, evening, **changes))
    assert blocks(house, evening) == before


def test_whose_block_it_is_and_which_room_is_said_with_the_time(house: House) -> None:
    evening = draft(house)
    change(house, evening, blocks(house, evening)["ama"], room="Room 12", **{"to": "16:20"})
    assert "Ama Osei is in another block then: 16:00 to 16:20." in add(house, evening, staff_ids=["ama"]).json["detail"]
    assert "Room 12 is in use then: 16:00 to 16:20." in add(house, evening, room="Room 12").json["detail"]
    assert add(house, evening, room="Room 12", **{"from": "16:20"}).status_code == 201
    assert add(house, evening, room="Room 12", site="Annexe", staff_ids=["ama"], **{"from": "16:20"}).status_code == 201


def test_a_room_is_not_used_by_two_evenings_at_a_time(house: House) -> None:
    first, second = draft(house), draft(house)
    change(house, first, blocks(house, first)["ama"], room="Room 12")
    assert pointers(change(house, second, blocks(house, second)["tom"], room="room 12")) == ["/room"]
    do(house, first, "cancel")
    assert change(house, second, blocks(house, second)["tom"], room="room 12").status_code == 200


def test_in_the_night_of_a_clock_change_slots_are_instants_and_skipped_times_are_refused(house: House) -> None:
    evening = draft(house, **{"on": "2027-03-28", "from": "00:30", "to": "03:30"})
    block = blocks(house, evening)["ama"]
    assert "/from" in pointers(change(house, evening, block, **{"from": "01:15"}))
    made = change(house, evening, block, **{"from": "00:40", "to": "02:20", "slot_minutes": 20})
    assert made.json["places"] == 2, "an hour of that night is not there"
    back = draft(house, **{"on": "2027-10-31", "from": "00:30", "to": "02:30"})
    assert "/to" not in pointers(change(house, back, blocks(house, back)["ama"], **{"to": "01:30"}))
    assert blocks(house, back)["ama"]["places"] == 18, "an hour of that night is there twice"


def test_joint_teachers_are_there_for_the_children_of_each(house: House) -> None:
    evening = draft(house)
    for teacher in ("tom", "noa"):
        block = blocks(house, evening)[teacher]
        gone = house.call(house.office, "DELETE", f"/evenings/{evening['id']}/blocks/{block['id']}",
                          **{"If-Match": '"1"'})
        assert gone.status_code == 204
    change(house, evening, blocks(house, evening)["ama"], staff_ids=["ama", "tom"])
    do(house, evening, "open")
    assert set(house.slots(evening, "mum", "leo")) == {"ama"}, "the times are Ms Osei's, and Mr Bell teaches Leo"
    assert [item["id"] for item in house.call(house.staff("tom", "teacher"), "GET", "/evenings").json["items"]] == [
        evening["id"]]


def test_somebody_who_is_there_for_all_sees_every_invited_family(house: House) -> None:
    evening = draft(house)
    assert add(house, evening, open_to="all").status_code == 201
    do(house, evening, "open")
    assert "kit" in house.slots(evening, "mum", "leo")


def test_two_colleagues_who_change_a_block_are_told_of_each_other(house: House) -> None:
    evening = draft(house)
    block = blocks(house, evening)["ama"]
    assert change(house, evening, block, room="12").status_code == 200
    assert change(house, evening, block, room="14").status_code == 412
    path = f"/evenings/{evening['id']}/blocks/{block['id']}"
    assert house.call(house.office, "PUT", path, body_of(block)).status_code == 422, "no version is named"
    assert house.call(house.office, "DELETE", path, **{"If-Match": '"1"'}).status_code == 412


def test_a_time_that_a_family_has_is_not_taken_by_changing_a_block(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    booked = house.slots(evening, "mum", "mina")["ama"][2]
    house.book(evening, "mum", "mina", booked)
    block, told = blocks(house, evening)["ama"], names(house)
    path = f"/evenings/{evening['id']}/blocks/{block['id']}"
    for reply in (change(house, evening, block, to="16:20"), change(house, evening, block, slot_minutes=15),
                  change(house, evening, block, staff_ids=["kit"]),
                  house.call(house.office, "DELETE", path, **{"If-Match": '"1"'})):
        assert reply.status_code == 409
        assert reply.json["detail"].startswith("A family has a time here that would be lost, so nothing was changed.")
    assert (blocks(house, evening)["ama"], names(house)) == (block, told)
    assert change(house, evening, block, **{"from": "16:10"}).status_code == 200
    assert times(house, evening, "dad", "mina", "ama") == ["16:10", "16:20"]
    assert [slot["id"] for slot in house.slots(evening, "mum", "mina")["ama"] if slot["state"] == "yours"] == [
        booked["id"]]
    assert names(house)[-1] == "evening.changed"


def test_who_has_a_time_hears_that_it_is_in_another_room(house: House) -> None:
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][1])
    change(house, evening, blocks(house, evening)["ama"], room="Room 9")
    moved = [data for name, data in house.facts() if name == "appointment.moved"]
    assert [(data["pupil_id"], data["guardian_id"], data["sequence"], data["place"]) for data in moved] == [
        ("mina", "mum", 1, "Room 9, Main hall")]


def test_another_place_is_told_to_those_who_have_a_time(house: House) -> None:
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    path = f"/evenings/{evening['id']}"
    body = {"title": "Autumn evening", "place": "Annexe", "respond_by": "2026-11-24", "aims": ["fair"]}
    changed = house.call(house.office, "PUT", path, body, **{"If-Match": '"1"'})
    assert (changed.json["place"], changed.json["version"], changed.headers["ETag"]) == ("Annexe", 2, '"2"')
    assert changed.json["aims"] == ["fair", "please-come", "rank", "waits", "trip"]
    assert [name for name, _ in house.facts()[2:]] == ["appointment.moved", "evening.changed"]
    assert house.facts()[2][1]["place"] == "Annexe"
    assert house.facts()[3][1]["changed"] == ["aims", "place", "respond_by"]
    assert house.call(house.office, "PUT", path, body, **{"If-Match": '"1"'}).status_code == 412
    assert house.call(house.office, "PUT", path, body).status_code == 422
    past = house.call(house.office, "PUT", path, {**body, "respond_by": "2026-11-23"}, **{"If-Match": '"2"'})
    assert pointers(past) == ["/respond_by"]


def test_a_cancelled_evening_gives_every_time_back_and_is_told(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(class_ids=["oak"])
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    assert do(house, evening, "cancel").json["state"] == "cancelled"
    assert [(name, data.get("cause")) for name, data in house.facts()[2:]] == [
        ("appointment.cancelled", "evening_cancelled"), ("evening.cancelled", None)]
    assert house.facts()[-1][1] == {"evening_id": evening["id"], "on": "2026-11-26", "pupil_ids": ["mina", "sam"],
                                    "staff_ids": ["ama", "noa"]}
    assert house.mine("mum") == []
    assert house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}").status_code == 404
    assert do(house, evening, "cancel").status_code == 200, "again: nothing more happens"
    assert len(house.facts()) == 4
    assert add(house, evening).status_code == do(house, evening, "open").status_code == 409


def test_an_evening_that_has_begun_is_not_cancelled(house: House) -> None:
    evening = house.open_evening()
    house.clock.advance(days=2, hours=7, minutes=1)
    assert do(house, evening, "cancel").status_code == 409
    house.clock.advance(hours=1)
    assert add(house, evening).json["detail"] == "This evening is over. Copy it to a new day instead."


def test_a_draft_that_is_cancelled_is_told_to_nobody(house: House) -> None:
    assert do(house, draft(house), "cancel").status_code == 200
    assert house.facts() == []


def test_a_time_is_not_booked_while_its_evening_is_cancelled(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    calls: list[int] = []
    book = threading.Thread(target=lambda: calls.append(house.book(evening, "mum", "mina", slot).status_code))
    with house.service.database.unit_of_work("oakfield") as uow:
        cancel_evening(uow, evening["id"])
        book.start()
        book.join(0.3)  # it gets as far as it can: it must wait for the teacher, and then ask again
    book.join()
    assert calls in ([404], [409])
    assert house.mine("mum") == []


def test_slots_that_nobody_holds_can_be_lost_and_others_stay(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slots = house.slots(evening, "mum", "mina")["ama"]
    house.book(evening, "mum", "mina", slots[1])
    block = blocks(house, evening)["ama"]
    with house.service.database.unit_of_work("oakfield") as uow:
        assert lose_slots(uow, [slot["id"] for slot in slots[:2]]) == [slots[1]["id"]]
    assert times(house, evening, "mum", "mina", "ama") == ["16:10", "16:20"]
    with house.service.database.unit_of_work("oakfield") as uow:
        assert replace_block_slots(uow, block["id"], []) == [slots[1]["id"]]
    assert times(house, evening, "mum", "mina", "ama") == ["16:10"]


def test_a_plan_is_published_of_an_evening_that_is_planned_alone(house: House) -> None:
    booked, planned = house.open_evening(), house.open_evening(way="plan")
    with house.service.database.unit_of_work("oakfield") as uow:
        assert mark_planned(uow, planned["id"], ["fair"]).state == "planned"
        with pytest.raises(Conflict):
            mark_planned(uow, booked["id"], [])


def test_a_draft_of_which_the_day_went_by_is_not_opened(house: House) -> None:
    evening = draft(house)
    house.clock.advance(days=2)
    late = do(house, evening, "open")
    assert (late.status_code, late.json["detail"]) == (409, "The day to answer by (respond_by) has gone by.")
    house.clock.advance(days=1)
    assert "Copy it to a new day" in do(house, evening, "open").json["detail"]
    assert house.facts() == []
