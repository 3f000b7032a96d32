"""Looking again together: times for each adult, a place for one at a time, and nothing that stays when it may not."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.reviews.rules import (
    LENGTH,
    USUAL_HOURS,
    Hours,
    list_starts,
    list_ways,
    share_out,
    spread,
)
from tests.scheduling.house import House, ask_review, each_house, house, review_asked, review_dropped

__all__ = ["each_house", "house"]
LONDON = ZoneInfo("Europe/London")


def mine(house: House, who: dict[str, str]) -> list[dict[str, Any]]:
    return list(house.call(who, "GET", "/reviews").json["items"])


def open_one(house: House, guardian: str = "mum") -> dict[str, Any]:
    """That adult's review, with its times."""
    who = house.guardian(guardian)
    return dict(house.call(who, "GET", f"/reviews/{mine(house, who)[0]['id']}").json)


def book(house: House, guardian: str, review: dict[str, Any], at: str, **more: Any) -> Any:
    return house.call(house.guardian(guardian), "POST", f"/reviews/{review['id']}/book", {"starts_at": at, **more})


def told(house: House, about: str = "review.") -> list[tuple[str, Any]]:
    return [(name, data) for name, data in house.facts() if name.startswith(about)]


def test_each_adult_is_offered_times_on_school_days_in_good_hours(each_house: House) -> None:
    house = each_house
    ask_review(house)
    mums, dads = open_one(house), open_one(house, "dad")
    assert (mums["state"], len(mums["times"]), mums["staff"]["family_name"]) == ("offered", 6, "Osei")
    assert mums["ways"] == ["in-person", "phone"]
    assert not set(mums["times"]) & set(dads["times"])
    days = {at[:10] for at in mums["times"] + dads["times"]}
    assert days <= {"2026-11-25", "2026-11-26", "2026-11-30", "2026-12-01", "2026-12-02"}
    assert [(name, data["guardian_ids"], data["staff_ids"]) for name, data in told(house)] == [
        ("review.offered", ["mum"], ["ama"]), ("review.offered", ["dad"], [])]
    assert "guardian" not in mums
    assert {one["guardian"]["id"] for one in mine(house, house.staff("ama", "teacher"))} == {"mum", "dad"}
    assert mine(house, house.staff("noa", "teacher")) == []


def test_a_time_is_booked_moved_and_given_back(each_house: House) -> None:
    house = each_house
    ask_review(house)
    review = open_one(house)
    first, second = review["times"][:2]
    made = book(house, "mum", review, first, how="phone")
    assert (made.status_code, made.json["state"], made.json["how"]) == (200, "booked", "phone")
    assert book(house, "mum", review, first, how="phone").json["sequence"] == 0
    moved = book(house, "mum", review, second)
    assert (moved.json["starts_at"], moved.json["how"], moved.json["sequence"]) == (second, "phone", 1)
    assert first in moved.json["times"]
    gone = house.call(house.guardian("mum"), "POST", f"/reviews/{review['id']}/cancel")
    assert (gone.json["state"], gone.json["is_open"], gone.json["starts_at"]) == ("cancelled", True, None)
    assert book(house, "mum", review, first).status_code == 200
    assert [name for name, _ in told(house)] == ["review.offered"] * 2 + [
        "review.booked", "review.booked", "review.cancelled", "review.booked"]
    versions = [data for name, data in told(house) if name == "review.booked"]
    assert versions[0]["ends_at"] == (datetime.fromisoformat(first) + LENGTH).isoformat()


def test_a_teacher_is_at_one_place_at_a_time(each_house: House) -> None:
    house = each_house
    ask_review(house, guardian_ids=["mum"])
    at = open_one(house)["times"][0]
    start = datetime.fromisoformat(at)
    local = start.astimezone(LONDON)
    evening = house.open_evening(on=local.date().isoformat(), respond_by="2026-11-24", **{
        "from": f"{local - timedelta(minutes=10):%H:%M}", "to": f"{local + timedelta(minutes=40):%H:%M}"})
    assert book(house, "mum", open_one(house), at).status_code == 200
    slots = house.slots(evening, "dad", "mina")["ama"]
    assert [slot["state"] for slot in slots] == ["free", "taken", "taken", "free", "free"]
    assert house.book(evening, "dad", "mina", slots[2]).status_code == 409
    assert house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["noa"][2]).status_code == 409
    ask_review(house, 1, partnership_id="other", pupil_id="sam", guardian_ids=["gran"])
    house.book(evening, "dad", "mina", slots[3])
    other = open_one(house, "gran")
    house.call(house.staff("ama", "teacher"), "PUT", f"/reviews/{other['id']}/times", {"times": [at]})
    assert at not in open_one(house, "gran")["times"]


