"""A time that becomes free is offered in fair order, to those who can come, for a while; and then to the next."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.timers import sweep
from services.scheduling.waitlist.rules import Place, expires_at, in_order
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
LONDON = ZoneInfo("Europe/London")


def wait(house: House, evening: Any, guardian: str, pupil: str, **more: Any) -> Any:
    return house.call(house.guardian(guardian), "POST", f"/evenings/{evening['id']}/pupils/{pupil}/waiting",
                      {"staff_id": "ama", **more})


def waiting(house: House, guardian: str) -> list[dict[str, Any]]:
    return list(house.call(house.guardian(guardian), "GET", "/waiting").json["items"])


def work(house: House, **by: float) -> None:
    """Time passes, and the worker does what is due."""
    house.clock.advance(**by)
    house.beat()
    while sweep(house.service.database, house.service.timers):
        pass


def offers(house: House) -> list[dict[str, Any]]:
    return [data for name, data in house.facts() if name == "offer.made"]


def answer(house: House, offer: Any, what: str, guardian: str) -> Any:
    return house.call(house.guardian(guardian), "POST", f"/offers/{offer['offer_id']}/{what}")


def full(house: House) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An evening at which Dad has all three times of Ms Osei."""
    evening = house.open_evening()
    return evening, [house.book(evening, "dad", "mina", slot).json
                     for slot in house.slots(evening, "dad", "mina")["ama"]]


def test_a_time_that_becomes_free_is_offered_and_taken_with_one_tap(each_house: House) -> None:
    house = each_house
    evening, booked = full(house)
    assert wait(house, evening, "gran", "sam").status_code == 201
    work(house)
    assert offers(house) == []
    house.cancel(house.guardian("dad"), booked[1])
    work(house)
    [offer] = offers(house)
    assert (offer["guardian_ids"], offer["starts_at"]) == (["gran"], booked[1]["starts_at"])
    assert house.states(evening, "mum", "mina") == ["taken"] * 3, "it is held for her"
    assert waiting(house, "gran")[0]["offer"]["id"] == offer["offer_id"]
    for _look in range(2):
        seen = house.call(house.guardian("gran"), "GET", f"/offers/{offer['offer_id']}").json
        assert seen["state"] == "open", "to look changes nothing"
    for _tap in range(2):
        taken = answer(house, offer, "accept", "gran")
        assert (taken.status_code, taken.json["state"]) == (200, "accepted")
    [mine] = house.mine("gran")
    assert (mine["id"], mine["starts_at"]) == (taken.json["appointment_id"], booked[1]["starts_at"])
    assert waiting(house, "gran") == []
    assert [name for name, _ in house.facts()][-3:] == ["offer.made", "appointment.booked", "offer.ended"]


def test_who_does_not_answer_keeps_their_place_and_the_next_is_asked(each_house: House) -> None:
    house = each_house
    evening, booked = full(house)
    wait(house, evening, "gran", "sam")
    house.clock.advance(minutes=1)
    house.beat()
    wait(house, evening, "mum", "mina")
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    work(house, hours=2, minutes=1)
    assert [(one["guardian_ids"], one["starts_at"]) for one in offers(house)] == [
        (["gran"], booked[0]["starts_at"]), (["mum"], booked[0]["starts_at"])]
    ended = [data for name, data in house.facts() if name == "offer.ended"]
    assert [(one["cause"], one["guardian_ids"]) for one in ended] == [("expired", ["gran"])]
    late = answer(house, offers(house)[0], "accept", "gran")
    assert (late.status_code, "somebody else" in late.json["detail"]) == (409, True)
    assert [one["staff"]["id"] for one in waiting(house, "gran")] == ["ama"], "still on the list"
    work(house, hours=2, minutes=1)
    assert house.states(evening, "gran", "sam")[0] == "free", "nobody wanted it: it is for all"


def test_who_declines_waits_for_another_time_and_is_not_offered_this_one_again(house: House) -> None:
    evening, booked = full(house)
    wait(house, evening, "gran", "sam")
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    assert answer(house, offers(house)[0], "decline", "gran").json["state"] == "declined"
    work(house)
    assert len(offers(house)) == 1
    house.cancel(house.guardian("dad"), booked[2])
    work(house)
    assert [one["starts_at"] for one in offers(house)] == [booked[0]["starts_at"], booked[2]["starts_at"]]


