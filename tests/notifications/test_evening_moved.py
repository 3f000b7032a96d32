"""An evening on another day: who may answer looks at the answer again, and who sits there knows when."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Event
from tests.fakes import event
from tests.notifications.house import ALWAYS, SCHEDULING, House, house

__all__ = ["house"]

MOVED: dict[str, Any] = {
    "evening_id": "evening-1", "was_on": "2026-11-26", "on": "2026-12-03", "starts_at": "2026-12-03T16:00:00+00:00",
    "ends_at": "2026-12-03T18:30:00+00:00", "respond_by": "2026-11-28", "pupil_ids": ["sam"],
    "staff_ids": ["shaw", "shaw"]}


def moved(version: int = 2, **changes: Any) -> Event:
    return event(f"{SCHEDULING}.evening.moved.v1", "evening-1", {**MOVED, **changes}, version=version)


def test_who_may_answer_is_told_and_who_may_not_hears_nothing(house: House) -> None:
    house.hear(house.rights("sam", "mother", receive=ALWAYS, book=ALWAYS),
               house.rights("sam", "father", receive=ALWAYS, book=[]))
    house.hear(moved())
    (notice,) = house.notices("mother")
    assert (notice["kind"], notice["needs"], notice["data"]["on"]) == ("evening-moved", True, "2026-12-03")
    assert house.notices("father") == []
    (staff,) = house.notices("shaw", "staff")
    assert (staff["kind"], staff["pupil"]) == ("evening-moved", None)


def test_the_letter_says_when_and_what_to_look_at(house: House) -> None:
    house.hear(house.rights("sam", "mother", receive=ALWAYS, book=ALWAYS))
    house.hear(moved())
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == "Sam: parents' evening moved to Thursday 3 December"
    assert "from 4:00pm to 6:30pm" in letter.text
    assert "look at it again by Saturday 28 November" in letter.text
    assert "/evenings/evening-1/wishes" in letter.text
    assert any(one.subject == "Parents' evening moved to Thursday 3 December" for one in house.office.letters)


def test_of_two_changes_the_last_is_told(house: House) -> None:
    house.hear(house.rights("sam", "mother", receive=ALWAYS, book=ALWAYS))
    house.hear(moved())
    house.hear(moved(3, on="2026-12-04", starts_at="2026-12-04T16:00:00+00:00", ends_at="2026-12-04T18:00:00+00:00"))
    house.pump()
    assert [letter.subject for letter in house.office.to("mother@home.invalid")] == [
        "Sam: parents' evening moved to Friday 4 December"]


def test_of_an_evening_that_is_cancelled_after_it_moved_the_last_word_stays(house: House) -> None:
    house.hear(house.rights("sam", "mother", receive=ALWAYS, book=ALWAYS))
    house.hear(moved())
    house.hear(event(f"{SCHEDULING}.evening.cancelled.v1", "evening-1", {
        "evening_id": "evening-1", "on": "2026-12-03", "pupil_ids": ["sam"], "staff_ids": []}, version=3))
    assert [one["kind"] for one in house.notices("mother")] == ["evening-cancelled"]
