"""On the night: who is here, what is on, how late it is as those who wait see it; and the morning after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.timers import sweep
from services.scheduling.nights.rules import Said, Talk, find_next, foresee, may_show
from services.scheduling.subscriptions import TIMERS
from tests.scheduling.house import House, house

__all__ = ["house"]

STARTS = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)


def talk(number: int, **more: Any) -> Talk:
    """A talk of ten minutes, the first at four."""
    starts_at = STARTS + timedelta(minutes=10 * number)
    return Talk(f"t{number}", starts_at, starts_at + timedelta(minutes=10), **more)


def at(minutes: float) -> datetime:
    return STARTS + timedelta(minutes=minutes)


@pytest.mark.parametrize(("talks", "said", "now", "late"), [
    ([talk(0), talk(1)], Said(), 5, [0, 0]),  # nobody follows it: it goes as it was agreed
    ([talk(0, began_at=at(4)), talk(1)], Said(), 5, [4, 4]),
    ([talk(0, began_at=at(4)), talk(1), talk(3)], Said(), 20, [4, 10, 0]),  # runs over; a pause takes some of it up
    ([talk(0, began_at=at(0), ended_at=at(15)), talk(1)], Said(), 16, [0, 6]),
    ([talk(0, began_at=at(0), ended_at=at(15)), talk(1)], Said(), 60, [0, 0]),  # forgotten since: as agreed
    ([talk(0), talk(1)], Said(10, at(-1)), 0, [10, 10]),
    ([talk(0, began_at=at(2)), talk(1)], Said(10, at(-1)), 3, [2, 2]),  # what happened says it better
    ([talk(0, outcome="missed"), talk(1)], Said(), 11, [0, 0]),
])
def test_what_is_late_stays_late_until_a_pause_takes_it_up(
        talks: list[Talk], said: Said, now: float, late: list[int]) -> None:
    likely = foresee(talks, said, at(now))
    assert [likely[one.id].minutes_late(one.starts_at) for one in talks] == late


def test_two_minutes_before_its_end_there_is_a_quiet_sign() -> None:
    on = talk(0, began_at=at(0))
    assert [foresee([on], Said(), at(minutes))["t0"].is_ending for minutes in (7, 8, 10)] == [False, True, True]


def test_next_is_who_waits_first_also_after_one_was_missed() -> None:
    talks = [talk(0, outcome="missed"), talk(1), talk(2)]
    assert find_next(talks, foresee(talks, Said(), at(0))) == "t1"


@pytest.mark.parametrize(("families", "shown"), [(9, False), (10, True)])
def test_a_small_group_has_no_figure(families: int, shown: bool) -> None:
    assert may_show(families) is shown


@pytest.fixture
def tonight(house: House) -> dict[str, Any]:
    """Mum at 16:00 and dad at 16:10 with Ms Osei about Mina, mum at 16:20 with Ms Tal; it is ten to four."""
    house.tell(*(house.state("guardian.described", key, {
        "id": key, "given_name": key.title(), "family_name": "Vale", "status": "current"}) for key in ("mum", "dad")))
    evening = house.open_evening()
    slots = house.slots(evening, "mum", "mina")
    assert house.book(evening, "mum", "mina", slots["ama"][0]).status_code == 201
    assert house.book(evening, "dad", "mina", slots["ama"][1]).status_code == 201
    assert house.book(evening, "mum", "mina", slots["noa"][2]).status_code == 201
    house.clock.advance(seconds=(STARTS - timedelta(minutes=10) - house.clock.now()).total_seconds())
    house.beat()
    return evening


def wait(house: House, minutes: float) -> None:
    house.clock.advance(minutes=minutes)
    house.beat()


def desk(house: House, evening: dict[str, Any], staff: str = "ama") -> dict[str, Any]:
    reply = house.call(house.staff(staff), "GET", f"/evenings/{evening['id']}/night/desks/{staff}")
    assert reply.status_code == 200, reply.json
    return dict(reply.json)


def mine(house: House, evening: dict[str, Any], guardian: str = "mum") -> dict[str, Any]:
    reply = house.call(house.guardian(guardian), "GET", f"/evenings/{evening['id']}/night/mine")
    assert reply.status_code == 200, reply.json
    return dict(reply.json)


def say(house: House, item: dict[str, Any], what: str, who: dict[str, str] | None = None) -> int:
    return int(house.call(who or house.staff("ama"), "POST", f"/appointments/{item['id']}/{what}").status_code)


def test_a_teachers_evening_says_who_is_next_and_a_familys_where_to_go(house: House, tonight: dict[str, Any]) -> None:
    first, second = desk(house, tonight)["items"]
    assert (first["is_next"], second["is_next"]) == (True, False)
    assert [adult["given_name"] for adult in first["adults"]] == ["Mum"]
    assert [(item["staff"]["family_name"], item["is_next"]) for item in mine(house, tonight)["items"]] == [
        ("Osei", True), ("Tal", False)]


def test_a_late_teacher_is_seen_by_those_who_wait(house: House, tonight: dict[str, Any]) -> None:
    reply = house.call(house.staff("ama"), "PUT", f"/evenings/{tonight['id']}/night/desks/ama/late", {"minutes": 15})
    assert (reply.status_code, reply.json["minutes_late"]) == (200, 15)
    assert [item["minutes_late"] for item in mine(house, tonight, "dad")["items"]] == [15]
    assert [item["minutes_late"] for item in mine(house, tonight)["items"]] == [15, 0]


def test_beginning_the_next_ends_the_one_before(house: House, tonight: dict[str, Any]) -> None:
    first, second = desk(house, tonight)["items"]
    wait(house, 13)
    assert say(house, first, "begin") == 204
    assert [item["state"] for item in desk(house, tonight)["items"]] == ["on", "waiting"]
    wait(house, 12)
    assert say(house, second, "begin") == 204
    assert [item["state"] for item in desk(house, tonight)["items"]] == ["ended", "on"]
    assert say(house, second, "end") == 204
    assert desk(house, tonight)["items"][1]["state"] == "ended"


@pytest.mark.parametrize(("before", "deed", "words"), [
    ([], "end", "has not begun"), (["begin"], "begin", "is on"), (["begin", "end"], "end", "has ended"),
    ([], "undo", "has not begun"), (["begin"], "missed", "is on"), (["missed"], "missed", "was marked as missed"),
])
def test_what_cannot_be_said_now_is_refused_by_name(
        house: House, tonight: dict[str, Any], before: list[str], deed: str, words: str) -> None:
    first = desk(house, tonight)["items"][0]
    wait(house, 11)
    assert [say(house, first, one) for one in before] == [204] * len(before)
    reply = house.call(house.staff("ama"), "POST", f"/appointments/{first['id']}/{deed}")
    assert reply.status_code == 409
    assert words in reply.json["detail"]


def test_a_slip_is_taken_back_and_who_was_missed_can_still_come(house: House, tonight: dict[str, Any]) -> None:
    first = desk(house, tonight)["items"][0]
    assert say(house, first, "missed") == 409  # it is not four yet
    wait(house, 14)
    assert [say(house, first, one) for one in ("missed", "begin", "end", "undo")] == [204] * 4
    assert desk(house, tonight)["items"][0]["state"] == "on"


def test_only_who_sits_there_and_the_office_may_say_it(house: House, tonight: dict[str, Any]) -> None:
    first = desk(house, tonight)["items"][0]
    wait(house, 11)
    assert say(house, first, "begin", house.staff("tom")) == 404
    assert house.call(house.staff("tom"), "GET", f"/evenings/{tonight['id']}/night/desks/ama").status_code == 404
    assert say(house, first, "begin", house.office) == 204


def test_long_before_and_long_after_nothing_can_be_said(house: House, tonight: dict[str, Any]) -> None:
    first = desk(house, tonight)["items"][0]
    wait(house, 60 * 14)
    assert say(house, first, "begin") == 409


def test_the_door_knows_by_name_who_comes_and_notes_that_they_are_here(house: House, tonight: dict[str, Any]) -> None:
    path = f"/evenings/{tonight['id']}/night/door"
    reply = house.call(house.staff("rex", "reception"), "GET", path)
    assert [(adult["given_name"], adult["is_here"]) for adult in reply.json["items"]] == [
        ("Dad", False), ("Mum", False)]
    noted = house.call(house.staff("rex", "reception"), "POST", path, {"guardian_id": "mum"})
    assert [adult["is_here"] for adult in noted.json["items"]] == [False, True]
    assert desk(house, tonight)["items"][0]["adults"][0]["is_here"] is True
    assert house.call(house.staff("rex", "reception"), "POST", path,
                      {"guardian_id": "mum", "is_here": False}).json["items"][1]["is_here"] is False
    assert house.call(house.guardian("mum"), "POST", f"/evenings/{tonight['id']}/night/mine").json["is_here"] is True


def test_a_restriction_entered_during_the_night_takes_them_off_every_screen(
        house: House, tonight: dict[str, Any]) -> None:
    house.tell(house.let("mum", "mina", []))
    path = f"/evenings/{tonight['id']}/night/door"
    door = house.call(house.staff("rex", "reception"), "GET", path).json
    assert [adult["given_name"] for adult in door["items"]] == ["Dad"]
    assert house.call(house.staff("rex", "reception"), "POST", path, {"guardian_id": "mum"}).status_code == 404
    assert house.call(house.guardian("mum"), "GET", f"/evenings/{tonight['id']}/night/mine").json["items"] == []
    assert [item["adults"][0]["given_name"] for item in desk(house, tonight)["items"]] == ["Dad"]


def test_who_does_not_come_to_it_learns_nothing(house: House, tonight: dict[str, Any]) -> None:
    assert house.call(house.guardian("gran"), "GET", f"/evenings/{tonight['id']}/night/mine").json["items"] == []
    assert house.call(house.guardian("gran"), "POST", f"/evenings/{tonight['id']}/night/mine").status_code == 404
    assert house.call(house.guardian("barred"), "GET", f"/evenings/{tonight['id']}/night/mine").status_code == 404
    assert house.call(house.staff("rex", "reception"), "POST", f"/evenings/{tonight['id']}/night/door",
                      {"guardian_id": "nobody"}).status_code == 404


def test_on_the_morning_after_who_came_is_thanked_once_and_who_was_missed_is_named(
        house: House, tonight: dict[str, Any]) -> None:
    first, second = desk(house, tonight)["items"]
    wait(house, 21)
    assert say(house, first, "begin") == 204
    assert say(house, second, "missed") == 204
    wait(house, 60)
    sweep(house.service.database, TIMERS)
    assert "evening.thanked" not in [name for name, _data in house.facts()]
    wait(house, 60 * 16)
    sweep(house.service.database, TIMERS)
    wait(house, 60 * 24)
    sweep(house.service.database, TIMERS)
    told = [(name, data["guardian_ids"]) for name, data in house.facts()
            if name.startswith(("talk.", "evening.thank"))]
    assert sorted(told) == [("evening.thanked", ["mum"]), ("talk.held", ["mum"]), ("talk.held", ["mum"]),
                            ("talk.missed", ["dad"])]
    missed = house.call(house.staff("nel", "head"), "GET", f"/evenings/{tonight['id']}/missed").json["items"]
    assert [(one["adult"]["given_name"], one["staff"]["family_name"]) for one in missed] == [("Dad", "Osei")]
