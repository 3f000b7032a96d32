"""An evening is called off: what is held, offered, waited for and wished there ends in the same moment."""

from __future__ import annotations

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_itineraries import LONG, ask, do, show
from tests.scheduling.test_setting_up import do as call
from tests.scheduling.test_waitlist import answer, full, offers, wait, waiting, work
from tests.scheduling.test_wishes import body, open_plan, planned, save

__all__ = ["each_house", "house"]


def test_what_is_held_is_given_back(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(**LONG)
    made = ask(house, evening).json
    assert call(house, evening, "cancel").json["state"] == "cancelled"
    assert show(house, made).json["state"] == "let-go"
    assert do(house, made, "keep").status_code == 409
    again = house.open_evening(**LONG)
    states = {slot["state"] for teacher in house.slots(again, "gran", "sam").values() for slot in teacher}
    assert states == {"free"}, "the teachers are free at these times"


def test_offers_are_taken_back_and_nobody_waits_any_more(each_house: House) -> None:
    house = each_house
    evening, booked = full(house)
    wait(house, evening, "gran", "sam")
    wait(house, evening, "mum", "mina")
    house.cancel(house.guardian("dad"), booked[1])
    work(house)
    [offer] = offers(house)
    holder = offer["guardian_ids"][0]
    seen = len(house.facts())
    call(house, evening, "cancel")
    ended = [(data["offer_id"], data["cause"], data["guardian_ids"]) for name, data in house.facts()[seen:]
             if name == "offer.ended"]
    assert ended == [(offer["offer_id"], "withdrawn", [])]
    work(house, hours=3)
    assert len(offers(house)) == 1, "nothing is offered to the next"
    assert [one for who in ("gran", "mum") for one in waiting(house, who) if one["state"] == "waiting"] == []
    assert answer(house, offer, "accept", holder).status_code == 409


def test_no_wish_is_kept(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    assert save(house, evening, "mum", body(("mina", ["ama"]))).status_code == 200
    assert len(planned(house, evening).wishes) == 1
    call(house, evening, "cancel")
    assert planned(house, evening).wishes == []