def test_who_comes_second_is_told_what_is_free(each_house: House) -> None:
    house = each_house
    ask_review(house, guardian_ids=["mum"])
    ask_review(house, partnership_id="other", pupil_id="sam", guardian_ids=["gran"])
    mums, grans = open_one(house), open_one(house, "gran")
    at = mums["times"][0]
    assert at in grans["times"]
    gate, replies = threading.Barrier(2), []

    def want(guardian: str, review: dict[str, Any]) -> None:
        gate.wait()
        replies.append(book(house, guardian, review, at))

    threads = [threading.Thread(target=want, args=pair) for pair in (("mum", mums), ("gran", grans))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    lost = next(reply for reply in replies if reply.status_code == 409)
    assert lost.json["detail"].startswith("Someone took Wednesday 25 November, 8:15am a moment ago. These are free: ")


def test_two_who_must_not_meet_get_no_times_near_each_other(each_house: House) -> None:
    house = each_house
    house.tell(house.keep_apart("mum", "gran"))
    ask_review(house, guardian_ids=["mum"])
    ask_review(house, partnership_id="other", pupil_id="sam", guardian_ids=["gran"], staff_ids=["noa"])
    at = open_one(house)["times"][0]
    assert at in open_one(house, "gran")["times"]
    assert book(house, "mum", open_one(house), at).status_code == 200
    grans = open_one(house, "gran")
    assert at not in grans["times"]
    reply = book(house, "gran", grans, at)
    assert (reply.status_code, reply.json["detail"][:12]) == (409, "Someone took")


def test_a_pair_declared_later_gives_the_later_time_back(house: House) -> None:
    ask_review(house, guardian_ids=["mum"])
    ask_review(house, partnership_id="other", pupil_id="sam", guardian_ids=["gran"], staff_ids=["noa"])
    at = open_one(house)["times"][0]
    book(house, "mum", open_one(house), at)
    house.clock.advance(seconds=1)
    book(house, "gran", open_one(house, "gran"), at)
    house.tell(house.keep_apart("mum", "gran"))
    name, data = told(house)[-1]
    assert (name, data["guardian_ids"], data["cause"]) == ("review.cancelled", ["gran"], "office")
    assert (open_one(house)["state"], open_one(house, "gran")["state"]) == ("booked", "offered")


def test_none_suits_and_the_teacher_offers_others(house: House) -> None:
    ask_review(house)
    review, ama = open_one(house), house.staff("ama", "teacher")
    path = f"/reviews/{review['id']}"
    reply = house.call(house.guardian("mum"), "POST", f"{path}/unsuited", {
        "can": [{"on": "2026-12-01", "from": "12:00", "to": "13:00"}]})
    assert (reply.status_code, reply.json["state"]) == (200, "unsuited")
    seen = house.call(ama, "GET", path).json
    assert seen["can"] == [{"on": "2026-12-01", "from": "12:00", "to": "13:00"}]
    fresh = "2026-12-01T12:10:00+00:00"
    assert house.call(ama, "PUT", f"{path}/times", {"times": [fresh]}).json["state"] == "offered"
    assert told(house)[-1][1]["guardian_ids"] == ["mum"]
    assert book(house, "mum", review, fresh).status_code == 200
    assert house.call(house.guardian("mum"), "POST", f"{path}/unsuited", {"can": []}).status_code == 409
    assert house.call(ama, "PUT", f"{path}/times", {"times": [fresh]}).status_code == 409


@pytest.mark.parametrize(("method", "path", "body", "where"), [
    ("POST", "unsuited", {"can": [{"on": "2026-12-01", "from": "13:00", "to": "12:00"}]}, "/can"),
    ("POST", "unsuited", {"can": [{"on": "soon", "from": "13:00", "to": "12:00"}]}, "/can/0/on"),
    ("POST", "book", {"starts_at": "2026-12-01T12:10:00+00:00"}, "/starts_at"),
    ("POST", "book", {"starts_at": "then"}, "/starts_at"),
])
def test_what_cannot_be_is_said_in_words(house: House, method: str, path: str, body: Any, where: str) -> None:
    ask_review(house)
    reply = house.call(house.guardian("mum"), method, f"/reviews/{open_one(house)['id']}/{path}", body)
    assert (reply.status_code, [fault["pointer"] for fault in reply.json["errors"]]) == (422, [where])


def test_a_teacher_offers_no_time_that_has_gone_by_or_that_is_theirs_no_more(house: House) -> None:
    ask_review(house)
    mums, dads, ama = open_one(house), open_one(house, "dad"), house.staff("ama", "teacher")
    book(house, "mum", mums, mums["times"][0])
    for at in ("2026-11-01T12:10:00+00:00", "2028-11-01T12:10:00+00:00", mums["times"][0]):
        assert house.call(ama, "PUT", f"/reviews/{dads['id']}/times", {"times": [at]}).status_code == 422


def test_video_needs_a_room_and_being_there_needs_the_right(house: House) -> None:
    ask_review(house)
    review = open_one(house)
    assert book(house, "mum", review, review["times"][0], how="video").status_code == 422
    room = "https://video.invalid/osei"
    hours = {"windows": [{"weekday": 1, "from": "12:00", "to": "13:00"}], "link": room}
    assert house.call(house.staff("ama", "teacher"), "PUT", "/hours", hours).json == hours
    assert book(house, "mum", review, review["times"][0], how="video").json["link"] == room
    assert house.facts()[-1][1]["link"] == room
    assert book(house, "mum", review, review["times"][0], how="phone").status_code == 200
    assert (house.facts()[-1][0], "link" in house.facts()[-1][1]) == ("review.booked", False)
    house.tell(house.let("dad", "mina", attend=[]))
    dads = open_one(house, "dad")
    assert dads["ways"] == ["phone", "video"]
    assert book(house, "dad", dads, dads["times"][0], how="in-person").status_code == 422


def test_good_hours_are_ones_own_and_what_is_offered_next_is_in_them(house: House) -> None:
    ama = house.staff("ama", "teacher")
    assert len(house.call(ama, "GET", "/hours").json["windows"]) == 10
    house.call(ama, "PUT", "/hours", {"windows": [{"weekday": 1, "from": "12:00", "to": "13:00"}]})
    bad = house.call(ama, "PUT", "/hours", {"windows": [{"weekday": 1, "from": "13:00", "to": "12:00"}]})
    assert bad.status_code == 422
    assert house.call(ama, "PUT", "/hours", {"windows": [], "link": "http://x.invalid"}).status_code == 422
    ask_review(house, guardian_ids=["mum"])
    assert [at[:16] for at in open_one(house)["times"]] == [
        "2026-12-01T12:00", "2026-12-01T12:20", "2026-12-01T12:40"]


def test_a_right_that_ends_takes_the_review_along_and_brings_nothing_back(house: House) -> None:
    ask_review(house)
    review = open_one(house)
    book(house, "mum", review, review["times"][0])
    house.tell(house.let("mum", "mina", []))
    name, data = told(house)[-1]
    assert (name, data["cause"], data["guardian_ids"]) == ("review.cancelled", "right_ended", ["mum"])
    there = house.call(house.guardian("mum"), "GET", f"/reviews/{review['id']}")
    absent = house.call(house.guardian("mum"), "GET", "/reviews/nothing")
    assert (there.status_code, there.data) == (404, absent.data)
    house.tell(house.let("mum", "mina"))
    assert mine(house, house.guardian("mum")) == []
    assert house.call(house.guardian("mum"), "GET", f"/reviews/{review['id']}").json["is_open"] is False
    assert book(house, "mum", review, review["times"][0]).status_code == 409
    assert open_one(house, "dad")["state"] == "offered"


def test_who_may_not_come_any_more_chooses_another_way(house: House) -> None:
    ask_review(house)
    review = open_one(house)
    book(house, "mum", review, review["times"][0], how="in-person")
    house.tell(house.let("mum", "mina", attend=[]))
    assert told(house)[-1][1]["cause"] == "right_ended"
    again = open_one(house)
    assert (again["state"], again["ways"]) == ("offered", ["phone"])


def test_a_child_who_left_has_no_review(house: House) -> None:
    ask_review(house)
    house.tell(house.state("pupil.described", "mina", {"given_name": "Mina", "family_name": "Vale", "status": "left"}))
    assert [data["cause"] for name, data in told(house) if name == "review.cancelled"] == ["pupil_left"] * 2
    house.tell(review_asked(9))
    assert len(told(house)) == 4


def state_of(house: House) -> list[tuple[str, str, int]]:
    return sorted((one["guardian"]["id"], one["state"], len(one["from_on"]))
                  for one in mine(house, house.staff("ama", "teacher")))


def test_words_that_come_again_late_or_out_of_order_end_alike(house: House) -> None:
    ask_review(house, 1)
    asked, dropped, again = review_asked(1), review_dropped(2), review_asked(3, by_on="2026-12-04")
    review = open_one(house)
    book(house, "mum", review, review["times"][0])
    house.tell(asked)
    assert open_one(house)["state"] == "booked"
    house.tell(dropped)
    house.tell(asked, dropped)
    assert state_of(house) == []
    assert [data["cause"] for name, data in told(house) if name == "review.cancelled"] == ["dropped"] * 2
    house.tell(again)
    house.tell(dropped)
    house.tell(asked)
    assert [one[:2] for one in state_of(house)] == [("dad", "offered"), ("mum", "offered")]
    assert open_one(house)["by_on"] == "2026-12-04"


def test_a_wish_that_was_dropped_before_it_came_offers_nothing(house: House) -> None:
    house.tell(review_dropped(2))
    ask_review(house, 1)
    assert told(house) == []


def test_another_date_offers_anew_and_another_adult_is_added(house: House) -> None:
    ask_review(house, guardian_ids=["mum"])
    review = open_one(house)
    book(house, "mum", review, review["times"][0])
    house.tell(review_asked(2))
    assert (open_one(house)["state"], open_one(house, "dad")["state"]) == ("booked", "offered")
    house.tell(review_asked(3, from_on="2026-12-07", by_on="2026-12-09"))
    assert [open_one(house, one)["state"] for one in ("mum", "dad")] == ["offered", "offered"]
    assert min(open_one(house)["times"]) > "2026-12-07"
    house.tell(review_asked(4, from_on="2026-12-07", by_on="2026-12-09", guardian_ids=["dad"]))
    assert mine(house, house.guardian("mum")) == []


def test_a_barred_adult_who_is_named_is_offered_nothing(house: House) -> None:
    ask_review(house, guardian_ids=["barred", "mum"])
    assert [data["guardian_ids"] for _, data in told(house)] == [["mum"]]


def test_only_the_teacher_who_leads_and_the_office_have_a_review(house: House) -> None:
    ask_review(house)
    path = f"/reviews/{open_one(house)['id']}"
    assert [house.call(who, "GET", path).status_code for who in (
        house.staff("ama", "teacher"), house.office, house.staff("noa", "teacher"), house.guardian("dad"),
        house.guardian("gran"))] == [200, 200, 404, 404, 404]


def test_what_has_begun_is_neither_moved_nor_cancelled(house: House) -> None:
    ask_review(house)
    review = open_one(house)
    book(house, "mum", review, review["times"][0])
    house.clock.advance(days=2)
    house.beat()
    assert book(house, "mum", review, review["times"][-1]).status_code == 409
    assert house.call(house.guardian("mum"), "POST", f"/reviews/{review['id']}/cancel").status_code == 409


def test_a_booked_review_is_on_the_first_page_and_in_the_calendar(house: House) -> None:
    ask_review(house)
    review, mum = open_one(house), house.guardian("mum")
    assert [one["state"] for one in house.call(mum, "GET", "/home").json["reviews"]] == ["offered"]
    book(house, "mum", review, review["times"][0], how="phone")
    token = house.call(mum, "POST", "/feeds").json["token"]
    feed = house.call(None, "GET", f"/feeds/{token}.ics").text
    assert "SUMMARY:Mina: looking again together" in feed
    assert "LOCATION:By phone" in feed
    assert house.call(house.guardian("dad"), "GET", "/home").json["reviews"][0]["state"] == "offered"


SPANS = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 90)), max_size=8)


