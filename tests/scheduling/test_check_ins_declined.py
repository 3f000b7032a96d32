"""An adult says that a talk's time does not suit: kindly, with or without words, and another can be offered."""

from __future__ import annotations

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_check_ins import act, of, plan_now

__all__ = ["each_house", "house"]


def test_an_adult_says_not_this_time_and_is_offered_another(each_house: House) -> None:
    house = each_house
    plan_now(house)
    one = of(house, "mina")
    adult, path = one["guardian"]["id"], f"/check-ins/{one['id']}"
    other = {"mum": "dad", "dad": "mum"}[adult]
    me = house.guardian(adult)
    assert house.call(me, "POST", f"{path}/decline", {"words": "x"}).status_code == 404  # not offered yet
    act(house, one, "offer")
    assert house.call(house.guardian(other), "POST", f"{path}/decline", {}).status_code == 404
    assert house.call(me, "POST", f"{path}/decline", {"words": "x" * 281}).status_code == 422
    said = house.call(me, "POST", f"{path}/decline", {"words": "Thursdays after 4"})
    assert (said.json["state"], said.json["said"], said.json["note"]) == ("declined", "Thursdays after 4", "")
    assert house.call(me, "POST", f"{path}/decline", {}).json["said"] == "Thursdays after 4"
    assert [data for name, data in house.facts() if name == "checkin.declined"] == [
        {"checkin_id": one["id"], "pupil_id": "mina", "guardian_id": adult, "staff_id": one["staff"]["id"],
         "staff_ids": [one["staff"]["id"]]}]
    shown = of(house, "mina")
    assert (shown["state"], shown["said"]) == ("declined", "Thursdays after 4")
    assert act(house, one, "offer").status_code == 409  # that very time did not suit
    assert act(house, one, "move", {"starts_at": "2026-12-03T16:10:00+00:00"}).json["state"] == "proposed"
    assert house.call(me, "GET", path).status_code == 404
    assert act(house, one, "offer").json["state"] == "offered"
    assert house.call(me, "GET", path).json["starts_at"] == "2026-12-03T16:10:00+00:00"
    assert act(house, one, "hold", {"note": "All well."}).json["note"] == "All well."
    assert house.call(me, "POST", f"{path}/decline", {}).status_code == 409
    assert plan_now(house) == 0
