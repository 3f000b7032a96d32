"""By when an update is read, and until when it stands: school days count, and holidays do not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.profiles.school_year.rules import default_year
from services.profiles.wellbeing.rules import join_replies, lasts_until, next_chase, promised_at

LONDON = ZoneInfo("Europe/London")
YEAR = default_year(date(2026, 9, 10))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("hours", "shared", "read_by"), [
    (24, "2026-11-24T09:00", "2026-11-25T16:00"),  # a Tuesday
    (24, "2026-11-24T21:30", "2026-11-25T16:00"),  # late counts as that day
    (24, "2026-11-27T10:00", "2026-11-30T16:00"),  # a Friday
    (24, "2026-11-28T10:00", "2026-11-30T16:00"),  # a Saturday
    (24, "2026-12-18T12:00", "2027-01-04T16:00"),  # the last day before Christmas
    (48, "2026-11-24T09:00", "2026-11-26T16:00"),
    (30, "2026-11-24T09:00", "2026-11-26T16:00"),  # a day that has begun counts
    (4, "2026-11-24T09:00", "2026-11-24T13:00"),
    (4, "2026-11-24T06:00", "2026-11-24T12:00"),  # school opens at eight
    (4, "2026-11-24T14:00", "2026-11-25T16:00"),  # too late for today
    (4, "2026-11-24T17:00", "2026-11-25T12:00"),
    (12, "2026-11-28T10:00", "2026-11-30T16:00"),  # more hours than a day has
])
def test_a_promise_counts_the_hours_of_school(hours: int, shared: str, read_by: str) -> None:
    assert promised_at(at(shared), hours, YEAR.next_school_day) == at(read_by)


def test_school_is_reminded_at_the_same_hour_of_the_next_school_day() -> None:
    assert next_chase(at("2026-11-27T16:00"), date(2026, 11, 27), YEAR.next_school_day) == at("2026-11-30T16:00")


@pytest.mark.parametrize(("now", "last"), [
    ("2026-11-24T09:00", "2026-12-18T18:00"),
    ("2026-12-18T19:00", "2027-02-14T18:00"),  # the half-term is over that evening
    ("2026-10-27T09:00", "2026-12-18T18:00"),  # in the holiday it is the half-term that comes
])
def test_until_half_term_is_the_schools_own(now: str, last: str) -> None:
    assert lasts_until(at(now), "half-term", YEAR.next_school_day, YEAR.half_term) == at(last)


def test_a_week_is_a_week_and_until_i_say_has_no_end() -> None:
    now = at("2026-11-24T09:00")
    assert lasts_until(now, "week", YEAR.next_school_day, YEAR.half_term) == now + timedelta(days=7)
    assert lasts_until(now, "i-say", YEAR.next_school_day, YEAR.half_term) is None


def test_no_reply_goes_away() -> None:
    assert join_replies("Thank you.", "We saw.") == "Thank you.\nWe saw."
    assert join_replies(None, "") == ""
