"""What a form offers: teachers who sit together, colleagues who are there for all, needs, and changes of these."""

from __future__ import annotations

from typing import Any

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_setting_up import add, blocks, change
from tests.scheduling.test_wishes import body, counted, form, mark, open_plan, planned, save

__all__ = ["each_house", "house"]


def teachers(house: House, evening: dict[str, Any], who: str, pupil: str) -> dict[str, Any]:
    """Whom this adult may wish to see about the child."""
    return {one["id"]: one for child in form(house, evening, who).json["children"] if child["id"] == pupil
            for one in child["teachers"]}


def offer(house: House, evening: dict[str, Any], *items: dict[str, Any]) -> None:
    path = f"/evenings/{evening['id']}/resources"
    tag = house.call(house.office, "GET", path).headers["ETag"]
    reply = house.call(house.office, "PUT", path, {"items": list(items)}, **{"If-Match": tag})
    assert reply.status_code == 200, reply.json


def test_who_sits_together_sees_the_children_of_both(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    desks = blocks(house, evening)
    assert change(house, evening, desks["tom"], **{"from": "17:00"}).status_code == 200
    assert change(house, evening, desks["ama"], staff_ids=["ama", "tom"], to="17:00").status_code == 200
    leo = teachers(house, evening, "mum", "leo")
    assert sorted(leo) == ["ama", "noa", "tom"]
    assert [one["id"] for one in leo["ama"]["beside"]] == ["tom"]
    assert mark(house, evening, "tom:leo", "please-come", "Let's plan together.").status_code == 200
    assert mark(house, evening, "ama:leo", "please-come").status_code == 404
    marks = teachers(house, evening, "mum", "leo")["ama"]["marks"]
    assert [(one["by"]["id"], one["sentence"]) for one in marks] == [("tom", "Let's plan together.")]
    save(house, evening, "mum", body(("leo", ["ama"])))
    assert [one.please_come for one in planned(house, evening).wishes] == [True]


def test_who_is_there_for_all_marks_and_is_wished_by_all(house: House) -> None:
    evening = open_plan(house)
    assert "kit" not in teachers(house, evening, "mum", "leo")
    assert add(house, evening, open_to="all").status_code == 201
    assert "kit" in teachers(house, evening, "mum", "leo")
    assert [one["pupil"]["id"] for one in mark(house, evening, "kit:leo", "no-need").json["items"]] == [
        "leo", "mina", "sam"]
    save(house, evening, "mum", body(("leo", ["kit", "tom"])))
    assert counted(planned(house, evening)) == [("mum", "leo", "kit", 1), ("mum", "leo", "tom", 2)]


def test_what_is_on_offer_may_be_asked_for(house: House) -> None:
    evening = open_plan(house)
    offer(house, evening, {"kind": "interpreter", "language": "Polish"}, {"kind": "bsl"})
    assert form(house, evening, "mum").json["needs_offered"] == ["bsl", "interpreter:Polish"]
    wanted = body(("mina", ["ama"]), needs=["interpreter:Polish", "bsl", "bsl"])
    assert save(house, evening, "mum", wanted).json["needs"] == ["bsl", "interpreter:Polish"]
    assert [one.needs for one in planned(house, evening).wishes] == [("bsl", "interpreter:Polish")]
    refused = save(house, evening, "mum", body(("mina", ["ama"]), needs=["interpreter:Urdu"]), 1)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/needs/0")


def test_a_wish_for_who_teaches_the_child_no_more_counts_no_more(house: House) -> None:
    evening = open_plan(house)
    save(house, evening, "mum", body(("leo", ["noa", "tom"])))
    house.tell(house.state("staff.described", "noa", {
        "id": "noa", "given_name": "Noa", "family_name": "Tal", "status": "current", "class_ids": ["oak"],
        "roles": ["teacher"]}))
    assert counted(planned(house, evening)) == [("mum", "leo", "tom", 2)]
    leo = next(child for child in form(house, evening, "mum").json["children"] if child["id"] == "leo")
    assert [one["staff_id"] for one in leo["wishes"]] == ["tom"]
    assert mark(house, evening, "noa:leo", "please-come").status_code == 404


def test_to_come_together_is_said_of_oneself_alone(house: House) -> None:
    evening = open_plan(house)
    house.call(house.guardian("dad"), "PUT", "/pupils/mina/sharing", {"shows_times": False, "together": True})
    said = {who: [child["together"] for child in form(house, evening, who).json["children"] if child["id"] == "mina"]
            for who in ("mum", "dad")}
    assert said == {"mum": [False], "dad": [True]}
