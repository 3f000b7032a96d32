"""A compact evening is held for one adult who makes up their mind: kept, extended, let go, lapsed, asked again."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.timers import sweep
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
LONG = {"from": "16:00", "to": "17:00"}


def ask(house: House, evening: Any, guardian: str = "mum", **more: Any) -> Any:
    """Ask for an itinerary; for Mina with both her teachers, unless it is said otherwise."""
    body = {"children": [{"pupil_id": "mina", "staff_ids": ["ama", "noa"]}], **more}
    return house.call(house.guardian(guardian), "POST", f"/evenings/{evening['id']}/itineraries", body)


def do(house: House, made: Any, what: str, guardian: str = "mum") -> Any:
    return house.call(house.guardian(guardian), "POST", f"/itineraries/{made['id']}/{what}")


def show(house: House, made: Any, guardian: str = "mum") -> Any:
    return house.call(house.guardian(guardian), "GET", f"/itineraries/{made['id']}")


def pass_time(house: House, **by: float) -> None:
    house.clock.advance(**by)
    house.beat()
    while sweep(house.service.database, house.service.timers):
        pass


def times(made: Any) -> list[tuple[str, str]]:
    return [(talk["starts_at"][11:16], talk["staff"]["id"]) for talk in made["talks"]]


def test_all_that_is_asked_is_held_close_together_and_nobody_else_gets_it(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    reply = ask(house, evening)
    assert reply.status_code == 201, reply.json
    made = reply.json
    assert (made["state"], made["seconds_left"], made["extensions_left"], made["unmet"]) == ("held", 300, 3, [])
    first, second = made["talks"]
    assert {first["staff"]["id"], second["staff"]["id"]} == {"ama", "noa"}
    assert first["ends_at"] == second["starts_at"], "in no room nobody walks"
    assert house.mine("mum") == []
    for talk in made["talks"]:
        at = [slot["state"] for slot in house.slots(evening, "gran", "sam")[talk["staff"]["id"]]
              if slot["starts_at"] == talk["starts_at"]]
        assert at == ["taken"]
    assert [name for name, _ in house.facts()] == ["evening.opened"]


def test_what_is_kept_becomes_appointments_with_the_facts_of_any_booking(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    made = ask(house, evening, how="phone", call_on="01632 960 001").json
    kept = do(house, made, "keep")
    assert (kept.status_code, kept.json["state"]) == (200, "kept")
    assert do(house, made, "keep").status_code == 200, "twice is once"
    assert sorted(item["id"] for item in house.mine("mum")) == sorted(
        talk["appointment_id"] for talk in made["talks"])
    booked = [data for name, data in house.facts() if name == "appointment.booked"]
    assert [(data["staff_id"], data["how"]) for data in booked] == [(staff, "phone") for _, staff in times(made)]
    pass_time(house, minutes=6)
    assert len(house.mine("mum")) == 2


def test_when_the_time_runs_out_the_times_are_free_and_the_answers_are_still_there(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    made = ask(house, evening, earliest="16:20", not_times=[["16:40", "16:50"]], how="phone").json
    pass_time(house, minutes=5)
    seen = show(house, made).json
    assert (seen["state"], seen["seconds_left"], seen["earliest"], seen["not_times"], seen["how"]) == (
        "lapsed", 0, "16:20", [["16:40", "16:50"]], "phone")
    assert set(house.states(evening, "mum", "mina")) == {"free"}
    assert do(house, made, "keep").status_code == 409
    again = do(house, made, "again")
    assert (again.status_code, again.json["id"], times(again.json)) == (200, made["id"], times(made))
    assert again.json["seconds_left"] == 300
    assert do(house, again.json, "keep").json["state"] == "kept"


def test_asking_once_more_loses_nothing_that_is_held_and_gives_no_more_time(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    made = ask(house, evening).json
    house.clock.advance(minutes=3)
    house.beat()
    again = do(house, made, "again")
    assert (again.status_code, times(again.json), again.json["seconds_left"]) == (200, times(made), 120)
    assert [talk["appointment_id"] for talk in again.json["talks"]] == [
        talk["appointment_id"] for talk in made["talks"]]
    assert do(house, made, "keep").json["state"] == "kept"


def test_the_very_times_are_held_again_though_better_ones_are_free_by_now(house: House) -> None:
    evening = house.open_evening(**LONG)
    early = [house.book(evening, "dad", "mina", slot).json for slot in house.slots(evening, "dad", "mina")["ama"][:3]]
    made = ask(house, evening).json
    do(house, made, "let-go")
    for one in early:
        house.cancel(house.guardian("dad"), one)
    assert times(do(house, made, "again").json) == times(made)


def test_when_the_same_times_are_gone_the_best_of_what_is_left_is_held(house: House) -> None:
    evening = house.open_evening(**LONG)
    made = ask(house, evening).json
    do(house, made, "let-go")
    at, teacher = times(made)[0]
    slot = next(one for one in house.slots(evening, "gran", "sam")[teacher] if one["starts_at"][11:16] == at)
    assert house.book(evening, "gran", "sam", slot).status_code == 201
    again = do(house, made, "again").json
    assert len(again["talks"]) == 2
    assert times(again) != times(made)


def test_the_clock_is_extended_three_times_and_then_others_have_their_turn(house: House) -> None:
    evening = house.open_evening()
    made = ask(house, evening).json
    pass_time(house, minutes=4)
    for left in (2, 1, 0):
        longer = do(house, made, "extend").json
        assert (longer["extensions_left"], longer["state"]) == (left, "held")
        pass_time(house, minutes=4)
        assert show(house, made).json["state"] == "held"
    refused = do(house, made, "extend")
    assert (refused.status_code, "Others wait" in refused.json["detail"]) == (409, True)
    assert show(house, made).json["state"] == "held"
    pass_time(house, minutes=4)
    assert show(house, made).json["state"] == "lapsed"


def test_an_adult_holds_one_itinerary_at_an_evening_and_asking_anew_replaces_it(house: House) -> None:
    evening = house.open_evening()
    first = ask(house, evening).json
    second = ask(house, evening, children=[{"pupil_id": "mina", "staff_ids": ["ama"]}]).json
    assert show(house, first).json["state"] == "let-go"
    assert house.states(evening, "gran", "sam", "noa") == ["free"] * 3
    assert house.states(evening, "gran", "sam", "ama").count("taken") == 1
    listed = house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}/itineraries").json["items"]
    assert [one["id"] for one in listed] == [second["id"]]


def test_asking_for_what_there_is_not_leaves_what_is_held(house: House) -> None:
    evening = house.open_evening()
    made = ask(house, evening).json
    for slot in house.slots(evening, "gran", "sam")["ama"]:
        if slot["state"] == "free":
            house.book(evening, "gran", "sam", slot)
    do(house, made, "let-go")
    held = ask(house, evening, children=[{"pupil_id": "mina", "staff_ids": ["noa"]}]).json
    for slot in house.slots(evening, "gran", "sam")["ama"]:
        if slot["state"] == "free":
            house.book(evening, "gran", "sam", slot)
    refused = ask(house, evening, children=[{"pupil_id": "mina", "staff_ids": ["ama"]}])
    assert (refused.status_code, "No time is free" in refused.json["detail"]) == (409, True)
    assert show(house, held).json["state"] == "held"


def test_who_cannot_be_met_is_said_with_the_reason(house: House) -> None:
    evening = house.open_evening()
    for slot in house.slots(evening, "dad", "mina")["ama"]:
        house.book(evening, "dad", "mina", slot)
    made = ask(house, evening).json
    assert [(one["staff"]["id"], one["is_full"]) for one in made["unmet"]] == [("ama", True)]
    assert [staff for _, staff in times(made)] == ["noa"]


def test_one_evening_serves_several_children_and_fits_around_what_is_booked(house: House) -> None:
    evening = house.open_evening(**LONG)
    slot = house.slots(evening, "mum", "leo")["tom"][2]
    house.book(evening, "mum", "leo", slot)
    made = ask(house, evening, children=[{"pupil_id": "mina", "staff_ids": ["ama"]},
                                         {"pupil_id": "leo", "staff_ids": ["noa", "tom"]}]).json
    assert {(talk["pupil"]["id"], talk["staff"]["id"]) for talk in made["talks"]} == {("mina", "ama"), ("leo", "noa")}
    assert sorted([*(at for at, _ in times(made)), "16:20"]) in (
        ["16:00", "16:10", "16:20"], ["16:10", "16:20", "16:30"], ["16:20", "16:30", "16:40"])
    assert made["unmet"] == [], "who is booked is met"


def test_limits_are_obeyed_and_contradictions_are_said_at_the_field(house: House) -> None:
    evening = house.open_evening(**LONG)
    made = ask(house, evening, earliest="16:20", latest="16:40").json
    assert sorted(at for at, _ in times(made)) == ["16:20", "16:30"]
    for limits, field in (({"earliest": "16:40", "latest": "16:20"}, "/latest"), ({"earliest": "18:00"}, "/earliest"),
                          ({"latest": "15:00"}, "/latest"), ({"not_times": [["16:30", "16:10"]]}, "/not_times/0"),
                          ({"not_times": [["15:00", "18:00"]]}, "/not_times"), ({"needs": ["a pony"]}, "/needs/0")):
        reply = ask(house, evening, **limits)
        assert reply.status_code == 422, limits
        assert field in [one["pointer"] for one in reply.json["errors"]]
    assert show(house, made).json["state"] == "held"


def test_what_is_held_keeps_the_adult_from_being_in_two_places(house: House) -> None:
    evening = house.open_evening()
    made = ask(house, evening, children=[{"pupil_id": "mina", "staff_ids": ["ama"]}]).json
    at = made["talks"][0]["starts_at"]
    slot = next(one for one in house.slots(evening, "mum", "leo")["tom"] if one["starts_at"] == at)
    assert house.book(evening, "mum", "leo", slot).status_code == 409


def test_no_two_who_must_not_meet_are_held_near_each_other(each_house: House) -> None:
    house = each_house
    house.tell(house.keep_apart("mum", "gran"))
    evening = house.open_evening(**LONG)
    mine = ask(house, evening).json
    hers = ask(house, evening, "gran", children=[{"pupil_id": "sam", "staff_ids": ["ama"]}]).json
    ends = max(talk["ends_at"] for talk in mine["talks"])
    starts = min(talk["starts_at"] for talk in mine["talks"])
    for talk in hers["talks"]:
        assert talk["starts_at"][11:16] > ends[11:13] + f":{int(ends[14:16]) + 15:02d}" or talk["ends_at"] < starts


@pytest.mark.parametrize("what", ["right", "apart", "left"])
def test_what_is_held_ends_with_the_right_to_it_and_nobody_is_told(each_house: House, what: str) -> None:
    house = each_house
    evening = house.open_evening()
    hers = ask(house, evening, "gran", children=[{"pupil_id": "sam", "staff_ids": ["ama"]}]).json
    ask(house, evening)
    before = len(house.facts())
    if what == "right":
        house.tell(house.let("mum", "mina", []))
    elif what == "apart":
        house.tell(house.keep_apart("mum", "gran"))
    else:
        house.tell(house.state("pupil.described", "mina", {
            "id": "mina", "given_name": "Mina", "family_name": "Vale", "status": "left", "class_ids": ["oak"]}))
    states = house.states(evening, "gran", "sam", "ama") + house.states(evening, "gran", "sam", "noa")
    if what != "apart":
        assert states.count("taken") == 1, "hers alone"
    assert show(house, hers, "gran").json["state"] == "held"
    assert len(house.facts()) == before


def test_who_may_not_book_learns_nothing(house: House) -> None:
    evening = house.open_evening()
    made = ask(house, evening).json
    for guardian in ("barred", "dad", "gran"):
        for method, path in (("GET", ""), ("POST", "/keep"), ("POST", "/extend"), ("POST", "/let-go"),
                             ("POST", "/again")):
            there, absent = (house.call(house.guardian(guardian), method, f"/itineraries/{one}{path}")
                             for one in (made["id"], "nothing"))
            assert (there.status_code, there.data) == (404, absent.data)
    assert ask(house, evening, "barred").status_code == 404
    house.tell(house.let("mum", "mina", []))
    assert show(house, made).status_code == 404
    assert do(house, made, "again").status_code == 404


def test_the_office_does_all_of_it_for_a_guardian(house: House) -> None:
    evening = house.open_evening()
    body = {"children": [{"pupil_id": "mina", "staff_ids": ["ama"]}]}
    path = f"/evenings/{evening['id']}/itineraries"
    assert house.call(house.office, "POST", path, body).status_code == 422
    made = house.call(house.office, "POST", path, {**body, "guardian_id": "mum"}).json
    assert house.call(house.office, "POST", f"/itineraries/{made['id']}/keep").json["state"] == "kept"
    assert len(house.mine("mum")) == 1
    assert house.call(house.office, "POST", path, {**body, "guardian_id": "barred"}).status_code == 404


def test_before_the_plan_of_an_evening_nobody_chooses_times(house: House) -> None:
    evening = house.open_evening(way="plan")
    reply = ask(house, evening)
    assert (reply.status_code, "made at once" in reply.json["detail"]) == (409, True)
