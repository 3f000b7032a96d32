"""The good news of a week as one calm letter, on Friday at 3:30pm where the school is, siblings together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.errors import Unavailable
from services.notifications.preferences.rules import next_week_end
from tests.fakes import FixedClock
from tests.notifications.house import House, build_house, house, new_database

__all__ = ["house"]
LONDON = ZoneInfo("Europe/London")
MOTHER = ("mother", "guardian", ())
MOTHERS, FATHERS = "mother@home.invalid", "father@home.invalid"


def choose(house: House, email: str = "at-once", good_news: str = "weekly", who: str = "mother") -> None:
    reply = house.call("PUT", "/preferences", (who, "guardian", ()), {"email": email, "good_news": good_news})
    assert reply.status_code == 200, reply.text


def go_to(house: House, day: int, hour: int, minute: int = 0) -> None:
    later = datetime(2026, 11, day, hour, minute, tzinfo=UTC) - house.clock.now()
    house.clock.advance(seconds=later.total_seconds())
    house.beat()
    while house.pump():
        pass


@pytest.mark.parametrize(("now", "expected"), [
    (datetime(2026, 11, 24, 9, 0), datetime(2026, 11, 27, 15, 30)),
    (datetime(2026, 11, 27, 15, 29), datetime(2026, 11, 27, 15, 30)),
    (datetime(2026, 11, 27, 15, 30), datetime(2026, 12, 4, 15, 30)),
    (datetime(2026, 11, 28, 9, 0), datetime(2026, 12, 4, 15, 30)),
    (datetime(2026, 6, 24, 9, 0), datetime(2026, 6, 26, 14, 30)),
    (datetime(2026, 10, 23, 14, 29), datetime(2026, 10, 23, 14, 30)),
    (datetime(2026, 10, 23, 14, 30), datetime(2026, 10, 30, 15, 30)),  # the clocks go back in between
    (datetime(2026, 3, 27, 16, 0), datetime(2026, 4, 3, 14, 30)),  # and forward
    (datetime(2026, 12, 31, 23, 59), datetime(2027, 1, 1, 15, 30)),
])
def test_the_weeks_letter_is_due_on_friday_by_the_schools_own_clock(now: datetime, expected: datetime) -> None:
    assert next_week_end(now.replace(tzinfo=UTC), LONDON) == expected.replace(tzinfo=UTC)


def test_the_weeks_good_news_of_all_children_is_one_letter_on_friday(house: House) -> None:
    house.sibling("kim", "Kim")
    choose(house)
    house.hear(house.praise("praise-1"), house.praise("praise-2", "kim"))
    go_to(house, 25, 12)
    house.hear(house.praise("praise-3"))
    assert len(house.notices("mother")) == 3  # in the portal it stands at once
    go_to(house, 27, 15, 29)
    assert house.office.to(MOTHERS) == []
    go_to(house, 27, 15, 30)
    (letter,) = house.office.to(MOTHERS)
    assert letter.subject == "Kim and Sam: good news from school"
    assert letter.text.count("\n- ") == 3
    assert "kindness" not in letter.text
    assert len(house.office.to(FATHERS)) == 2
    go_to(house, 30, 9)
    assert len(house.office.to(MOTHERS)) == 1


def test_all_else_comes_as_before(house: House) -> None:
    choose(house)
    house.hear(house.evening("sam"), house.praise())
    house.pump()
    assert [letter.subject for letter in house.office.to(MOTHERS)] == ["Sam: parents' evening, Thursday 26 November"]
    choose(house, "daily")
    house.hear(house.evening("sam"), house.praise("praise-2"))
    go_to(house, 24, 18)
    assert len(house.office.to(MOTHERS)) == 2
    go_to(house, 27, 15, 30)
    assert [letter.subject for letter in house.office.to(MOTHERS)][2:] == ["Sam: good news from school"]


def test_a_worker_that_comes_late_still_writes_two_letters(house: House) -> None:
    choose(house, "daily")
    go_to(house, 27, 12)
    house.hear(house.praise(), house.evening("sam"))
    go_to(house, 27, 19)
    assert sorted(letter.subject for letter in house.office.to(MOTHERS)) == [
        "Sam: good news from school", "Sam: parents' evening, Thursday 26 November"]


def test_a_choice_plans_anew_what_waits(house: House) -> None:
    house.hear(house.praise())
    choose(house)
    house.pump()
    assert house.office.to(MOTHERS) == []
    choose(house, good_news="as-it-comes")
    go_to(house, 24, 9, 1)
    assert len(house.office.to(MOTHERS)) == 1
    choose(house)
    house.hear(house.praise("praise-2"))
    house.choose("mother", "none")
    go_to(house, 27, 15, 30)
    assert len(house.office.to(MOTHERS)) == 1
    assert house.call("GET", "/preferences", MOTHER).json["good_news"] == "weekly"


def test_what_is_left_out_of_a_choice_stays_as_it_was(house: House) -> None:
    choose(house)
    house.choose("mother", "daily")
    assert house.call("GET", "/preferences", MOTHER).json == {
        "email": "daily", "good_news": "weekly", "language": None}
    assert house.call("PUT", "/preferences", MOTHER, {"email": "daily", "good_news": "monthly"}).status_code == 422


def test_a_right_that_ends_before_friday_takes_the_weeks_letter_back(house: House) -> None:
    house.sibling("kim", "Kim")
    choose(house)
    house.hear(house.praise("praise-1"), house.praise("praise-2", "kim"))
    house.hear(house.rights("sam", "mother", receive=[], book=[]))
    go_to(house, 27, 15, 30)
    (letter,) = house.office.to(MOTHERS)
    assert letter.subject == "Kim: good news from school"
    assert "Sam" not in letter.text


def test_a_weeks_letter_that_could_not_be_handed_over_is_tried_again_whole(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=[]))
    choose(house)
    house.hear(house.praise("praise-1"), house.praise("praise-2"))
    house.office.failures = [Unavailable()]
    go_to(house, 27, 15, 30)
    choose(house, good_news="as-it-comes")
    go_to(house, 27, 15, 32)
    first, second = house.office.to(MOTHERS)
    assert (first.reference, first.text) == (second.reference, second.text)


def test_the_week_ends_over_a_clock_change(tmp_path: Any, request: pytest.FixtureRequest) -> None:
    clock = FixedClock(datetime(2026, 10, 23, 15, 0, tzinfo=UTC))  # 4pm on the last Friday of summer time
    house = build_house(new_database(request, "sqlite", tmp_path), clock=clock)
    house.settle()
    choose(house)
    house.hear(house.praise())
    for hours, letters in ((7 * 24, 0), (0.5, 1)):  # 3pm, 3:30pm by the school's clock
        clock.advance(hours=hours)
        house.beat()
        house.pump()
        assert len(house.office.to(MOTHERS)) == letters
    house.service.database.close()
