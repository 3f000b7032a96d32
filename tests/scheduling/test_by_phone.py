"""An adult who may book but not come on site meets by phone, and nobody says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.timers import sweep
from tests.scheduling.house import ALWAYS, House, house
from tests.scheduling.test_feeds import feed, new_link

__all__ = ["house"]


def first(house: House, evening: dict[str, Any], guardian: str = "mum") -> dict[str, Any]:
    return house.slots(evening, guardian, "mina")["ama"][0]


def test_who_may_come_meets_in_person_unless_they_choose_the_phone(house: House) -> None:
    evening = house.open_evening()
    ways = house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}/pupils/mina/slots").json["ways"]
    assert ways == ["in-person", "phone"]
    assert house.book(evening, "mum", "mina", first(house, evening)).json["how"] == "in-person"
    second = house.slots(evening, "dad", "mina")["ama"][1]
    assert house.book(evening, "dad", "mina", second, how="phone").json["how"] == "phone"
    assert [data["how"] for name, data in house.facts() if name == "appointment.booked"] == ["in-person", "phone"]


def test_who_may_not_come_meets_by_phone_everywhere(house: House) -> None:
    evening = house.open_evening()
    house.tell(house.let("mum", "mina", attend=[]))
    ways = house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}/pupils/mina/slots").json["ways"]
    assert ways == ["phone"]
    made = house.book(evening, "mum", "mina", first(house, evening))
    assert (made.status_code, made.json["how"]) == (201, "phone")
    assert [item["how"] for item in house.mine("mum")] == ["phone"]
    sheet = house.call(house.staff("ama", "teacher"), "GET", f"/evenings/{evening['id']}/staff/ama/appointments")
    assert [item["how"] for item in sheet.json["items"]] == ["phone"]
    assert b"LOCATION:By phone" in feed(house, new_link(house))


def test_asking_to_come_is_refused_in_words_that_give_no_reason(house: House) -> None:
    evening = house.open_evening()
    house.tell(house.let("mum", "mina", attend=[]))
    reply = house.book(evening, "mum", "mina", first(house, evening), how="in-person")
    assert reply.status_code == 422
    assert reply.json["detail"] == "This appointment can be by phone only."
    assert house.book(evening, "mum", "mina", first(house, evening), how="by-boat").status_code == 422
    assert house.states(evening, "dad", "mina") == ["free"] * 3


@pytest.mark.parametrize("how", ["in-person", "phone"])
def test_who_may_come_no_longer_loses_what_was_in_person_alone(house: House, how: str) -> None:
    evening = house.open_evening()
    house.book(evening, "mum", "mina", first(house, evening), how=how)
    house.tell(house.let("mum", "mina", attend=[]))
    ended = [data for name, data in house.facts() if name == "appointment.cancelled"]
    assert [data["cause"] for data in ended] == (["right_ended"] if how == "in-person" else [])
    assert len(house.mine("mum")) == (0 if how == "in-person" else 1)
    house.tell(house.let("mum", "mina"))
    assert len(house.mine("mum")) == (0 if how == "in-person" else 1)


def test_coming_on_site_ends_at_its_own_date_too(house: House) -> None:
    evening = house.open_evening()
    until = (house.clock.now() + timedelta(hours=1)).isoformat()
    house.tell(house.let("mum", "mina", ALWAYS, attend=[[None, until]]))
    house.book(evening, "mum", "mina", first(house, evening))
    house.clock.advance(hours=2)
    house.beat()
    assert sweep(house.service.database, house.service.timers) == 1
    assert house.facts()[-1][1]["cause"] == "right_ended"
    assert house.book(evening, "mum", "mina", first(house, evening)).json["how"] == "phone"
