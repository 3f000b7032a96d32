"""What an evening cannot be, or cannot do, is answered in plain words before anything is saved.

Evenings in the past, across midnight, in the hours of a clock change and with slots of no minutes are refused in
test_evenings, those of blocks in test_setting_up, contradictory limits of a form in test_wishes.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from services.scheduling.evenings.models import Evening
from services.scheduling.people.models import ClassMember, Pupil
from services.scheduling.planning.models import Plan
from tests.chassis.test_inbox import counting
from tests.scheduling.house import EVENING, House, house
from tests.scheduling.test_planning import ask, close_wishes, make_plan, planned, publish, wish
from tests.scheduling.test_replans import find
from tests.scheduling.test_wishes import body, form, open_plan, save

__all__ = ["house"]


def count(house: House, model: Any) -> int:
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return int(uow.all(sa.select(sa.func.count()).select_from(model))[0])


def arithmetic(house: House, evening: dict[str, Any]) -> dict[str, Any]:
    return dict(house.call(house.office, "GET", f"/evenings/{evening['id']}/arithmetic").json)


def slot_of(house: House, evening: dict[str, Any], staff: str = "ama") -> str:
    return str(house.slots(evening, "mum", "mina")[staff][0]["id"])


@pytest.mark.parametrize(("changes", "field", "words"), [
    ({"on": "2026-11-23"}, "/on", "gone by"),
    ({"from": "22:00", "to": "01:00"}, "/to", "on the same day"),
    ({"from": "00:00", "to": "00:00"}, "/to", "later than the start"),
    ({"on": "2027-03-28", "from": "00:30", "to": "01:30"}, "/from", "clocks go forward"),
    ({"on": "2027-10-31", "from": "00:30", "to": "01:30"}, "/from", "clocks go back"),
    ({"slot_minutes": 0}, "/slot_minutes", "between 5 and 60"),
    ({"slot_minutes": -10}, "/slot_minutes", "between 5 and 60"),
])
@pytest.mark.parametrize("way", ["book", "plan"])
def test_an_evening_that_cannot_be_has_words_for_the_field_either_way(
        house: House, way: str, changes: Any, field: str, words: str) -> None:
    reply = house.call(house.office, "POST", "/evenings", {**EVENING, "way": way, **changes})
    assert reply.status_code == 422
    [said] = [error["detail"] for error in reply.json["errors"] if error["pointer"] == field]
    assert words in said
    assert (count(house, Evening), house.facts()) == (0, [])


@pytest.mark.parametrize(("on", "field"), [("2026-11-23", "/on"), ("2027-03-28", "/from"), ("2027-10-31", "/from")])
def test_a_copy_is_held_to_the_same(house: House, on: str, field: str) -> None:
    first = house.open_evening(**{"from": "01:00", "to": "02:30"})
    reply = house.call(house.office, "POST", f"/evenings/{first['id']}/copy", {"on": on, "respond_by": "2026-11-25"})
    assert reply.status_code == 422, reply.json
    assert field in [error["pointer"] for error in reply.json["errors"]]
    assert count(house, Evening) == 1


def test_more_wishes_than_slots_is_said_before_it_is_planned_and_the_plan_still_works(house: House) -> None:
    evening = open_plan(house, to="16:10")
    for who, pupil in (("mum", "mina"), ("dad", "mina"), ("gran", "sam")):
        wish(house, evening, who, (pupil, ["ama"]))
    said = arithmetic(house, evening)
    [load] = [item for item in said["items"] if item["staff"][0]["id"] == "ama"]
    assert (load["places"], load["wishes"]) == (1, 3)
    assert any("Ama Osei" in words for words in said["warnings"])
    close_wishes(house)
    plan = make_plan(house, evening)
    assert (plan["summary"]["met"], plan["summary"]["unmet"]) == (1, 2)
    assert publish(house, plan).status_code == 200
    codes = {}
    for who in ("mum", "dad", "gran"):
        house.beat()
        [why] = house.call(house.guardian(who), "GET", f"/evenings/{evening['id']}/why").json["wishes"]
        codes[who] = (why["is_met"], why["code"])
    assert sorted(met for met, _code in codes.values()) == [False, False, True]
    assert all(code for _met, code in codes.values())


def test_a_teacher_with_no_times_is_named_and_may_not_be_wished(house: House) -> None:
    evening = open_plan(house, draft=True)
    path = f"/evenings/{evening['id']}/blocks"
    [block] = [one for one in house.call(house.office, "GET", path).json["items"] if one["staff"][0]["id"] == "tom"]
    assert house.call(house.office, "DELETE", f"{path}/{block['id']}", **{
        "If-Match": f'"{block["version"]}"'}).status_code == 204
    [block] = [one for one in house.call(house.office, "GET", path).json["items"] if one["staff"][0]["id"] == "noa"]
    assert house.call(house.office, "DELETE", f"{path}/{block['id']}", **{
        "If-Match": f'"{block["version"]}"'}).status_code == 204
    assert "1 child has no teacher at this evening." in arithmetic(house, evening)["warnings"]
    assert house.call(house.office, "POST", f"/evenings/{evening['id']}/open").status_code == 200
    house.beat()
    reply = save(house, evening, "mum", body(("leo", ["tom"])))
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/children/0/wishes/0/staff_id")
    assert form(house, evening, "mum").json["version"] == 0


def test_an_evening_of_which_nobody_wishes_anything_has_no_plan(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", []), comes="cannot")
    close_wishes(house)
    reply = ask(house, evening)
    assert (reply.status_code, "nothing to plan" in reply.json["detail"]) == (409, True)
    assert count(house, Plan) == 0


def test_a_family_that_cannot_come_at_all_is_no_part_of_the_plan(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama"]), comes="cannot")
    wish(house, evening, "gran", ("sam", ["ama"]))
    close_wishes(house)
    plan = make_plan(house, evening)
    assert {row["guardian_id"] for one in plan["by_family"] for row in one["talks"]} == {"gran"}
    assert publish(house, plan).status_code == 200
    assert house.mine("mum") == []


def test_limits_that_leave_nothing_are_said_where_times_are_chosen(house: House) -> None:
    evening = house.open_evening()
    children = [{"pupil_id": "mina", "staff_ids": ["ama"]}]
    for limits in ({"earliest": "16:20", "latest": "16:10"}, {"earliest": "17:00"}, {"latest": "16:00"}):
        held = house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/itineraries", {
            "children": children, **limits})
        waits = house.call(house.guardian("mum"), "POST", f"/evenings/{evening['id']}/pupils/mina/waiting", {
            "staff_id": "ama", **limits})
        for reply in (held, waits):
            assert reply.status_code == 422, reply.json
            assert {error["pointer"] for error in reply.json["errors"]} <= {"/earliest", "/latest"}
            assert all(error["detail"] for error in reply.json["errors"])
    assert house.call(house.guardian("mum"), "GET", "/waiting").json["items"] == []
    assert "taken" not in house.states(evening, "gran", "sam")


def test_ten_thousand_families_take_as_many_statements_as_a_few_and_one_more_is_refused(house: House) -> None:
    few = house.open_evening(way="plan", draft=True)
    with counting(house.service.database) as for_few:
        arithmetic(house, few)
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.insert(Pupil, [{"id": f"p{number}", "given_name": "Kim", "family_name": "Vale", "status": "current",
                            "version": 1, "year_group": "7" if number else "8"} for number in range(10_001)])
        uow.insert(ClassMember, [{"class_id": f"c{number // 30}", "person_id": f"p{number}", "role": "pupil"}
                                 for number in range(10_001)])
        uow.insert(ClassMember, [{"class_id": f"c{number}", "person_id": "ama", "role": "teacher"}
                                 for number in range(334)])
    before = count(house, Evening)
    with counting(house.service.database) as for_one_more:
        reply = house.call(house.office, "POST", "/evenings", {
            **EVENING, "way": "plan", "class_ids": [], "years": ["7", "8"]})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/years")
    assert "these are 10,001" in reply.json["detail"]
    assert (count(house, Evening), len(for_one_more) <= 13) == (before, True)
    house.beat()
    evening = house.open_evening(**{"way": "plan", "class_ids": [], "years": ["7"], "draft": True})
    with counting(house.service.database) as for_many:
        said = arithmetic(house, evening)
    assert (said["children"], len(for_many)) == (10_000, len(for_few))
    assert any("Ama Osei" in words for words in said["warnings"]), "places for a handful, and ten thousand children"


def test_a_change_that_loses_nothing_or_comes_too_late_is_refused_and_nothing_is_kept(house: House) -> None:
    evening, plan = planned(house)
    assert publish(house, plan).status_code == 200
    seen = len(house.facts())
    for cause in ({"kind": "ill", "staff_id": "nobody"}, {"kind": "lost", "slot_ids": ["none"]}, {"kind": "changed"},
                  {"kind": "ill", "staff_id": "ama", "starts_at": "2026-12-11T16:00:00+00:00"}):
        reply = find(house, evening, **cause)
        assert (reply.status_code, bool(reply.json["errors"][0]["detail"])) == (422, True)
    house.clock.advance(days=20)
    assert find(house, evening, kind="ill", staff_id="ama").status_code == 409
    assert len(house.facts()) == seen
