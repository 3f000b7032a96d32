"""Plans around the nights in which the clocks change: instants are right, and a wait is as long as it lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from services.scheduling.solver.search import solve
from tests.scheduling.house import House, each_house, house
from tests.scheduling.solver.checker import reckon
from tests.scheduling.test_planning import (
    close_wishes,
    find_published_wrongs,
    ground_of,
    make_plan,
    planned,
    publish,
    wish,
)
from tests.scheduling.test_wishes import open_plan

__all__ = ["each_house", "house"]
SPRING, AUTUMN = "2027-03-28", "2027-10-31"  # the clocks change at 01:00 UTC
MIDDLE_OF_THE_NIGHT = {"from": "00:30", "to": "02:30", "slot_minutes": 10}
EVENINGS = {"2027-03-27": 16, SPRING: 15, "2027-03-29": 15, "2027-10-30": 15, AUTUMN: 16, "2027-11-01": 16}


def instants(house: House, guardian: str) -> list[tuple[datetime, datetime]]:
    """When somebody's talks begin and end."""
    return sorted((datetime.fromisoformat(one["starts_at"]), datetime.fromisoformat(one["ends_at"]))
                  for one in house.mine(guardian))


@pytest.mark.parametrize("day", EVENINGS)
def test_an_evening_of_that_weekend_is_when_the_schools_clock_says(house: House, day: str) -> None:
    evening, plan = planned(house, on=day)
    ground = ground_of(house, evening)
    assert publish(house, plan).status_code == 200
    assert find_published_wrongs(house, ground, plan) == []
    opens = datetime.fromisoformat(day).replace(hour=EVENINGS[day], tzinfo=UTC)
    for who in ("mum", "dad", "gran"):
        talks = instants(house, who)
        assert talks
        assert all(opens <= start < end <= opens + timedelta(hours=2) for start, end in talks)


@pytest.mark.parametrize(("day", "begins", "elapsed", "between"), [
    (SPRING, "2027-03-28T00:30:00+00:00", 60, 10), (AUTUMN, "2027-10-30T23:30:00+00:00", 180, 130)])
def test_a_wait_over_the_change_is_as_long_as_it_lasts(
        each_house: House, day: str, begins: str, elapsed: int, between: int) -> None:
    house = each_house
    evening = open_plan(house, on=day, **MIDDLE_OF_THE_NIGHT)
    wish(house, evening, "mum", ("mina", ["ama", "noa"]), earliest="00:40", latest="02:10",
         not_times=[{"from": "00:50", "to": "02:00"}])
    close_wishes(house)
    ground, plan = ground_of(house, evening), make_plan(house, evening)
    slots = [slot for desk in ground.problem.desks for slot in desk.slots]
    assert (min(slot.start for slot in slots), max(slot.end for slot in slots)) == (0, elapsed)
    talks = solve(ground.problem, 1, 1.0, lambda: 0.0, max_rounds=100).talks
    assert reckon(ground.problem, talks).idle == between
    assert publish(house, plan).status_code == 200
    assert find_published_wrongs(house, ground, plan) == []
    when = instants(house, "mum")
    opens = datetime.fromisoformat(begins)
    assert when[0][0] == opens + timedelta(minutes=10)
    assert [later[0] - earlier[1] for earlier, later in pairwise(when)] == [timedelta(minutes=between)]
