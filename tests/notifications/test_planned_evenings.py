"""An evening that was planned is told once to each adult: one letter, all times, one calendar file."""

from __future__ import annotations

from typing import Any

import vobject

from chassis.envelope import Event
from tests.fakes import event
from tests.notifications.house import SCHEDULING, House, house

__all__ = ["house"]


def talk(number: int, pupil: str, starts_at: str, ends_at: str, **more: Any) -> dict[str, Any]:
    return {"appointment_id": f"appointment-{number}", "pupil_id": pupil, "staff_id": "shaw",
            "starts_at": f"2026-11-26T{starts_at}:00+00:00", "ends_at": f"2026-11-26T{ends_at}:00+00:00",
            "how": "in-person", "place": "Main hall", "room": "Room 3", "sequence": 0, **more}


def itinerary(*talks: dict[str, Any], pupils: tuple[str, ...] = ("sam", "kim"), adult: str = "mother") -> Event:
    return event(f"{SCHEDULING}.itinerary.planned.v1", f"evening-1:{adult}", {
        "evening_id": "evening-1", "guardian_id": adult, "on": "2026-11-26", "pupil_ids": list(pupils),
        "talks": list(talks)})


BOTH = (talk(1, "sam", "17:10", "17:20"), talk(2, "kim", "17:30", "17:40", how="phone"))


def with_kim(house: House) -> None:
    """Mother has two children here."""
    house.sibling("kim", "Kim")
    house.choose("mother", "daily")


def test_one_letter_has_all_times_and_one_calendar_file(house: House) -> None:
    with_kim(house)
    house.hear(house.appointment("booked", planned=True), itinerary(*BOTH))
    house.pump()
    [letter] = house.office.to("mother@home.invalid")
    assert "5:10pm, Sam: Room 3, Main hall" in letter.text
    assert "5:30pm, Kim: By phone" in letter.text
    assert letter.calendar_method == "PUBLISH"
    events = vobject.readOne((letter.calendar or b"").decode()).contents["vevent"]
    assert [one.uid.value for one in events] == ["appointment-1@tandem.invalid", "appointment-2@tandem.invalid"]
    assert [f"{one.dtstart.value:%H:%M %Z}" for one in events] == ["17:10 UTC", "17:30 UTC"]
    assert not any("attendee" in one.contents for one in events)


def test_a_talk_about_a_child_of_whom_no_more_may_be_heard_is_in_no_letter(house: House) -> None:
    with_kim(house)
    house.hear(itinerary(*BOTH), house.rights("kim", "mother", receive=[], book=[]))
    house.pump()
    [letter] = house.office.to("mother@home.invalid")
    assert ("Sam" in letter.text, "Kim" in letter.text) == (True, False)


def test_an_evening_without_a_time_is_told_kindly_and_without_a_file(house: House) -> None:
    house.hear(itinerary(pupils=("sam",)))
    house.pump()
    [letter] = house.office.to("mother@home.invalid")
    assert "We are sorry" in letter.text
    assert letter.calendar is None


def test_staff_get_one_notice_and_no_letter_for_each_talk(house: House) -> None:
    house.hear(house.appointment("booked", planned=True), event(f"{SCHEDULING}.plan.published.v1", "plan-1", {
        "evening_id": "evening-1", "plan_id": "plan-1", "on": "2026-11-26", "staff_ids": ["shaw"]}))
    assert [one["kind"] for one in house.notices("shaw", "staff")] == ["plan-published"]


def test_who_lost_a_time_by_a_change_at_school_may_choose_another(house: House) -> None:
    house.hear(house.appointment("booked"), house.appointment("cancelled", cause="replanned", sequence=1))
    house.pump()
    words = house.office.to("mother@home.invalid")[-1]
    assert words.calendar_method == "CANCEL"
    assert "Choose another time, or ask for a talk on another day" in words.text


def test_who_has_answered_is_reminded_no_more_and_the_others_still_are(house: House) -> None:
    asked = {"evening_id": "evening-1", "on": "2026-11-26", "respond_by": "2026-11-20", "pupil_id": "sam",
             "guardian_ids": ["mother", "father"], "staff_ids": []}
    house.hear(event(f"{SCHEDULING}.wishes.reminded.v1", "evening-1", asked))
    answered = event(f"{SCHEDULING}.wishes.answered.v1", "evening-1", {
        "evening_id": "evening-1", "guardian_id": "mother", "pupil_ids": ["sam"]})
    assert [one["kind"] for one in house.notices("mother")] == ["wishes-reminded"]
    house.hear(answered, answered)
    house.pump()
    assert house.notices("mother") == []
    assert [one["kind"] for one in house.notices("father")] == ["wishes-reminded"]
    assert house.office.to("mother@home.invalid") == []