def spans_of(rough: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    first = datetime(2026, 12, 1, 8, tzinfo=UTC)
    return [(first + timedelta(minutes=start), first + timedelta(minutes=start + length)) for start, length in rough]


@given(SPANS, SPANS)
def test_no_time_is_outside_of_the_hours_or_on_top_of_another(rough: Any, rough_busy: Any) -> None:
    hours, busy = spans_of(rough), spans_of(rough_busy)
    for at in list_starts(hours, busy):
        assert any(start <= at and at + LENGTH <= end for start, end in hours)
        assert not any(start < at + LENGTH and end > at for start, end in busy)


@given(st.lists(st.datetimes(), unique=True, max_size=40).map(sorted), st.integers(1, 5))
def test_everybody_gets_a_few_of_what_there_is(starts: Any, adults: int) -> None:
    names = [str(number) for number in range(adults)]
    for found in share_out(starts, names).values():
        assert len(found) == len(set(found)) <= 6
        assert set(found) <= set(starts)
        assert found or not starts
    assert len(spread(starts)) == min(6, len(starts))


@pytest.mark.parametrize(("day", "expected"), [
    (date(2026, 3, 27), ["08:15", "15:15"]), (date(2026, 3, 30), ["07:15", "14:15"]), (date(2026, 3, 28), [])])
def test_hours_are_the_schools_own_clock(day: date, expected: list[str]) -> None:
    assert [f"{start:%H:%M}" for start, _ in Hours(USUAL_HOURS, LONDON).spans_on(day)] == expected


@pytest.mark.parametrize(("may_attend", "has_link", "ways"), [
    (True, True, ["in-person", "phone", "video"]), (False, False, ["phone"]), (False, True, ["phone", "video"])])
def test_ways_to_meet(may_attend: bool, has_link: bool, ways: list[str]) -> None:
    assert list_ways(may_attend, has_link) == ways


def test_a_wish_for_fewer_leaves_theirs_as_it_was_and_takes_the_others_back(house: House) -> None:
    """Also when the one that stays gave a time back: nothing new is offered, and nothing is said."""
    ask_review(house)
    mums, dads = open_one(house), open_one(house, "dad")
    house.call(house.guardian("mum"), "POST", f"/reviews/{mums['id']}/cancel")
    before, said = house.call(house.guardian("mum"), "GET", f"/reviews/{mums['id']}").json, len(told(house))
    for again in (review_asked(2, guardian_ids=["mum"]), review_asked(1), review_asked(2, guardian_ids=["mum"])):
        house.tell(again)
    assert house.call(house.guardian("mum"), "GET", f"/reviews/{mums['id']}").json == before
    assert mine(house, house.guardian("dad")) == []
    (gone,) = told(house)[said:]
    assert (gone[1]["review_id"], gone[1]["guardian_ids"], gone[1]["staff_ids"]) == (dads["id"], [], [])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_every_order_the_last_word_stands(house: House, order: tuple[int, ...]) -> None:
    ask_review(house, 1, guardian_ids=["nobody"])
    words = [review_asked(2), review_asked(3, guardian_ids=["mum"]), review_dropped(4)]
    for place in order:
        house.tell(words[place])
    assert mine(house, house.guardian("mum")) == mine(house, house.guardian("dad")) == []
    house.tell(review_asked(5, guardian_ids=["mum"]), *words)
    assert (open_one(house)["state"], mine(house, house.guardian("dad"))) == ("offered", [])


def test_who_had_booked_is_told_that_it_is_off(house: House) -> None:
    ask_review(house)
    dads = open_one(house, "dad")
    book(house, "dad", dads, dads["times"][0])
    house.tell(review_asked(2, guardian_ids=["mum"]))
    assert [data["guardian_ids"] for name, data in told(house) if name == "review.cancelled"] == [["dad"]]
