"""What families may need and there is so much of: never more is given than there is at one time."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.resources.actions import Ask, free_units, use_resource
from services.scheduling.resources.queries import list_offered
from services.scheduling.resources.rules import Taken, is_free, peak
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
POLISH = {"kind": "interpreter", "language": "Polish", "name": "Ms Nowak", "units": 1}
CRECHE = {"kind": "creche", "units": 2}


def offer(house: House, evening: dict[str, Any], items: list[dict[str, Any]], tag: str = "") -> Any:
    path = f"/evenings/{evening['id']}/resources"
    tag = tag or house.call(house.office, "GET", path).headers["ETag"]
    return house.call(house.office, "PUT", path, {"items": items}, **{"If-Match": tag})


def take(house: House, evening: dict[str, Any], appointment: str, span: str, key: str = "interpreter:Polish") -> bool:
    """Whether an appointment from one time of the evening to another (16:00-16:10) gets one."""
    at = [datetime.fromisoformat(f"2026-11-26T{clock}:00+00:00") for clock in span.split("-")]
    with house.service.database.unit_of_work("oakfield") as uow:
        return use_resource(uow, Ask(evening["id"], key, appointment, at[0], at[1]))


def test_what_is_offered_is_listed_with_the_name_by_which_families_ask(house: House) -> None:
    evening = house.open_evening()
    made = offer(house, evening, [POLISH, {**CRECHE, "from": "16:10", "to": "16:30"}, {"kind": "bsl"}])
    assert made.status_code == 200, made.json
    lines = {one["key"]: one for one in made.json["items"]}
    assert set(lines) == {"interpreter:Polish", "creche", "bsl"}
    assert (lines["creche"]["from"], lines["creche"]["units"], lines["bsl"]["from"]) == ("16:10", 2, "16:00")
    assert lines["bsl"]["starts_at"] == "2026-11-26T16:00:00+00:00"
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert list_offered(uow, evening["id"]) == ["bsl", "creche", "interpreter:Polish"]
    assert [name for name, _ in house.facts()] == ["evening.opened", "evening.changed"]
    assert house.facts()[1][1]["changed"] == ["needs"]


def test_a_line_keeps_its_place_and_one_that_is_not_sent_is_taken_off(house: House) -> None:
    evening = house.open_evening(draft=True)
    first = offer(house, evening, [POLISH, CRECHE]).json["items"]
    kept = next(one for one in first if one["kind"] == "creche")
    second = offer(house, evening, [{**CRECHE, "id": kept["id"], "units": 5}]).json["items"]
    assert [(one["id"], one["units"]) for one in second] == [(kept["id"], 5)]
    assert house.facts() == []


@pytest.mark.parametrize(("line", "pointer"), [
    ({"kind": "piano"}, "/items/0/kind"), ({"kind": "interpreter"}, "/items/0/language"),
    ({"kind": "interpreter", "language": "a:b"}, "/items/0/language"),
    ({"kind": "bsl", "language": "Polish"}, "/items/0/language"), ({"kind": "bsl", "units": 0}, "/items/0/units"),
    ({"kind": "bsl", "units": 1001}, "/items/0/units"), ({"kind": "bsl", "units": "two"}, "/items/0/units"),
    ({"kind": "bsl", "from": "16:20", "to": "16:20"}, "/items/0/to"),
    ({"kind": "bsl", "from": "15:00"}, "/items/0/from"), ({"kind": "bsl", "to": "23:00"}, "/items/0/from"),
    ({"kind": "bsl", "from": "soon"}, "/items/0/from"), ({"kind": "bsl", "id": "nowhere"}, "/items/0/id"),
])
def test_what_cannot_be_offered_is_said_at_its_line(house: House, line: dict[str, Any], pointer: str) -> None:
    evening = house.open_evening()
    refused = offer(house, evening, [line])
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert house.call(house.office, "GET", f"/evenings/{evening['id']}/resources").json["items"] == []


def test_two_colleagues_who_change_the_list_are_told_of_each_other(house: House) -> None:
    evening = house.open_evening()
    path = f"/evenings/{evening['id']}/resources"
    seen = house.call(house.office, "GET", path).headers["ETag"]
    assert offer(house, evening, [POLISH], seen).status_code == 200
    assert offer(house, evening, [CRECHE], seen).status_code == 412
    assert house.call(house.office, "PUT", path, {"items": []}).status_code == 422


def test_one_interpreter_is_with_three_families_one_after_another(house: House) -> None:
    evening = house.open_evening()
    offer(house, evening, [POLISH])
    got = [take(house, evening, name, span) for name, span in (
        ("a", "16:00-16:10"), ("b", "16:10-16:20"), ("c", "16:05-16:15"), ("d", "16:20-16:30"))]
    assert got == [True, True, False, True]
    with house.service.database.unit_of_work("oakfield") as uow:
        free_units(uow, ["b"])
    assert take(house, evening, "c", "16:10-16:20")
    assert not take(house, evening, "e", "16:00-16:10", "interpreter:Urdu"), "there is none"


def test_a_second_interpreter_of_the_language_is_found(house: House) -> None:
    evening = house.open_evening()
    offer(house, evening, [{**POLISH, "to": "16:20"}, {**POLISH, "name": "Mr Zak", "from": "16:10"}])
    assert [take(house, evening, name, "16:10-16:20") for name in ("a", "b", "c")] == [True, True, False]
    assert take(house, evening, "d", "16:20-16:30")


def test_of_two_who_ask_at_once_for_the_last_one_exactly_one_gets_it(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    offer(house, evening, [POLISH])
    gate, got = threading.Barrier(4), []

    def ask(name: str) -> None:
        gate.wait()
        got.append(take(house, evening, name, "16:00-16:10"))

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, False, True]


def test_a_teachers_sheet_says_what_each_family_was_given_and_a_parents_list_does_not(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    offer(house, evening, [POLISH, {"kind": "bsl"}])
    slots = house.slots(evening, "mum", "mina")["ama"]
    made = house.book(evening, "mum", "mina", slots[0], needs=["interpreter:Polish", "bsl"])
    assert (made.status_code, "needs" in made.json) == (201, False)
    assert house.book(evening, "gran", "sam", slots[2]).status_code == 201
    sheet = house.call(house.staff("ama", "teacher"), "GET", f"/evenings/{evening['id']}/staff/ama/appointments").json
    assert [item["needs"] for item in sheet["items"]] == [["bsl", "interpreter:Polish"], []]


def test_what_a_family_has_been_given_is_not_taken_away(house: House) -> None:
    evening = house.open_evening()
    line = offer(house, evening, [{**CRECHE, "kind": "creche"}]).json["items"][0]
    for name in ("a", "b"):
        assert take(house, evening, name, "16:10-16:20", "creche")
    for items in ([], [{**CRECHE, "id": line["id"], "units": 1}], [{**CRECHE, "id": line["id"], "to": "16:15"}],
                  [{"kind": "bsl", "id": line["id"], "units": 2}]):
        assert offer(house, evening, items).status_code == 409
    assert house.call(house.office, "GET", f"/evenings/{evening['id']}/resources").json["items"][0]["used"] == 2
    assert offer(house, evening, [{**CRECHE, "id": line["id"], "from": "16:10"}]).status_code == 200


def at(minute: int) -> datetime:
    return datetime.fromtimestamp(1_800_000_000 + minute * 60)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=25), st.integers(1, 4))
def test_units_that_are_given_one_by_one_are_never_more_than_there_are(asked: list[tuple[int, int]],
                                                                       units: int) -> None:
    taken: list[Taken] = []
    for start, length in asked:
        span = Taken(at(start), at(start + length))
        if is_free(units, taken, span):
            taken.append(span)
        else:
            assert any(sum(one.starts_at <= at(minute) < one.ends_at for one in taken) == units
                       for minute in range(start, start + length))
    assert peak(taken) <= units
    for minute in range(61):
        assert sum(one.starts_at <= at(minute) < one.ends_at for one in taken) <= units