def test_a_better_time_replaces_the_one_that_is_held_in_one_step(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slots = house.slots(evening, "dad", "mina")["ama"]
    early = house.book(evening, "dad", "mina", slots[0]).json
    mine = house.book(evening, "gran", "sam", slots[2]).json
    house.book(evening, "mum", "mina", slots[1])
    assert wait(house, evening, "gran", "sam", instead_of=mine["id"]).status_code == 422
    assert wait(house, evening, "gran", "sam", instead_of="x", latest="16:10").status_code == 404
    assert wait(house, evening, "gran", "sam").status_code == 409
    assert wait(house, evening, "gran", "sam", instead_of=mine["id"], latest="16:10").status_code == 201
    house.cancel(house.guardian("dad"), early)
    work(house)
    answer(house, offers(house)[0], "accept", "gran")
    [moved] = house.mine("gran")
    assert (moved["id"], moved["starts_at"], moved["sequence"]) == (mine["id"], slots[0]["starts_at"], 1)
    assert house.states(evening, "dad", "mina") == ["taken", "taken", "free"]


def test_a_time_is_offered_only_to_who_can_come(house: House) -> None:
    evening, booked = full(house)
    house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][1])
    wait(house, evening, "mum", "mina")
    wait(house, evening, "gran", "sam", earliest="16:20")
    house.cancel(house.guardian("dad"), booked[1])
    work(house)
    assert offers(house) == []
    assert house.states(evening, "gran", "sam")[1] == "free"
    house.cancel(house.guardian("dad"), booked[2])
    work(house)
    assert [one["guardian_ids"] for one in offers(house)] == [["gran"]]


def test_what_is_free_when_somebody_joins_is_offered_at_once(house: House) -> None:
    evening = house.open_evening()
    wait(house, evening, "gran", "sam", latest="16:20", earliest="16:10")
    work(house)
    assert offers(house)[0]["starts_at"][11:16] == "16:10"


def test_no_offer_brings_two_near_who_must_not_meet(house: House) -> None:
    evening, booked = full(house)
    house.tell(house.keep_apart("gran", "mum"))
    wait(house, evening, "gran", "sam")
    house.clock.advance(minutes=1)
    house.beat()
    wait(house, evening, "mum", "mina")
    house.cancel(house.guardian("dad"), booked[0])
    house.cancel(house.guardian("dad"), booked[1])
    work(house)
    assert [one["guardian_ids"] for one in offers(house)] == [["gran"]]


@pytest.mark.parametrize("what", ["right", "left"])
def test_with_the_right_the_place_and_the_offer_end_and_nobody_is_told(each_house: House, what: str) -> None:
    house = each_house
    evening, booked = full(house)
    wait(house, evening, "gran", "sam")
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    offer = offers(house)[0]
    house.tell(house.let("gran", "sam", []) if what == "right" else house.state("pupil.described", "sam", {
        "id": "sam", "given_name": "Sam", "family_name": "Vale", "status": "left", "class_ids": ["oak"]}))
    name, data = house.facts()[-1]
    assert (name, data["cause"], data["guardian_ids"]) == ("offer.ended", "withdrawn", [])
    assert house.states(evening, "mum", "mina")[0] == "free"
    if what == "right":
        there, absent = (house.call(house.guardian("gran"), "GET", f"/offers/{one}")
                         for one in (offer["offer_id"], "nothing"))
        assert (there.status_code, there.data) == (404, absent.data)
        assert answer(house, offer, "accept", "gran").status_code == 404
        house.tell(house.let("gran", "sam"))
        work(house)
        assert len(offers(house)) == 1, "what was lost does not come back"


def test_another_adult_sees_and_does_nothing(house: House) -> None:
    evening, booked = full(house)
    made = wait(house, evening, "gran", "sam").json
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    offer = offers(house)[0]["offer_id"]
    for method, path in (("POST", "/waiting/{}/leave"), ("GET", "/offers/{}"), ("POST", "/offers/{}/accept"),
                         ("POST", "/offers/{}/decline")):
        one = made["id"] if "waiting" in path else offer
        there, absent = (house.call(house.guardian("mum"), method, path.format(key)) for key in (one, "nothing"))
        assert (there.status_code, there.data) == (404, absent.data)
    assert wait(house, evening, "barred", "mina").status_code == 404
    assert wait(house, evening, "gran", "sam", staff_id="tom").status_code == 404
    assert waiting(house, "mum") == []


def test_who_leaves_is_offered_nothing_and_what_was_offered_goes_to_the_next(house: House) -> None:
    evening, booked = full(house)
    made = wait(house, evening, "gran", "sam").json
    wait(house, evening, "mum", "mina", earliest="16:00")
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    assert offers(house)[0]["guardian_ids"] == ["gran"]
    left = house.call(house.guardian("gran"), "POST", f"/waiting/{made['id']}/leave")
    assert (left.status_code, left.json["state"]) == (200, "left")
    work(house)
    assert [one["guardian_ids"] for one in offers(house)] == [["gran"], ["mum"]]


def test_the_office_waits_and_accepts_for_a_guardian(house: House) -> None:
    evening, booked = full(house)
    path = f"/evenings/{evening['id']}/pupils/sam/waiting"
    assert house.call(house.office, "POST", path, {"staff_id": "ama"}).status_code == 422
    assert house.call(house.office, "POST", path, {"staff_id": "ama", "guardian_id": "mum"}).status_code == 404
    assert house.call(house.office, "POST", path, {"staff_id": "ama", "guardian_id": "gran"}).status_code == 201
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    assert len(house.call(house.office, "GET", "/waiting?guardian_id=gran").json["items"]) == 1
    accepted = house.call(house.office, "POST", f"/offers/{offers(house)[0]['offer_id']}/accept")
    assert (accepted.status_code, len(house.mine("gran"))) == (200, 1)


