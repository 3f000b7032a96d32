"""An evening is put on another day or at other hours while nobody has a time: all goes along, and all are told."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from chassis.timers import sweep
from services.scheduling.subscriptions import TIMERS
from services.scheduling.wishes.models import WishForm
from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import close_wishes, make_plan, publish, wish
from tests.scheduling.test_setting_up import add, blocks, change, do, draft, pointers
from tests.scheduling.test_wishes import body, form, open_plan, pass_days, planned, reminded, save

__all__ = ["each_house", "house"]


def move(house: House, evening: dict[str, Any], version: Any = None, **said: Any) -> Any:
    house.beat()
    now = house.call(house.office, "GET", f"/evenings/{evening['id']}").json
    kept = {name: now[name] for name in ("title", "place", "respond_by", "aims")}
    return house.call(house.office, "PUT", f"/evenings/{evening['id']}", {**kept, **said},
                      **{"If-Match": f'"{version or now["version"]}"'})


def answered(house: House, evening: dict[str, Any]) -> list[str]:
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return list(uow.all(sa.select(WishForm.guardian_id).where(WishForm.evening_id == evening["id"]).order_by(
            WishForm.guardian_id)))


def resources(house: House, evening: dict[str, Any], *lines: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/evenings/{evening['id']}/resources"
    if lines:
        tag = house.call(house.office, "GET", path).json["tag"]
        reply = house.call(house.office, "PUT", path, {"items": list(lines)}, **{"If-Match": f'"{tag}"'})
        assert reply.status_code == 200, reply.json
    return list(house.call(house.office, "GET", path).json["items"])


def line(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "bsl", "language": "", "name": name, "units": 1, **more}


def test_a_draft_goes_to_another_day_with_its_blocks_and_what_there_is(each_house: House) -> None:
    house = each_house
    evening = draft(house, to="18:00")
    assert change(house, evening, blocks(house, evening)["ama"], **{
        "from": "16:30", "to": "17:30", "run": 2, "break_minutes": 10}).status_code == 200
    resources(house, evening, line("Ms Sign"), line("Mr Hand", **{"from": "16:30", "to": "18:00"}))
    reply = move(house, evening, on="2026-12-01", **{"from": "15:30", "to": "17:00"})
    assert reply.status_code == 200, reply.json
    assert {name: reply.json[name] for name in ("on", "from", "to", "starts_at", "ends_at", "state")} == {
        "on": "2026-12-01", "from": "15:30", "to": "17:00", "starts_at": "2026-12-01T15:30:00+00:00",
        "ends_at": "2026-12-01T17:00:00+00:00", "state": "draft"}
    assert house.facts() == [], "of a draft nobody knows"
    now = blocks(house, evening)
    assert [(now[one]["from"], now[one]["to"], now[one]["places"]) for one in ("ama", "noa")] == [
        ("16:30", "17:00", 2), ("15:30", "17:00", 9)]
    assert now["ama"]["starts_at"] == "2026-12-01T16:30:00+00:00"
    assert {(one["name"], one["from"], one["to"]) for one in resources(house, evening)} == {
        ("Ms Sign", "15:30", "17:00"), ("Mr Hand", "16:30", "17:00")}
    assert do(house, evening, "open").status_code == 200
    assert {slot["starts_at"][:10] for slot in house.slots(evening, "mum", "mina")["ama"]} == {"2026-12-01"}


def test_while_wishes_are_collected_they_stay_where_they_make_sense_and_all_are_told(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama", "noa"]), earliest="16:30", elsewhere=[
        {"starts_at": f"{evening['on']}T16:00:00+00:00", "ends_at": f"{evening['on']}T16:20:00+00:00", "site": "Elm"}])
    wish(house, evening, "dad", ("mina", ["ama"]), comes="cannot")
    wish(house, evening, "gran", ("sam", ["ama"]), latest="16:10")
    seen = len(house.facts())
    reply = move(house, evening, on="2026-12-11", **{"from": "16:20", "to": "18:30"})
    assert reply.status_code == 200, reply.json
    facts = dict(house.facts()[seen:])
    assert facts["evening.changed"]["changed"] == ["from", "on", "to"]
    assert facts["evening.moved"] == {
        "evening_id": evening["id"], "was_on": evening["on"], "on": "2026-12-11",
        "starts_at": "2026-12-11T16:20:00+00:00", "ends_at": "2026-12-11T18:30:00+00:00",
        "respond_by": evening["respond_by"], "pupil_ids": ["leo", "mina", "sam"], "staff_ids": ["ama", "noa", "tom"]}
    assert len(house.facts()) == seen + 2
    assert answered(house, evening) == ["mum"], "who could not come may be able to, and 16:10 is before it begins"
    shown = form(house, evening, "mum").json
    assert (shown["comes"], shown["earliest"], shown["elsewhere"]) == ("yes", "16:30", [])
    assert [(one.guardian_id, one.staff_id) for one in planned(house, evening).wishes] == [
        ("mum", "ama"), ("mum", "noa")]
    assert save(house, evening, "gran", body(("sam", ["ama"]))).status_code == 200


def test_other_hours_of_the_same_day_leave_what_was_said_of_that_day(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "dad", ("mina", ["ama"]), comes="cannot")
    before = {slot["starts_at"]: slot["id"] for slot in house.slots(evening, "mum", "mina")["ama"]}
    assert move(house, evening, to="19:00").status_code == 200
    assert answered(house, evening) == ["dad"]
    after = {slot["starts_at"]: slot["id"] for slot in house.slots(evening, "mum", "mina")["ama"]}
    assert before.items() < after.items(), "times that are there still are the same"


def test_who_was_reminded_and_has_no_answer_any_more_is_reminded_again(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "gran", ("sam", ["ama"]), latest="16:10")
    _live_until(house, "12-02")
    first = reminded(house)
    assert first
    assert "gran" not in {one for data in first for one in data["guardian_ids"]}
    assert move(house, evening, on="2026-12-17", respond_by="2026-12-10", **{
        "from": "16:20", "to": "18:00"}).status_code == 200
    _live_until(house, "12-09")
    assert "gran" in {one for data in reminded(house)[len(first):] for one in data["guardian_ids"]}


def _live_until(house: House, day: str) -> None:
    while f"{house.clock.now():%m-%d}" < day:
        pass_days(house, 1)
        sweep(house.service.database, TIMERS)


def test_a_plan_of_the_times_before_is_not_published(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama"]))
    close_wishes(house)
    plan = make_plan(house, evening)
    today = house.clock.now().date().isoformat()
    moved = move(house, evening, on="2026-12-20", respond_by=today)
    assert moved.status_code == 200, moved.json
    house.clock.advance(days=1)
    refused = publish(house, plan, moved.json["version"])
    assert (refused.status_code, "Make it again" in refused.json["detail"]) == (409, True)
    again = make_plan(house, evening)
    assert publish(house, again).status_code == 200
    assert house.mine("mum")[0]["starts_at"][:10] == "2026-12-20"


@pytest.mark.parametrize("way", ["book", "plan"])
def test_once_families_may_have_times_the_way_to_go_is_said(house: House, way: str) -> None:
    if way == "book":
        evening = house.open_evening()
    else:
        evening = open_plan(house)
        wish(house, evening, "mum", ("mina", ["ama"]))
        close_wishes(house)
        assert publish(house, make_plan(house, evening)).status_code == 200
    seen = len(house.facts())
    for said in ({"on": "2026-12-16"}, {"to": "20:00"}):
        reply = move(house, evening, **said)
        assert reply.status_code == 409
        assert "copy it to that day and cancel this one" in reply.json["detail"]
        assert "Something changed" in reply.json["detail"]
    assert len(house.facts()) == seen


@pytest.mark.parametrize(("said", "field", "words"), [
    ({"on": "2026-11-23"}, "/on", "gone by"),
    ({"on": "2029-01-01"}, "/on", "within the next two years"),
    ({"to": "16:00"}, "/to", "later than the start"),
    ({"from": "22:00", "to": "01:00"}, "/to", "on the same day"),
    ({"on": "2027-03-28", "from": "00:30", "to": "01:30"}, "/from", "clocks go forward"),
    ({"on": "2027-10-31", "from": "00:30", "to": "01:30"}, "/from", "clocks go back"),
    ({"to": "16:05"}, "/slot_minutes", "longer than the whole evening"),
    ({"on": "2026-11-24", "from": "00:10"}, "/from", "gone by"),
    ({"respond_by": "2026-11-23"}, "/respond_by", "gone by"),
    ({"on": "2026-11-25", "respond_by": "2026-11-26"}, "/respond_by", "not be after the evening"),
    ({"from": "17:10", "to": "18:00"}, "/from", "Kit Ray: these times, 16:00 to 17:00, are outside"),
])
def test_what_cannot_be_is_said_and_all_stays(house: House, said: dict[str, Any], field: str, words: str) -> None:
    evening = draft(house, to="18:00")
    assert add(house, evening, **{"to": "17:00"}).status_code == 201
    before = house.call(house.office, "GET", f"/evenings/{evening['id']}").json
    reply = move(house, evening, **said)
    assert field in pointers(reply)
    assert words in reply.json["detail"]
    assert house.call(house.office, "GET", f"/evenings/{evening['id']}").json == before


def test_what_is_there_at_no_time_of_the_new_hours_is_named(house: House) -> None:
    evening = draft(house, to="18:00")
    resources(house, evening, line("Mr Hand", **{"from": "17:00", "to": "18:00"}))
    reply = move(house, evening, to="17:00")
    assert (pointers(reply), "Mr Hand" in reply.json["detail"]) == (["/from"], True)


def test_a_room_that_is_used_by_others_on_that_day_is_said_with_whose_it_is(house: House) -> None:
    first, second = draft(house), draft(house, on="2026-12-01")
    for evening in (first, second):
        assert change(house, evening, blocks(house, evening)["ama"], room="Room 12").status_code == 200
    reply = move(house, first, on="2026-12-01")
    assert pointers(reply) == ["/on"]
    assert "Ama Osei: Room 12 is in use then: 16:00 to 16:30." in reply.json["detail"]


def test_a_colleague_who_was_faster_is_said_and_the_same_again_changes_nothing(house: House) -> None:
    evening = draft(house)
    assert move(house, evening, version=1, to="17:00").status_code == 200
    assert move(house, evening, version=1, to="18:00").status_code == 412
    same = move(house, evening, on="2026-11-26", **{"from": "16:00", "to": "17:00"})
    assert (same.status_code, same.json["version"]) == (200, 2)


def test_the_morning_after_is_that_of_the_new_day(house: House) -> None:
    evening = open_plan(house)
    assert move(house, evening, on="2026-12-17").status_code == 200
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        due = uow.connection.execute(sa.text("SELECT due_at FROM timers WHERE kind = 'evening-over'")).scalars().all()
    assert [str(one)[:10] for one in due] == ["2026-12-18"]
