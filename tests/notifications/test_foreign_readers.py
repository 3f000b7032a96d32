"""What comes with a letter about an appointment says the same to every calendar, on both sides of a clock change."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.notifications.house import House, house
from tests.parts.ical import Read, read_by_ical_js, read_by_vobject

__all__ = ["house"]
LINK = "https://video.invalid/osei?room=4&who=parents"
# The clock goes back on 25 October 2026 at 01:00 UTC and forward on 28 March 2027 at 01:00 UTC.
INSTANTS = ("2026-10-23T15:10:00+00:00", "2026-10-25T00:50:00+00:00", "2026-10-25T01:10:00+00:00",
            "2026-10-26T16:10:00+00:00", "2027-03-26T16:10:00+00:00", "2027-03-28T00:50:00+00:00",
            "2027-03-28T01:10:00+00:00", "2027-03-29T15:10:00+00:00")


def files(house: House, address: str = "mother@home.invalid") -> list[bytes]:
    house.pump()
    return [letter.calendar for letter in house.office.to(address) if letter.calendar]


def time(starts_at: str) -> dict[str, str]:
    begins = datetime.fromisoformat(starts_at)
    return {"starts_at": starts_at, "ends_at": (begins + timedelta(minutes=10)).isoformat()}


@pytest.mark.parametrize("starts_at", INSTANTS)
def test_an_invitation_an_update_and_its_end_are_read_alike(house: House, starts_at: str) -> None:
    later = (datetime.fromisoformat(starts_at) + timedelta(minutes=30)).isoformat()
    house.hear(house.appointment("booked", **time(starts_at), sequence=0, place="Room 3, Main hall"),
               house.appointment("moved", **time(later), sequence=1, place="Room 4, Main hall"),
               house.appointment("cancelled", **time(later), sequence=2, place="Room 4, Main hall", cause="guardian"))
    found = files(house)
    read: list[Read] = [read_by_ical_js(text) for text in found]
    assert read == [read_by_vobject(text) for text in found]
    assert [one.method for one in read] == ["REQUEST", "REQUEST", "CANCEL"]
    entries = [one.entries[0] for one in read]
    assert [entry.starts_at.isoformat() for entry in entries] == [starts_at, later, later]
    assert all(entry.ends_at - entry.starts_at == timedelta(minutes=10) for entry in entries)
    assert len({entry.uid for entry in entries}) == 1
    assert [(entry.sequence, entry.status, entry.location) for entry in entries] == [
        (0, "CONFIRMED", "Room 3, Main hall"), (1, "CONFIRMED", "Room 4, Main hall"),
        (2, "CANCELLED", "Room 4, Main hall")]


def test_who_comes_by_video_has_the_link_in_letter_and_calendar(house: House) -> None:
    house.hear(house.appointment("booked", how="video", link=LINK, place="Room 3, Main hall"))
    [text] = files(house)
    [entry] = read_by_ical_js(text).entries
    assert (entry.location, entry.url) == (LINK, LINK)
    [letter] = house.office.to("mother@home.invalid")
    assert f"You talk by video: {LINK} It is in the calendar file" in letter.text


@pytest.mark.parametrize(("how", "words", "location"), [
    ("in-person", "Where: Room 3, Main hall.", "Room 3, Main hall"), ("phone", "School rings you then.", "By phone"),
    ("video", "You talk by video.", "By video")])
def test_a_letter_says_where(house: House, how: str, words: str, location: str) -> None:
    house.hear(house.appointment("booked", how=how, place="Room 3, Main hall"))
    [text] = files(house)
    assert read_by_ical_js(text).entries[0].location == location
    assert words in house.office.to("mother@home.invalid")[0].text
