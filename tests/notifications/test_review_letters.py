"""A talk about what we do together is in a calendar as an appointment is: kept, moved and taken out by its file."""

from __future__ import annotations

from typing import Any

import pytest
import vobject

from chassis.envelope import Event
from tests.fakes import event
from tests.notifications.house import SCHEDULING, House, house

__all__ = ["house"]
BOOKED = {"starts_at": "2026-11-26T17:10:00+00:00", "ends_at": "2026-11-26T17:30:00+00:00", "how": "phone"}


def review(happened: str, version: int, **data: Any) -> Event:
    about = {"review_id": "r-1", "partnership_id": "loop-1", "pupil_id": "sam", "guardian_ids": ["mother"],
             "staff_ids": ["shaw"]}
    return event(f"{SCHEDULING}.review.{happened}.v1", "r-1", {**about, **data}, version=version)


def files(house: House) -> list[Any]:
    """What the mother's calendar was told, in order."""
    house.pump()
    return [vobject.readOne(letter.calendar.decode()) for letter in house.office.to("mother@home.invalid")
            if letter.calendar]


def test_booked_moved_and_taken_out_of_the_calendar(house: House) -> None:
    moved = {**BOOKED, "starts_at": "2026-11-27T08:15:00+00:00", "ends_at": "2026-11-27T08:35:00+00:00"}
    house.hear(review("booked", 2, **BOOKED, sequence=0))
    house.pump()
    house.hear(review("booked", 3, **moved, sequence=1))
    house.pump()
    house.hear(review("cancelled", 4, **moved, sequence=2, cause="guardian"))
    told = files(house)
    assert [one.method.value for one in told] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {one.vevent.uid.value for one in told} == {"r-1@tandem.invalid"}
    assert [one.vevent.sequence.value for one in told] == ["0", "1", "2"]
    assert [f"{one.vevent.dtstart.value:%d %H:%M}" for one in told] == ["26 17:10", "27 08:15", "27 08:15"]
    assert told[0].vevent.summary.value == "Sam: looking again together"
    assert (told[0].vevent.location.value, told[2].vevent.status.value) == ("By phone", "CANCELLED")
    first = house.office.to("mother@home.invalid")[0]
    assert "Thursday 26 November, 5:10pm" in first.subject
    assert "calendar file" in first.text
    assert first.calendar_method == "REQUEST"


@pytest.mark.parametrize("sequence", [{}, {"sequence": 1}])
def test_an_offer_that_went_has_nothing_to_take_out(house: House, sequence: dict[str, int]) -> None:
    house.hear(review("cancelled", 2, cause="staff", **sequence))
    assert files(house) == []
    assert len(house.office.to("mother@home.invalid")) == 1


def test_what_was_told_before_there_was_a_number_begins_with_none(house: House) -> None:
    house.hear(review("booked", 2, starts_at=BOOKED["starts_at"], ends_at=BOOKED["ends_at"]))
    (only,) = files(house)
    assert (only.vevent.sequence.value, "location" in only.vevent.contents) == ("0", False)


def test_good_news_leads_to_the_childs_good_news(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert "https://tandem.invalid/children/sam/good-news" in letter.text
