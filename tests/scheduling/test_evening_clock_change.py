"""Evenings on both sides of the weekends on which the clocks change, from the first wish to the letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject

from chassis.migrate import migrate
from tests.fakes import FixedClock, event
from tests.notifications import house as notifications
from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import make_plan, publish, wish
from tests.scheduling.test_wishes import body, form, open_plan, save

__all__ = ["each_house", "house"]
SIDES = [("2026-10-22", "2026-10-22T15:00"), ("2026-10-26", "2026-10-26T16:00"),
         ("2027-03-25", "2027-03-25T16:00"), ("2027-03-30", "2027-03-30T15:00")]


def go_to(house: House, at: datetime) -> None:
    house.clock.advance(seconds=(at - house.clock.now()).total_seconds())
    house.beat()


def evening_on(house: House, on: str) -> dict[str, Any]:
    """From 16:00 to 18:00 by the school's clock; wishes end with the Friday before that weekend, or the day before."""
    day = date.fromisoformat(on)
    go_to(house, datetime.combine(day - timedelta(days=9), datetime.min.time(), UTC) + timedelta(hours=9))
    return open_plan(house, on=on, respond_by=(day - timedelta(days=4)).isoformat())


def plan_at(house: House, on: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Mum can come from 16:30 to 17:00 alone; the plan is made on the day before the evening, and published."""
    evening = evening_on(house, on)
    wish(house, evening, "mum", ("mina", ["ama"]), earliest="16:30", latest="17:00")
    wish(house, evening, "gran", ("sam", ["ama"]), latest="16:10")
    go_to(house, datetime.fromisoformat(f"{on}T12:00:00+00:00") - timedelta(days=1))
    plan = make_plan(house, evening)
    assert publish(house, plan).status_code == 200
    house.beat()
    return evening, plan


@pytest.mark.parametrize(("on", "starts"), SIDES)
def test_times_that_families_say_are_those_of_the_schools_clock_on_that_day(
        each_house: House, on: str, starts: str) -> None:
    house = each_house
    plan_at(house, on)
    begins = datetime.fromisoformat(f"{starts}:00+00:00")
    [gran], [mum] = house.mine("gran"), house.mine("mum")
    assert datetime.fromisoformat(gran["starts_at"]) == begins
    assert begins + timedelta(minutes=30) <= datetime.fromisoformat(mum["starts_at"]) <= begins + timedelta(minutes=50)


@pytest.mark.parametrize(("on", "starts"), SIDES)
def test_the_letter_and_its_calendar_say_the_same_instant(
        house: House, tmp_path: Path, on: str, starts: str) -> None:
    """What scheduling announced is read by notifications: four o'clock in the letter, the right instant in the file."""
    plan_at(house, on)
    [fact] = [data for name, data in house.facts() if name == "itinerary.planned" and data["guardian_id"] == "gran"]
    url = f"sqlite:///{tmp_path}/letters.db"
    migrate(url, notifications.VERSIONS)
    told = notifications.build_house(url, clock=FixedClock(house.clock.now()))
    told.settle()
    told.hear(told.guardian("gran", "gran@home.invalid"), told.rights(
        "sam", "gran", receive=notifications.ALWAYS, book=notifications.ALWAYS))
    told.beat()
    told.hear(event("tandem.scheduling.itinerary.planned.v1", f"{fact['evening_id']}:gran", fact,
                    time=told.clock.now()))
    told.pump()
    [letter] = told.office.to("gran@home.invalid")
    assert "4:00pm" in letter.text
    [entry] = vobject.readOne((letter.calendar or b"").decode()).contents["vevent"]
    assert f"{entry.dtstart.value:%Y-%m-%dT%H:%M %Z}" == f"{starts} UTC"
    told.service.database.close()


@pytest.mark.parametrize(("on", "respond_by", "until"), [
    ("2026-10-28", "2026-10-24", "2026-10-24T23:00:00+00:00"),
    ("2026-10-28", "2026-10-25", "2026-10-26T00:00:00+00:00"),
    ("2027-03-31", "2027-03-27", "2027-03-28T00:00:00+00:00"),
    ("2027-03-31", "2027-03-28", "2027-03-28T23:00:00+00:00"),
])
def test_the_last_day_for_wishes_ends_at_the_schools_midnight(
        house: House, on: str, respond_by: str, until: str) -> None:
    go_to(house, datetime.fromisoformat(f"{respond_by}T09:00:00+00:00") - timedelta(days=3))
    evening = open_plan(house, on=on, respond_by=respond_by)
    assert form(house, evening, "mum").json["until"] == until
    go_to(house, datetime.fromisoformat(until) - timedelta(seconds=1))
    assert save(house, evening, "mum", body(("mina", ["ama"]))).status_code == 200
    go_to(house, datetime.fromisoformat(until))
    assert save(house, evening, "mum", body(("mina", ["noa"])), 1).status_code == 409