def test_an_offer_and_its_end_at_the_same_moment_are_one_or_the_other(each_house: House) -> None:
    house = each_house
    evening, booked = full(house)
    wait(house, evening, "gran", "sam")
    house.cancel(house.guardian("dad"), booked[0])
    work(house)
    offer = offers(house)[0]
    house.clock.advance(hours=2, minutes=1)
    house.beat()
    gate, replies = threading.Barrier(2), []

    def accept() -> None:
        gate.wait()
        replies.append(answer(house, offer, "accept", "gran").status_code)

    def expire() -> None:
        gate.wait()
        sweep(house.service.database, house.service.timers)

    threads = [threading.Thread(target=act) for act in (accept, expire)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = [data["cause"] for name, data in house.facts() if name == "offer.ended"]
    assert (replies, ended, len(house.mine("gran"))) in (([200], ["accepted"], 1), ([409], ["expired"], 0))


def test_the_order_is_who_is_asked_to_come_then_fewest_talks_then_longest_wait() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    places = [Place("late", False, 0, at + timedelta(days=1)), Place("early", False, 0, at),
              Place("busy", False, 2, at - timedelta(days=3)), Place("asked", True, 5, at + timedelta(days=2))]
    assert in_order(places) == ["asked", "early", "late", "busy"]


@pytest.mark.parametrize(("now", "until"), [
    ("2026-11-24T09:00", "2026-11-24T11:00"),  # two days ahead: two hours
    ("2026-11-26T10:00", "2026-11-26T10:30"),  # six hours ahead: half an hour
    ("2026-11-26T15:30", "2026-11-26T15:40"),  # at the last: ten minutes
    ("2026-11-26T16:02", "2026-11-26T16:07"),  # on the night: five
    ("2026-11-26T16:16", None),  # too late for the slot at 16:20
    ("2026-11-24T23:30", "2026-11-25T09:00"),  # at night it lasts into the morning
    ("2026-11-24T20:00", "2026-11-25T09:00"),  # and so does what would run out at night
    ("2026-11-25T06:59", "2026-11-25T09:00"),
])
def test_an_offer_lasts_as_long_as_there_is_time(now: str, until: str | None) -> None:
    def instant(text: str) -> datetime:
        return datetime.fromisoformat(f"{text}:00+00:00")

    found = expires_at(instant(now), instant("2026-11-26T16:00"), instant("2026-11-26T16:20"), LONDON)
    assert found == (instant(until) if until else None)


def test_the_office_sees_each_teachers_list_in_the_order_in_which_they_are_asked(each_house: House) -> None:
    house = each_house
    evening, booked = full(house)
    path = f"/evenings/{evening['id']}/waiting"
    assert house.call(house.office, "GET", path).json["items"] == []
    for adult, pupil in (("mum", "mina"), ("gran", "sam")):
        assert wait(house, evening, adult, pupil, earliest="16:00").status_code == 201
        house.clock.advance(minutes=1)
        house.beat()
    items = house.call(house.office, "GET", path).json["items"]
    assert [(one["guardian"]["id"], one["pupil"]["id"], one["staff"]["id"]) for one in items] == [
        ("mum", "mina", "ama"), ("gran", "sam", "ama")]
    assert [(bool(one["pupil"]["family_name"]), one["is_asked"], one["offer"]) for one in items] == [
        (True, False, None)] * 2
    house.cancel(house.guardian("dad"), booked[1])
    work(house)
    first, second = house.call(house.office, "GET", path).json["items"]
    assert (bool(first["offer"]), second["offer"]) == (True, None)
    for caller in (house.guardian("mum"), house.staff("ama", "teacher")):
        assert house.call(caller, "GET", path).status_code in (403, 404)
    assert house.call(house.office, "GET", "/evenings/nothing/waiting").status_code == 404


def test_who_would_be_offered_nothing_is_not_on_the_offices_list(each_house: House) -> None:
    house = each_house
    evening, booked = full(house)
    until = (house.clock.now() + timedelta(hours=1)).isoformat()
    house.tell(house.let("gran", "sam", book=[[None, until]]))
    for adult, pupil in (("gran", "sam"), ("mum", "mina")):
        assert wait(house, evening, adult, pupil, needs=["bsl"]).status_code == 201

    def listed() -> list[str]:
        reply = house.call(house.office, "GET", f"/evenings/{evening['id']}/waiting")
        assert reply.status_code == 200, reply.json
        return [one["guardian"]["id"] for one in reply.json["items"]]

    assert listed() == ["gran", "mum"]
    house.clock.advance(hours=2)
    house.beat()
    assert listed() == ["mum"], "the right to book has ended, also before anything was swept"
    house.cancel(house.guardian("dad"), booked[0])
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    assert house.book(evening, "mum", "mina", slot).status_code == 201
    assert listed() == [], "she has a time"
    house.clock.advance(minutes=5)
    assert house.call(house.office, "GET", f"/evenings/{evening['id']}/waiting").status_code == 503
