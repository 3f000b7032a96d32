"""Plans of evenings: wishes become a whole timetable, the office looks at it, and publishing makes it everybody's."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.timers import sweep
from services.scheduling.planning.building import Ground, build_ground
from services.scheduling.planning.models import Plan, PlanWish
from services.scheduling.solver.plan import Talk
from services.scheduling.wiring import build
from tests.scheduling.house import House, each_house, house
from tests.scheduling.solver.checker import find_wrongs
from tests.scheduling.test_wishes import body, mark, open_plan, save

__all__ = ["each_house", "house"]


def work(house: House) -> None:
    """What the worker does: its deadlines, then its labours."""
    house.beat()
    sweep(house.service.database, house.service.timers)
    for labour in house.service.labours:
        labour()


def wish(house: House, evening: dict[str, Any], who: str, *children: Any, **more: Any) -> None:
    house.beat()
    reply = save(house, evening, who, body(*children, **more))
    assert reply.status_code == 200, reply.json


def ask(house: House, evening: dict[str, Any], **wanted: Any) -> Any:
    return house.call(house.office, "POST", f"/evenings/{evening['id']}/plans", wanted)


def make_plan(house: House, evening: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    """The whole plan, made by the worker."""
    house.beat()
    reply = ask(house, evening, **{"seed": 1, "budget_s": 1, **wanted})
    assert reply.status_code == 201, reply.json
    work(house)
    return show(house, reply.json["id"])


def show(house: House, plan_id: str) -> dict[str, Any]:
    reply = house.call(house.office, "GET", f"/plans/{plan_id}")
    assert reply.status_code == 200, reply.json
    return dict(reply.json)


def publish(house: House, plan: dict[str, Any], version: int | None = None) -> Any:
    house.beat()
    return house.call(house.office, "POST", f"/plans/{plan['id']}/publish",
                      **{"If-Match": f'"{version or plan["evening_version"]}"'})


def close_wishes(house: House) -> None:
    """The last day for wishes is over."""
    house.clock.advance(days=10)
    house.beat()


def planned(house: House, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An evening with the wishes of three families, and its plan."""
    evening = open_plan(house, **changes)
    wish(house, evening, "mum", ("mina", ["ama", "noa"]), ("leo", ["tom", "noa"]))
    wish(house, evening, "dad", ("mina", ["ama"]))
    wish(house, evening, "gran", ("sam", ["ama", "noa"]))
    close_wishes(house)
    return evening, make_plan(house, evening)


def ground_of(house: House, evening: dict[str, Any]) -> Ground:
    """What a plan is made from now."""
    house.beat()
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return build_ground(uow, evening["id"], evening["aims"])


def find_published_wrongs(house: House, ground: Ground, plan: dict[str, Any]) -> list[str]:
    """What the checker says of the talks that were published."""
    desks = {slot.id: (desk, slot) for desk in ground.problem.desks for slot in desk.slots}
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        rows = uow.all(sa.select(PlanWish).where(
            PlanWish.plan_id == plan["id"], PlanWish.appointment_id.is_not(None)))
        met = {row.wish_id: row.slot_ids for row in rows}
    assert met
    talks = [Talk(key, tuple(met[key]), desks[met[key][0]][1].start, desks[met[key][-1]][1].end,
                  desks[met[key][0]][0].id) for key in ground.groups if key in met]
    return find_wrongs(ground.problem, talks)


def crowd(house: House, number: int) -> list[tuple[str, str]]:
    """More families: (adult, child), all taught by Ms Osei and Ms Tal."""
    pairs = [(f"adult{one:02}", f"child{one:02}") for one in range(number)]
    house.tell(*(house.state("pupil.described", child, {
        "id": child, "given_name": child.title(), "family_name": "Vale", "status": "current", "class_ids": ["oak"],
        "year_group": "5"}) for _adult, child in pairs), *(house.let(adult, child) for adult, child in pairs))
    return pairs


