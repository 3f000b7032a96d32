"""A review of which nobody at home has a part any more: gone for the adult, as it was for the member of staff."""

from __future__ import annotations

from typing import Any

from tests.scheduling.house import House, ask_review, each_house, house, review_asked, review_dropped
from tests.scheduling.test_feeds import entries, new_link
from tests.scheduling.test_reviews import book, mine, open_one, told

__all__ = ["each_house", "house"]


def seen_by_staff(house: House) -> list[Any]:
    """Everything of reviews that the member of staff is shown, but for the calendar's own count."""
    ama = house.staff("ama", "teacher")
    shown = [house.call(ama, "GET", f"/reviews/{item['id']}").json for item in mine(house, ama)]
    return [{name: value for name, value in one.items() if name not in ("sequence", "changed_at")} for one in shown]


def leave(house: House) -> None:
    house.tell(review_asked(2, guardian_ids=[]))


def test_offers_go_from_home_without_a_word_and_stay_where_they_were_at_school(each_house: House) -> None:
    house = each_house
    ask_review(house)
    mums, before, said = open_one(house), seen_by_staff(house), len(told(house))
    leave(house)
    for who in ("mum", "dad"):
        adult = house.guardian(who)
        assert mine(house, adult) == house.call(adult, "GET", "/home").json["reviews"] == []
    assert book(house, "mum", mums, mums["times"][0]).status_code == 404
    assert house.call(house.staff("office", "office"), "GET", f"/reviews/{mums['id']}").status_code == 404
    assert (len(before), seen_by_staff(house), told(house)[said:]) == (2, before, [])


def test_who_had_booked_alone_is_told_and_the_time_stays_in_the_teachers_diary(each_house: House) -> None:
    house = each_house
    ask_review(house)
    mums, token = open_one(house), new_link(house)
    at = mums["times"][0]
    book(house, "mum", mums, at)
    before = seen_by_staff(house)
    leave(house)
    leave(house)
    name, data = told(house)[-1]
    assert (name, data["guardian_id"], data["guardian_ids"], data["staff_ids"]) == (
        "review.cancelled", "mum", ["mum"], [])
    assert (data["cause"], data["starts_at"]) == ("dropped", at)
    assert [entry.status.value for entry in entries(house, token).values()] == ["CANCELLED"]
    assert seen_by_staff(house) == before
    other = review_asked(1, partnership_id="other", guardian_ids=["dad"])
    house.tell(other)
    assert at not in next(one["times"] for one in seen_by_staff(house)
                          if one["partnership_id"] == "other"), "it is not free for somebody else"


def test_what_the_teacher_does_with_it_then_is_told_to_no_adult(house: House) -> None:
    ask_review(house)
    mums, dads = open_one(house), open_one(house, "dad")
    book(house, "mum", mums, mums["times"][0])
    leave(house)
    ama, said = house.staff("ama", "teacher"), len(told(house))
    assert house.call(ama, "PUT", f"/reviews/{dads['id']}/times", {"times": [dads["times"][1]]}).status_code == 200
    assert house.call(ama, "POST", f"/reviews/{mums['id']}/cancel").status_code == 200
    house.tell(review_asked(3, guardian_ids=[], by_on="2026-12-04"))
    assert {one["state"] for one in seen_by_staff(house)} == {"offered"}
    house.tell(review_dropped(4))
    assert seen_by_staff(house) == []
    assert all(data["guardian_ids"] == [] for _name, data in told(house)[said:])
    assert mine(house, house.guardian("mum")) == mine(house, house.guardian("dad")) == []


def test_a_right_that_ends_afterwards_says_nothing_at_home(house: House) -> None:
    ask_review(house)
    leave(house)
    said = len(told(house))
    house.tell(house.let("mum", "mina", []))
    assert [(name, data["guardian_ids"], data["staff_ids"]) for name, data in told(house)[said:]] == [
        ("review.cancelled", [], ["ama"])]
