"""Rights that are lost bite backwards, links too; of a pair that is held nothing is booked and nothing is released."""

from __future__ import annotations

from datetime import timedelta

from chassis.timers import sweep
from services.scheduling.people.queries import PERMISSIONS
from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_feeds import feed, new_link

__all__ = ["each_house", "house"]


def hold(house: House, guardian: str, pupil: str) -> None:
    """As if a snapshot of this pair waited among the dead letters."""
    with house.service.database.unit_of_work("oakfield") as uow:
        PERMISSIONS.hold(uow, f"{pupil}:{guardian}")


def test_a_link_ends_with_the_last_right_and_stays_ended(each_house: House) -> None:
    house = each_house
    token = new_link(house)
    house.tell(house.let("mum", "mina", []))
    feed(house, token)
    house.tell(house.let("mum", "leo", []))
    assert house.facts() == [("feed.ended", {"guardian_id": "mum", "cause": "right_ended"})]
    house.tell(house.let("mum", "leo"))
    stopped, never = (house.call(None, "GET", f"/feeds/{each}.ics") for each in (token, "never"))
    assert (stopped.status_code, stopped.data) == (never.status_code, never.data)
    feed(house, new_link(house))


def test_a_link_ends_when_the_right_ends_by_itself(house: House) -> None:
    new_link(house, "dad")
    house.tell(house.let("dad", "mina", [[None, (house.clock.now() + timedelta(hours=1)).isoformat()]]))
    house.clock.advance(hours=2)
    assert sweep(house.service.database, house.service.timers) == 1
    assert [name for name, _ in house.facts()] == ["feed.ended"]


def test_a_held_pair_books_nothing_and_is_asked_to_wait(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    made = house.book(evening, "mum", "mina", slot).json
    hold(house, "mum", "mina")
    reply = house.book(evening, "mum", "mina", slot)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "10")
    assert house.move(house.guardian("mum"), made, slot).status_code == 503
    by_office = house.call(house.office, "POST", f"/evenings/{evening['id']}/pupils/mina/appointments", {
        "slot_id": slot["id"], "guardian_id": "mum"})
    assert by_office.status_code == 503
    house.tell(house.let("mum", "mina"))
    assert house.move(house.guardian("mum"), made, slot).status_code == 200


def test_a_held_pair_releases_nothing_until_the_rest_has_come(house: House) -> None:
    evening = house.open_evening()
    token = new_link(house)
    house.tell(house.let("mum", "leo", []))
    house.tell(house.let("mum", "mina", [[None, (house.clock.now() + timedelta(hours=1)).isoformat()]]))
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    hold(house, "mum", "mina")
    house.clock.advance(hours=2)
    sweep(house.service.database, house.service.timers)
    assert [name for name, _ in house.facts()] == ["evening.opened", "appointment.booked"]
    house.tell(house.let("mum", "mina", []))
    assert [name for name, _ in house.facts()[2:]] == ["appointment.cancelled", "feed.ended"]
    assert house.call(None, "GET", f"/feeds/{token}.ics").status_code == 404


def test_a_deadline_that_meets_a_held_pair_comes_again(house: House) -> None:
    house.tell(house.let("dad", "mina", [[None, (house.clock.now() + timedelta(hours=1)).isoformat()]]))
    hold(house, "dad", "mina")
    house.clock.advance(hours=2)
    assert sweep(house.service.database, house.service.timers) == 1
    assert sweep(house.service.database, house.service.timers) == 0
    house.clock.advance(minutes=2)
    assert sweep(house.service.database, house.service.timers) == 1


def test_of_a_family_with_a_held_adult_nothing_is_shared(house: House) -> None:
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    for guardian in ("mum", "dad"):
        house.call(house.guardian(guardian), "PUT", "/pupils/mina/sharing", {"shows_times": True, "together": True})
    assert len(house.mine("dad")) == 1
    hold(house, "aunt", "mina")
    assert house.mine("dad") == []