def full_house(house: House) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Twelve times of each teacher, and sixteen families who want two each."""
    pairs = crowd(house, 16)
    evening = open_plan(house)
    for adult, child in pairs:
        wish(house, evening, adult, (child, ["noa", "ama"]))
    return evening, pairs


def test_wishes_become_appointments_and_each_adult_is_told_once(each_house: House) -> None:
    house = each_house
    evening, plan = planned(house)
    ground = ground_of(house, evening)
    assert plan["state"] == "ready", plan["summary"]
    assert (plan["summary"]["wishes"], plan["summary"]["met"]) == (7, 7)
    assert {one["id"]: len(one["talks"]) for one in plan["by_teacher"]} == {"ama": 3, "noa": 3, "tom": 1}
    assert {adult["id"] for row in plan["by_family"] for talk in row["talks"] for adult in talk["adults"]} == {
        "mum", "dad", "gran"}
    seen = len(house.facts())
    reply = publish(house, plan)
    assert (reply.status_code, reply.json["state"]) == (200, "published")
    assert [len(house.mine(who)) for who in ("mum", "dad", "gran")] == [4, 1, 2]
    facts = house.facts()[seen:]
    assert [data["planned"] for name, data in facts if name == "appointment.booked"] == [True] * 7
    told = {data["guardian_id"]: (data["pupil_ids"], len(data["talks"]))
            for name, data in facts if name == "itinerary.planned"}
    assert told == {"mum": (["leo", "mina"], 4), "dad": (["mina"], 1), "gran": (["sam"], 2)}
    assert [data["staff_ids"] for name, data in facts if name == "plan.published"] == [["ama", "noa", "tom"]]
    assert len(facts) == 11
    assert find_published_wrongs(house, ground, plan) == []
    house.beat()
    seen_now = house.call(house.office, "GET", f"/evenings/{evening['id']}").json
    assert (seen_now["state"], seen_now["version"] > evening["version"]) == ("planned", True)


def test_a_full_evening_says_why_to_each_alone(house: House) -> None:
    evening, pairs = full_house(house)
    assert mark(house, evening, "noa:child15", "please-come").status_code == 200
    close_wishes(house)
    plan = make_plan(house, evening)
    assert (plan["summary"]["met"], plan["summary"]["unmet"]) == (24, 8)
    assert plan["summary"]["families_with_none"] == 0
    ground = ground_of(house, evening)
    publish(house, plan)
    assert find_published_wrongs(house, ground, plan) == []
    codes = set()
    for adult, child in pairs:
        house.beat()
        reply = house.call(house.guardian(adult), "GET", f"/evenings/{evening['id']}/why")
        assert [other for _adult, other in pairs if other in reply.text] == [child]
        codes |= {one["code"] for one in reply.json["wishes"] if not one["is_met"]}
        held = {item["starts_at"] for item in house.mine(adult)}
        assert {one["starts_at"] for one in reply.json["wishes"] if one["is_met"]} == held
    assert codes <= {"teacher-full", "gave-way-please-come"}
    assert house.call(house.guardian("gran"), "GET", f"/evenings/{evening['id']}/why").json["wishes"] == []
    asked = house.call(house.guardian("adult15"), "GET", f"/evenings/{evening['id']}/why").json["wishes"]
    assert all(one["is_met"] for one in asked if one["staff"]["id"] == "noa")


def test_two_offices_publish_at_once_and_one_does(each_house: House) -> None:
    house = each_house
    evening, plan = planned(house)
    other = make_plan(house, evening, seed=2)
    house.beat()
    gate, replies = threading.Barrier(2), list[Any]()

    def press(which: dict[str, Any]) -> None:
        gate.wait()
        replies.append(house.call(house.office, "POST", f"/plans/{which['id']}/publish",
                                  **{"If-Match": f'"{plan["evening_version"]}"'}))

    threads = [threading.Thread(target=press, args=[which]) for which in (plan, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies) == [200, 412]
    house.beat()
    assert [len(house.mine(who)) for who in ("mum", "dad", "gran")] == [4, 1, 2]
    assert sum(name == "itinerary.planned" for name, _ in house.facts()) == 3


def test_a_right_that_ends_before_publishing_is_obeyed(each_house: House) -> None:
    house = each_house
    _evening, plan = planned(house)
    house.tell(house.let("dad", "mina", []))
    reply = publish(house, plan)
    assert (reply.status_code, reply.json["summary"]["not_placed"]) == (200, 1)
    assert {data["guardian_id"] for name, data in house.facts() if name == "itinerary.planned"} == {"mum", "gran"}
    [lost] = [one for one in show(house, plan["id"])["unmet_wishes"] if one["guardian_id"] == "dad"]
    assert lost["code"] == "not-now"
    assert [len(house.mine(who)) for who in ("mum", "gran")] == [4, 2]


def test_a_restriction_while_it_is_published_never_leaves_a_talk(each_house: House) -> None:
    house = each_house
    _evening, plan = planned(house)
    house.beat()
    gate = threading.Barrier(2)

    def restrict() -> None:
        gate.wait()
        house.tell(house.let("dad", "mina", []))

    thread = threading.Thread(target=restrict)
    thread.start()
    gate.wait()
    reply = house.call(house.office, "POST", f"/plans/{plan['id']}/publish",
                       **{"If-Match": f'"{plan["evening_version"]}"'})
    thread.join()
    assert reply.status_code == 200
    house.beat()
    assert len(house.mine("mum")) == 4
    parts = [name for name, data in house.facts() if data.get("guardian_id") == "dad"
             and name in ("appointment.booked", "appointment.cancelled")]
    assert parts in ([], ["appointment.booked", "appointment.cancelled"])


def test_two_who_must_not_meet_since_the_plan_do_not(each_house: House) -> None:
    house = each_house
    evening = open_plan(house, to="16:40")
    wish(house, evening, "mum", ("mina", ["ama"]))
    wish(house, evening, "gran", ("sam", ["ama"]))
    close_wishes(house)
    plan = make_plan(house, evening)
    assert plan["summary"]["met"] == 2
    house.tell(house.keep_apart("mum", "gran"))
    assert publish(house, plan).status_code == 200
    assert sorted(len(house.mine(who)) for who in ("mum", "gran")) == [0, 1]
    without = next(who for who in ("mum", "gran") if not house.mine(who))
    [why] = house.call(house.guardian(without), "GET", f"/evenings/{evening['id']}/why").json["wishes"]
    assert (why["code"], why["facts"], why["is_met"]) == ("taken-since", {}, False)


def test_two_homes_come_together_when_all_of_them_wish_it(house: House) -> None:
    house.beat()
    for who in ("mum", "dad"):
        house.call(house.guardian(who), "PUT", "/pupils/mina/sharing", {"shows_times": True, "together": True})
    _evening, plan = planned(house)
    publish(house, plan)
    times = {who: {item["starts_at"] for item in house.mine(who) if item["whose"] == "mine"
                   and (item["staff"]["id"], item["pupil"]["id"]) == ("ama", "mina")} for who in ("mum", "dad")}
    assert len(times["mum"]) == 1
    assert times["mum"] == times["dad"]


def test_an_interpreter_is_in_one_place_at_a_time_and_a_longer_talk_has_two_times(house: House) -> None:
    pairs = crowd(house, 3)
    evening = open_plan(house)
    sheet = house.call(house.office, "GET", f"/evenings/{evening['id']}/resources")
    reply = house.call(house.office, "PUT", f"/evenings/{evening['id']}/resources", {"items": [
        {"kind": "interpreter", "language": "pl", "name": "Ewa", "units": 1, "from": "16:00", "to": "18:00"},
        {"kind": "longer", "language": "", "name": "", "units": 4, "from": "16:00", "to": "18:00"}]},
        **{"If-Match": sheet.headers["ETag"]})
    assert reply.status_code == 200, reply.json
    for adult, child in pairs:
        wish(house, evening, adult, (child, ["ama", "noa"]), needs=["interpreter:pl", "longer"])
    close_wishes(house)
    ground = ground_of(house, evening)
    plan = make_plan(house, evening)
    assert plan["summary"]["met"] == 6
    publish(house, plan)
    assert find_published_wrongs(house, ground, plan) == []
    used = house.call(house.office, "GET", f"/evenings/{evening['id']}/resources").json["items"]
    assert {one["key"]: one["used"] for one in used} == {"interpreter:pl": 6, "longer": 6}
    states = house.states(evening, "adult00", "child00")
    assert states.count("free") == 6


def test_a_plan_is_a_trial_until_the_last_day_and_old_once_a_wish_comes(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama"]))
    trial = make_plan(house, evening)
    assert trial["is_trial"]
    assert "trial" in publish(house, trial).json["detail"]
    wish(house, evening, "gran", ("sam", ["ama"]))
    close_wishes(house)
    reply = publish(house, trial)
    assert (reply.status_code, "since this plan was made" in reply.json["detail"]) == (409, True)
    plan = make_plan(house, evening)
    assert publish(house, plan, version=plan["evening_version"] + 1).status_code == 412
    assert house.call(house.office, "POST", f"/plans/{plan['id']}/publish").status_code == 422
    assert {name for name, _ in house.facts()} == {"evening.opened", "wishes.answered"}
    assert publish(house, plan).status_code == 200
    assert publish(house, plan).status_code in (409, 412)


def test_families_are_shown_the_order_that_their_plan_had(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama"]))
    close_wishes(house)

    def shown() -> list[str]:
        aims: list[str] = house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}").json["aims"]
        return aims

    plan = make_plan(house, evening, aims=["fair", "trip"])
    assert shown() == ["please-come", "rank", "fair", "waits", "trip"]
    assert publish(house, plan).status_code == 200
    assert shown() == ["fair", "please-come", "rank", "trip", "waits"]  # who gets a talk always comes before when


def test_the_same_seed_and_rounds_give_the_same_plan(house: House) -> None:
    evening, _pairs = full_house(house)
    close_wishes(house)
    one, other = (make_plan(house, evening, seed=7, rounds=3_000) for _time in range(2))

    def times(plan: dict[str, Any]) -> list[Any]:
        return [(talk["wish_id"], talk["starts_at"]) for row in plan["by_teacher"] for talk in row["talks"]]

    assert times(one) == times(other)
    assert one["summary"] == other["summary"]


def test_what_cannot_be_planned_says_why(house: House) -> None:
    house.beat()
    booked = house.open_evening()
    assert ask(house, booked).status_code == 409
    draft = open_plan(house, draft=True, on="2026-12-11")
    assert ask(house, draft).status_code == 409
    evening = open_plan(house)
    assert "Nobody has said yet" in ask(house, evening).json["detail"]
    wish(house, evening, "mum", ("mina", ["ama"]))
    assert ask(house, evening, budget_s=31).status_code == 422
    assert ask(house, evening, aims=["speed"]).status_code == 422
    first = ask(house, evening)
    assert (first.status_code, first.json["state"]) == (201, "queued")
    assert "being made just now" in ask(house, evening).json["detail"]
    stopped = house.call(house.office, "POST", f"/plans/{first.json['id']}/stop").json
    assert stopped["state"] == "stopped"
    for who in (house.guardian("mum"), house.staff("ama", "teacher")):
        assert ask_as(house, who, evening) == 404
        assert house.call(who, "GET", f"/plans/{first.json['id']}").status_code == 404


def ask_as(house: House, who: dict[str, str], evening: dict[str, Any]) -> int:
    return int(house.call(who, "POST", f"/evenings/{evening['id']}/plans", {}).status_code)


def test_a_plan_whose_worker_died_is_made_by_another(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama"]))
    plan = ask(house, evening, budget_s=1).json["id"]
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.session.execute(sa.update(Plan).where(Plan.id == plan).values(
            state="running", claimed_until=uow.now + timedelta(minutes=1)))
    work(house)
    assert show(house, plan)["state"] == "running"
    house.clock.advance(minutes=3)
    house.beat()
    another = build(str(house.service.database.engine.url.render_as_string(hide_password=False)), house.keys.public,
                    house.clock, lambda: ["oakfield"])
    assert sum(labour() for labour in another.labours) == 1
    another.database.close()
    assert show(house, plan)["state"] == "ready"


def test_a_plan_waits_while_nobody_can_say_who_may_come(house: House) -> None:
    evening = open_plan(house)
    wish(house, evening, "mum", ("mina", ["ama"]))
    plan = ask(house, evening, budget_s=1).json["id"]
    house.clock.advance(minutes=2)
    for labour in house.service.labours:
        labour()
    assert show(house, plan)["state"] == "queued"
    house.clock.advance(seconds=30)
    work(house)
    assert show(house, plan)["state"] == "ready"


@pytest.mark.parametrize("cause", ["guardian", "office"])
def test_after_publishing_times_are_changed_as_where_they_are_booked(house: House, cause: str) -> None:
    evening, plan = planned(house)
    publish(house, plan)
    [mine] = house.mine("dad")
    free = next(slot for slot in house.slots(evening, "dad", "mina")["ama"] if slot["state"] == "free")
    who = house.guardian("dad") if cause == "guardian" else house.office
    assert house.move(who, mine, free).status_code == 200
    house.beat()
    [why] = house.call(house.guardian("dad"), "GET", f"/evenings/{evening['id']}/why").json["wishes"]
    assert (why["starts_at"], why["is_met"]) == (free["starts_at"], True)
    assert house.cancel(who, mine).status_code == 200
    house.beat()
    [why] = house.call(house.guardian("dad"), "GET", f"/evenings/{evening['id']}/why").json["wishes"]
    assert (why["starts_at"], why["is_met"]) == (None, True)
