"""A calendar feed says when, in every calendar alike, and stops with the right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
import vobject

from services.scheduling.feeds.models import FeedToken
from tests.parts.ical import read_by_ical_js, read_by_vobject
from tests.scheduling.house import YEAR, House, house

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
    for line in ("METHOD:PUBLISH", f"UID:{made['id']}@tandem.invalid", "SEQUENCE:0", "SUMMARY:Mina: parents' evening",
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
    assert f"UID:{made['id']}@tandem.invalid" in lines
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


def entries(house: House, token: str) -> dict[str, Any]:
    """What a calendar shows, by UID."""
    return {one.uid.value: one for one in vobject.readOne(feed(house, token).decode()).vevent_list}


def a_talk(house: House) -> dict[str, Any]:
    house.tell(house.state("school.described", "school", {"name": "Oakfield", "zone": "Europe/London", "year": YEAR}))
    reply = house.call(house.guardian("mum"), "POST", "/pupils/mina/meetings", {"staff_id": "ama", "about": "Reading"})
    assert reply.status_code == 201
    return dict(reply.json)


def do(house: House, talk: dict[str, Any], deed: str, body: Any = None) -> None:
    assert house.call(house.guardian("mum"), "POST", f"/reviews/{talk['id']}/{deed}", body).status_code == 200


def test_a_talk_follows_every_change_and_is_taken_out_at_its_last_time(house: House) -> None:
    talk, token = a_talk(house), new_link(house)
    assert "BEGIN:VEVENT" not in feed(house, token).decode()
    seen = []
    for deed, body in (("book", {"starts_at": talk["times"][0], "how": "phone"}),
                       ("book", {"starts_at": talk["times"][1]}), ("cancel", None),
                       ("book", {"starts_at": talk["times"][2], "how": "in-person"})):
        do(house, talk, deed, body)
        (entry,) = entries(house, token).values()
        seen.append((entry.status.value, entry.sequence.value, entry.dtstart.value.isoformat(),
                     entry.location.value if "location" in entry.contents else ""))
    first, second, third = talk["times"][:3]
    assert seen == [("CONFIRMED", "0", first, "By phone"), ("CONFIRMED", "1", second, "By phone"),
                    ("CANCELLED", "2", second, ""), ("CONFIRMED", "3", third, "Oakfield")]
    assert list(entries(house, token)) == [f"{talk['id']}@tandem.invalid"]
    assert (entry.summary.value, entry.description.value) == ("Mina: a talk", "With Ama Osei")
    assert "Reading" not in feed(house, token).decode()


def test_a_talk_that_was_lost_with_the_right_was_never_there(house: House) -> None:
    talk, token = a_talk(house), new_link(house)
    do(house, talk, "book", {"starts_at": talk["times"][0], "how": "in-person"})
    house.tell(house.let("mum", "mina", attend=[]))
    assert "VEVENT" not in feed(house, token).decode()


@pytest.mark.parametrize(("how", "location"), [("in-person", "Room 4, Main hall"), ("phone", "By phone"),
                                               ("video", "https://video.invalid/osei")])
def test_where_it_is_as_this_adult_comes(house: House, how: str, location: str) -> None:
    evening, token = house.open_evening(), new_link(house)
    block = next(one for one in house.call(house.office, "GET", f"/evenings/{evening['id']}/blocks").json["items"]
                 if one["staff"][0]["id"] == "ama")
    reply = house.call(house.office, "PUT", f"/evenings/{evening['id']}/blocks/{block['id']}", {
        "from": "16:00", "to": "16:30", "slot_minutes": 10,
        "room": "Room 4", "ways": ["in-person", "phone", "video"], "link": "https://video.invalid/osei",
        "staff_ids": ["ama"]}, **{"If-Match": f'"{block["version"]}"'})
    assert reply.status_code == 200, reply.json
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0], how=how, call_on="01632 960001")
    (entry,) = entries(house, token).values()
    assert entry.location.value == location
    assert "01632" not in feed(house, token).decode()


def test_what_the_other_home_does_afterwards_is_not_seen(house: House) -> None:
    """They came together; one gives it back, and the other moves on to another time."""
    for who in ("mum", "dad"):
        house.call(house.guardian(who), "PUT", "/pupils/mina/sharing", {"shows_times": False, "together": True})
    house.tell(house.let("barred", "mina", []))
    evening, dads = house.open_evening(), new_link(house, "dad")
    slots = house.slots(evening, "mum", "mina")["ama"]
    made = house.book(evening, "mum", "mina", slots[0]).json
    assert list(entries(house, dads)) == [f"{made['id']}@tandem.invalid"]
    house.cancel(house.guardian("dad"), made)
    before = feed(house, dads)
    assert house.move(house.guardian("mum"), made, slots[2]).status_code == 200
    assert feed(house, dads) == before
    assert b"STATUS:CANCELLED" in before


@pytest.mark.parametrize(("on", "wanted"), [("2026-10-23", "15:00"), ("2026-10-26", "16:00"), ("2027-03-26", "16:00"),
                                            ("2027-03-29", "15:00")])
def test_on_both_sides_of_a_clock_change_four_oclock_is_four_oclock(house: House, on: str, wanted: str) -> None:
    house.clock.advance(seconds=(datetime(2026, 10, 1, 9, tzinfo=UTC) - house.clock.now()).total_seconds())
    house.beat()
    evening = house.open_evening(on=on, respond_by="2026-10-20")
    assert house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).status_code == 201
    (entry,) = entries(house, new_link(house)).values()
    assert f"{entry.dtstart.value:%Y-%m-%d %H:%M}" == f"{on} {wanted}"
    assert entry.dtstart.value.utcoffset() == timedelta()


def test_ical_js_reads_a_feed_as_vobject_does_over_both_clock_changes(house: House) -> None:
    house.clock.advance(seconds=(datetime(2026, 10, 1, 9, tzinfo=UTC) - house.clock.now()).total_seconds())
    house.beat()
    days = {"2026-10-23": 15, "2026-10-26": 16, "2027-03-26": 16, "2027-03-29": 15}
    for on in days:
        evening = house.open_evening(on=on, respond_by="2026-10-20")
        made = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
        assert made.status_code == 201
    house.cancel(house.guardian("mum"), made.json)
    text = feed(house, new_link(house))
    found = read_by_ical_js(text)
    assert found == read_by_vobject(text)
    assert [f"{entry.starts_at:%Y-%m-%d %H}" for entry in found.entries] == [
        f"{on} {hour}" for on, hour in days.items()]
    assert [entry.status for entry in found.entries] == ["CONFIRMED"] * 3 + ["CANCELLED"]
