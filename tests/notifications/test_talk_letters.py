"""A talk outside evenings in letters: asked for, offered, kept in the calendar and taken out of it."""

from __future__ import annotations

from typing import Any

import pytest
import vobject

from chassis.envelope import Event
from tests.fakes import event
from tests.notifications.house import SCHEDULING, House, house

__all__ = ["house"]
BOOKED = {"starts_at": "2026-10-25T15:10:00+00:00", "ends_at": "2026-10-25T15:30:00+00:00", "how": "phone"}


def meeting(happened: str, version: int, **data: Any) -> Event:
    about = {"review_id": "r-1", "meeting_id": "m-1", "pupil_id": "sam", "guardian_ids": ["mother"],
             "staff_ids": ["shaw"]}
    return event(f"{SCHEDULING}.meeting.{happened}.v1", "r-1", {**about, **data}, version=version)


def test_it_is_in_the_calendar_as_the_feed_has_it(house: House) -> None:
    house.hear(meeting("booked", 2, **BOOKED, sequence=0))
    house.pump()
    house.hear(meeting("cancelled", 3, **BOOKED, sequence=1, cause="staff"))
    house.pump()
    told = [(letter.calendar_method, vobject.readOne(letter.calendar.decode()).vevent)
            for letter in house.office.to("mother@home.invalid") if letter.calendar]
    assert [(method, one.uid.value, one.sequence.value, one.status.value) for method, one in told] == [
        ("REQUEST", "r-1@tandem.invalid", "0", "CONFIRMED"), ("CANCEL", "r-1@tandem.invalid", "1", "CANCELLED")]
    assert told[0][1].summary.value == "Sam: a talk"
    assert [one.value for one in told[0][1].attendee_list] == ["mailto:mother@home.invalid"]
    assert "https://tandem.invalid/children/sam/reviews/r-1" in house.office.to("mother@home.invalid")[0].text


@pytest.mark.parametrize(("link", "said"), [
    ("https://video.invalid/shaw", "You talk by video: https://video.invalid/shaw"), ("", "You talk by video.")])
@pytest.mark.parametrize("about", ["meeting", "review"])
def test_who_comes_by_video_has_the_link_in_the_letter_and_in_the_calendar(house: House, about: str, link: str,
                                                                           said: str) -> None:
    data = {"review_id": "r-1", f"{'meeting' if about == 'meeting' else 'partnership'}_id": "m-1", "pupil_id": "sam",
            "guardian_ids": ["mother"], "staff_ids": ["shaw"], **BOOKED, "how": "video", "sequence": 0}
    house.hear(event(f"{SCHEDULING}.{about}.booked.v1", "r-1", {**data, **({"link": link} if link else {})}, version=2))
    house.pump()
    for address in ("mother@home.invalid", "shaw@school.invalid"):
        (letter,) = house.office.to(address)
        assert said in letter.text
        kept = vobject.readOne(letter.calendar.decode()).vevent
        assert kept.location.value == (link or "By video")
        assert ("url" in kept.contents) == bool(link)


def test_a_talk_by_phone_has_no_link(house: House) -> None:
    house.hear(meeting("booked", 2, **BOOKED, sequence=0))
    house.pump()
    assert "video" not in house.office.to("mother@home.invalid")[0].text


def test_a_teacher_who_is_asked_is_told_and_the_family_is_not(house: House) -> None:
    house.hear(event(f"{SCHEDULING}.meeting.asked.v1", "m-1", {
        "meeting_id": "m-1", "pupil_id": "sam", "asked_by": "guardian", "staff_ids": ["shaw"]}))
    house.pump()
    (letter,) = house.office.to("shaw@school.invalid")
    assert "https://tandem.invalid/staff/pupils/sam/talks" in letter.text
    assert house.office.to("mother@home.invalid") == []


@pytest.mark.parametrize(("cause", "letters"), [("guardian", 1), ("right_ended", 0), ("pupil_left", 0)])
def test_who_lost_the_right_hears_nothing_of_it(house: House, cause: str, letters: int) -> None:
    house.hear(meeting("cancelled", 2, cause=cause, **BOOKED, sequence=1))
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == letters
    assert len(house.office.to("shaw@school.invalid")) == 1


def test_an_offer_that_was_taken_back_is_not_sent(house: House) -> None:
    house.hear(meeting("offered", 1, staff_ids=[]), meeting("cancelled", 2, cause="staff", sequence=1))
    house.pump()
    assert ["choose a time" in letter.subject for letter in house.office.to("mother@home.invalid")] == [False]
