"""An evening that will not be: who could have come, and who would have sat there, are told once and calmly."""

from __future__ import annotations

from chassis.envelope import Event
from tests.fakes import event
from tests.notifications.house import ALWAYS, SCHEDULING, House, house

__all__ = ["house"]

CANCELLED = {"evening_id": "evening-1", "on": "2026-11-26", "pupil_ids": ["sam", "kim"], "staff_ids": ["shaw", "shaw"]}


def cancelled() -> Event:
    return event(f"{SCHEDULING}.evening.cancelled.v1", "evening-1", CANCELLED, version=2)


def test_families_who_could_have_come_are_told_and_the_invitation_is_taken_back(house: House) -> None:
    house.hear(house.pupil("kim", "Kim"), house.rights("kim", "mother", receive=ALWAYS, book=ALWAYS),
               house.rights("sam", "father", receive=ALWAYS, book=[]))
    house.hear(house.evening("sam", "kim"))
    house.hear(cancelled())
    assert sorted((one["kind"], one["pupil"]["given_name"]) for one in house.notices("mother")) == [
        ("evening-cancelled", "Kim"), ("evening-cancelled", "Sam")]
    assert not any(one["needs"] for one in house.notices("mother"))
    assert house.notices("father") == [], "who could not have come hears nothing"


def test_staff_who_would_have_sat_there_are_told_once_and_of_no_child(house: House) -> None:
    house.hear(cancelled())
    (notice,) = house.notices("shaw", "staff")
    assert (notice["kind"], notice["pupil"], notice["data"]) == ("evening-cancelled", None, {"on": "2026-11-26"})


def test_the_letter_says_that_nothing_is_to_be_done(house: House) -> None:
    house.hear(house.pupil("kim", "Kim"), house.rights("kim", "mother", receive=ALWAYS, book=ALWAYS))
    house.hear(cancelled())
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == "Kim and Sam: no parents' evening, Thursday 26 November"
    assert "There is nothing that you need to do." in letter.text
    (staff,) = [one for one in house.office.letters if one.subject.startswith("Parents' evening cancelled")]
    assert "You get this because you work at Oakfield." in staff.text


def test_an_invitation_to_say_what_one_wishes_does_not_ask_to_be_quick(house: House) -> None:
    house.hear(event(f"{SCHEDULING}.evening.opened.v1", "evening-1", {
        "evening_id": "evening-1", "on": "2026-11-26", "respond_by": "2026-11-23", "way": "plan",
        "pupil_ids": ["sam"]}))
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert "there is no need to be first" in letter.text
