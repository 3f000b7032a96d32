"""An evening in numbers: what is shown speaks of many, and nothing can be worked out about few."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.nights.rules import LEAST_GROUP, choose_groups
from tests.scheduling.house import House, house

__all__ = ["house"]


def people(house: House, fives: int, sixes: int) -> list[tuple[str, str]]:
    """(adult, child) of so many children of Year 5 and Year 6 in oak, each with one parent."""
    found = [(f"adult{number}", f"child{number}") for number in range(fives + sixes)]
    house.tell(
        *(house.state("pupil.described", child, {
            "id": child, "given_name": child, "family_name": "Vale", "status": "current", "class_ids": ["oak"],
            "year_group": "5" if number < fives else "6"}) for number, (_adult, child) in enumerate(found)),
        *(house.let(adult, child) for adult, child in found))
    return found


def evening_of(house: House, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Each family has a talk with Ms Osei, and an hour after it, one with Ms Tal."""
    evening = house.open_evening(**{"from": "15:00", "to": "20:00"})
    for number, (adult, child) in enumerate(pairs):
        slots = house.slots(evening, adult, child)
        for teacher, place in (("ama", number), ("noa", number + 7)):
            assert house.book(evening, adult, child, slots[teacher][place]).status_code == 201
    return evening


def figures(house: House, evening: dict[str, Any], who: dict[str, str] | None = None) -> Any:
    return house.call(who or house.staff("nel", "head"), "GET", f"/evenings/{evening['id']}/figures")


def move_to(house: House, at: datetime) -> None:
    house.clock.advance(seconds=(at - house.clock.now()).total_seconds())
    house.beat()


def test_what_was_offered_met_and_missed_and_how_long_families_waited(house: House) -> None:
    pairs = people(house, 11, 10)
    evening = evening_of(house, pairs)
    sheet = house.call(house.office, "GET", f"/evenings/{evening['id']}/night/desks/ama").json["items"]
    move_to(house, datetime(2026, 11, 26, 15, 4, tzinfo=UTC))
    assert house.call(house.office, "POST", f"/appointments/{sheet[0]['id']}/begin").status_code == 204
    move_to(house, datetime(2026, 11, 26, 15, 15, tzinfo=UTC))
    assert house.call(house.office, "POST", f"/appointments/{sheet[1]['id']}/missed").status_code == 204
    move_to(house, datetime(2026, 11, 27, 7, 0, tzinfo=UTC))
    found = figures(house, evening).json
    assert (found["offered"], found["wished"], found["families"], found["booked"]) == (90, None, 21, 42)
    assert (found["met"], found["missed"]) == (41, 1)
    assert (found["longest_wait"], found["mean_wait"], found["most_late"], found["mean_late"]) == (60, 60, 4, 4)
    assert [(one["year_group"], one["families"], one["booked"], one["missed"]) for one in found["years"]] == [
        ("5", 11, 22, 1), ("6", 10, 20, 0)]


def test_a_small_year_group_is_in_the_whole_alone_and_cannot_be_worked_out(house: House) -> None:
    evening = evening_of(house, people(house, 11, 2))
    move_to(house, datetime(2026, 11, 27, 7, 0, tzinfo=UTC))
    found = figures(house, evening).json
    assert (found["families"], found["years"], found["longest_wait"]) == (13, [], 60)


def test_a_small_evening_says_nothing_of_waits(house: House) -> None:
    evening = evening_of(house, people(house, 3, 0))
    found = figures(house, evening).json
    assert (found["booked"], found["met"], found["longest_wait"], found["most_late"]) == (6, 0, None, None)


@pytest.mark.parametrize("roles", [(), ("teacher",), ("reception",)])
def test_figures_are_for_the_head_and_the_office(house: House, roles: tuple[str, ...]) -> None:
    evening = house.open_evening()
    assert figures(house, evening, house.staff("ama", *roles)).status_code == 404
    assert figures(house, evening, house.guardian("mum")).status_code == 404
    assert figures(house, {"id": "nothing"}).status_code == 404
    assert figures(house, evening, house.office).status_code == 200


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 30), max_size=8), st.integers(0, 30))
def test_what_is_left_out_is_nothing_or_enough(sizes: dict[str, int], unnamed: int) -> None:
    shown = choose_groups(sizes, unnamed)
    left_out = unnamed + sum(many for group, many in sizes.items() if group not in shown)
    assert all(sizes[group] >= LEAST_GROUP for group in shown)
    assert not shown or left_out == 0 or left_out >= LEAST_GROUP
