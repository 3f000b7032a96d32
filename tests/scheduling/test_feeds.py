"""A calendar feed says when, in every calendar alike, and stops with the right."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import sqlalchemy as sa
import vobject

from services.scheduling.feeds.models import FeedToken
from tests.scheduling.house import House, house

__all__ = ["house"]


def feed(house: House, token: str) -> bytes:
    reply = house.call(None, "GET", f"/feeds/{token}.ics")
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/calendar")
    return bytes(reply.data)


def new_link(house: House, guardian: str = "mum") -> str:
    reply = house.call(house.guardian(guardian), "POST", "/feeds")
    assert reply.status_code == 201
    return str(reply.json["token"])


def test_two_calendar_readers_find_the_same_instants_in_winter_and_summer(house: House) -> None:
    for on, respond_by in (("2026-11-26", "2026-11-25"), ("2027-06-10", "2027-06-01")):
        evening = house.open_evening(on=on, respond_by=respond_by, **{"from": "17:10", "to": "17:20"})
        assert house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).status_code == 201
    text = feed(house, new_link(house))
    wanted = [datetime(2026, 11, 26, 17, 10, tzinfo=UTC), datetime(2027, 6, 10, 16, 10, tzinfo=UTC)]
    assert [entry.start for entry in icalendar.Calendar.from_ical(text).events] == wanted
    assert [entry.dtstart.value for entry in vobject.readOne(text.decode()).vevent_list] == wanted
    assert b"DTSTART:20261126T171000Z" in text
    assert b"DTSTART:20270610T161000Z" in text


def test_a_feed_names_the_child_by_given_name_and_invites_nobody(house: House) -> None:
    evening = house.open_evening()
    made = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).json
    text = feed(house, new_link(house)).decode()
    for line in ("METHOD:PUBLISH", f"UID:{made['id']}", "SEQUENCE:0", "SUMMARY:Mina: parents' evening",
                 "NAME:Parents' evenings at Oakfield", "X-WR-CALNAME:Parents' evenings at Oakfield",
                 "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "LOCATION:Main hall"):
        assert line in text.splitlines()
    assert text.count("X-WR-CALNAME") == 1
    assert "Vale" not in text
    assert "ATTENDEE" not in text


def test_a_cancelled_appointment_keeps_its_name_and_rises_in_sequence(house: House) -> None:
    evening, token = house.open_evening(), new_link(house)
    made = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).json
    house.call(house.guardian("mum"), "POST", f"/appointments/{made['id']}/cancel")
    lines = feed(house, token).decode().splitlines()
    assert f"UID:{made['id']}" in lines
    assert "SEQUENCE:1" in lines
    assert "STATUS:CANCELLED" in lines


def test_a_new_link_stops_the_one_before_and_only_a_hash_is_kept(house: House) -> None:
    old, new = new_link(house), new_link(house)
    assert house.call(None, "GET", f"/feeds/{old}.ics").status_code == 404
    feed(house, new)
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        kept = uow.all(sa.select(FeedToken.token_hash))
    assert len(kept) == 1
    assert new not in kept[0]


def test_a_feed_stops_with_the_right_like_a_link_that_never_was(house: House) -> None:
    token = new_link(house, "dad")
    feed(house, token)
    house.tell(house.let("dad", "mina", []))
    stopped, never = (house.call(None, "GET", f"/feeds/{each}.ics") for each in (token, "never"))
    assert stopped.status_code == never.status_code == 404
    assert stopped.data == never.data


def test_a_feed_loses_one_child_and_keeps_the_other(house: House) -> None:
    evening, token = house.open_evening(), new_link(house)
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][1])
    house.tell(house.let("mum", "mina", []))
    text = feed(house, token).decode()
    assert "Leo" in text
    assert "Mina" not in text


def test_a_feed_waits_while_rights_are_not_known(house: House) -> None:
    token = new_link(house)
    house.clock.advance(seconds=61)
    reply = house.call(None, "GET", f"/feeds/{token}.ics")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]


def test_a_link_of_one_school_opens_nothing_in_another(house: House) -> None:
    assert house.call(None, "GET", f"/schools/elmhurst/feeds/{new_link(house)}.ics").status_code == 404
