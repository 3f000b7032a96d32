"""Talks outside evenings: asked for by either side, at times that suit both, and once for the rest of an evening's."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.timers import sweep
from services.scheduling.meetings.rules import may_go_on
from services.scheduling.reviews.rules import overlap
from services.scheduling.subscriptions import TIMERS
from tests.scheduling.house import YEAR, House, each_house, house

__all__ = ["each_house", "house"]
WORDS = "Reading at home is hard."
TUESDAY_NOON = {"windows": [{"weekday": 1, "from": "12:00", "to": "13:00"}]}


@pytest.fixture
def school(each_house: House) -> House:
    """The school has said its year; the families have names."""
    each_house.tell(
        each_house.state("school.described", "school", {"name": "Oakfield", "zone": "Europe/London", "year": YEAR}),
        *(each_house.state("guardian.described", key, {
            "id": key, "given_name": key.title(), "family_name": "Vale", "status": "current"})
            for key in ("mum", "dad", "gran")))
    return each_house


def ask(house: House, who: dict[str, str] | None = None, pupil: str = "mina", **body: Any) -> Any:
    return house.call(who or house.guardian("mum"), "POST", f"/pupils/{pupil}/meetings", {
        "staff_id": "ama", "about": WORDS, **body})


def asked(house: House, who: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
    reply = ask(house, who, **body)
    assert reply.status_code == 201, reply.json
    return dict(reply.json)


def listed(house: House, who: dict[str, str], pupil: str = "mina") -> dict[str, Any]:
    reply = house.call(who, "GET", f"/pupils/{pupil}/meetings")
    assert reply.status_code == 200, reply.json
    return dict(reply.json)


def book(house: House, talk: dict[str, Any], at: str, who: str = "mum", **more: Any) -> Any:
    return house.call(house.guardian(who), "POST", f"/reviews/{talk['id']}/book", {"starts_at": at, **more})


def told(house: House) -> list[tuple[str, Any]]:
    return [(name, data) for name, data in house.facts() if name.startswith(("meeting.", "review."))]


def tonight(house: House) -> dict[str, Any]:
    """Mum sits with Ms Osei about Mina, from now on."""
    evening = house.open_evening()
    made = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    assert made.status_code == 201
    wait_until(house, datetime(2026, 11, 26, 16, 1, tzinfo=UTC))
    return dict(made.json)


def wait_until(house: House, at: datetime) -> None:
    house.clock.advance(seconds=(at - house.clock.now()).total_seconds())
    house.beat()


def test_a_family_asks_and_is_offered_times_in_the_teachers_good_hours(school: House) -> None:
    house = school
    talk = asked(house)
    assert (talk["kind"], talk["state"], len(talk["times"]), talk["partnership_id"]) == ("talk", "offered", 6, None)
    assert {at[11:16] for at in talk["times"]} <= {"08:15", "15:15", "15:35", "15:55"}
    assert not {at[:10] for at in talk["times"]} & {"2026-11-24", "2026-11-27", "2026-11-28", "2026-11-29"}
    assert talk["times"] == sorted(talk["times"])
    name, data = told(house)[0]
    assert (name, data["staff_ids"], data["asked_by"]) == ("meeting.asked", ["ama"], "guardian")
    assert told(house)[1][1]["guardian_ids"] == []
    assert WORDS not in str(told(house))


def test_both_sides_see_it_where_they_look(school: House) -> None:
    house, mum, ama = school, school.guardian("mum"), school.staff("ama", "teacher")
    talk = asked(house)
    at_home = house.call(mum, "GET", "/home").json["reviews"]
    assert [(one["id"], one["about"], "guardian" in one) for one in at_home] == [(talk["id"], WORDS, False)]
    (seen,) = house.call(ama, "GET", "/reviews").json["items"]
    assert (seen["kind"], seen["about"], seen["guardian"]["id"]) == ("talk", WORDS, "mum")
    assert [one["id"] for one in listed(house, ama)["items"]] == [talk["id"]]
    assert [one["id"] for one in listed(house, mum)["items"]] == [talk["id"]]
    assert listed(house, house.guardian("dad"))["items"] == []
    assert listed(house, house.staff("noa", "teacher"))["items"] == []
    assert [one["family_name"] for one in listed(house, mum)["teachers"]] == ["Osei", "Tal"]


def test_booked_moved_and_given_back_by_the_routes_of_reviews(school: House) -> None:
    house = school
    talk = asked(house, how="phone")
    assert talk["ways"] == ["phone", "in-person"]
    first, second = talk["times"][:2]
    assert book(house, talk, first).json["how"] == "phone"
    assert book(house, talk, second).json["sequence"] == 1
    gone = house.call(house.staff("ama", "teacher"), "POST", f"/reviews/{talk['id']}/cancel").json
    assert (gone["state"], gone["is_open"]) == ("cancelled", True)
    assert [name for name, _data in told(house)] == ["meeting.asked", "meeting.offered", "meeting.booked",
                                                     "meeting.booked", "meeting.cancelled"]
    assert all("partnership_id" not in data for _name, data in told(house))


def test_times_are_in_both_sides_hours(school: House) -> None:
    house = school
    hours = "/pupils/mina/check-ins/hours"
    house.call(house.guardian("mum"), "PUT", hours, {"windows": [{"weekday": 2, "from": "15:00", "to": "16:00"}]})
    assert {at[11:16] for at in asked(house)["times"]} == {"15:15", "15:35"}


def test_what_they_say_for_this_talk_counts_more_than_their_usual_hours(school: House) -> None:
    house = school
    house.call(house.guardian("mum"), "PUT", "/pupils/mina/check-ins/hours", TUESDAY_NOON)
    can = [{"on": "2026-12-03", "from": "15:00", "to": "16:00"}]
    assert [at[:16] for at in asked(house, can=can)["times"]] == ["2026-12-03T15:15", "2026-12-03T15:35"]


def test_where_there_is_no_time_for_both_it_says_so_and_the_teacher_offers_some(school: House) -> None:
    house = school
    house.call(house.guardian("mum"), "PUT", "/pupils/mina/check-ins/hours", TUESDAY_NOON)
    talk = asked(house)
    assert (talk["state"], talk["times"], talk["is_open"]) == ("offered", [], True)
    noon = {"on": "2026-12-01", "from": "12:00", "to": "13:00"}
    reply = house.call(house.guardian("mum"), "POST", f"/reviews/{talk['id']}/unsuited", {"can": [noon]})
    assert (reply.status_code, reply.json["can"]) == (200, [noon])
    at = "2026-12-01T12:20:00+00:00"
    house.call(house.staff("ama", "teacher"), "PUT", f"/reviews/{talk['id']}/times", {"times": [at]})
    assert told(house)[-1][0] == "meeting.offered"
    assert book(house, talk, at).status_code == 200


def test_who_says_when_they_can_and_nothing_fits_is_seen_at_once(school: House) -> None:
    sunday = {"on": "2026-11-29", "from": "12:00", "to": "13:00"}
    talk = asked(school, can=[sunday])
    assert (talk["state"], talk["can"]) == ("unsuited", [sunday])


@pytest.mark.parametrize(("body", "where"), [
    ({"staff_id": "tom"}, "/staff_id"), ({"staff_id": "nobody"}, "/staff_id"), ({"staff_id": None}, "/staff_id"),
    ({"about": "x" * 501}, "/about"), ({"how": "letter"}, "/how"),
    ({"can": [{"on": "2026-12-01", "from": "13:00", "to": "12:00"}]}, "/can"),
    ({"can": [{"on": "2026-11-24", "from": "12:00", "to": "13:00"}]}, "/can"),
    ({"can": [{"on": "2027-12-01", "from": "12:00", "to": "13:00"}]}, "/can"),
])
def test_what_cannot_be_is_said_in_words_before_anything_is_kept(house: House, body: Any, where: str) -> None:
    reply = ask(house, **body)
    assert (reply.status_code, [fault["pointer"] for fault in reply.json["errors"]]) == (422, [where])
    assert told(house) == []


def test_one_talk_of_the_same_two_is_open_at_a_time(school: House) -> None:
    house = school
    talk = asked(house)
    again = ask(house)
    assert (again.status_code, "open already" in again.json["detail"]) == (409, True)
    assert ask(house, staff_id="noa").status_code == 201
    assert ask(house, house.guardian("dad")).status_code == 201
    house.call(house.guardian("mum"), "POST", f"/reviews/{talk['id']}/cancel")
    assert ask(house).status_code == 201


def test_staff_ask_for_themselves_and_the_office_for_those_who_ring(school: House) -> None:
    house, ama = school, school.staff("ama", "teacher")
    talk = asked(house, ama, guardian_id="mum")
    assert talk["guardian"]["id"] == "mum"
    assert [(name, data["guardian_ids"]) for name, data in told(house) if name == "meeting.offered"] == [
        ("meeting.offered", ["mum"])]
    assert told(house)[0][1]["staff_ids"] == []
    assert ask(house, ama, guardian_id="dad", staff_id="noa").status_code == 422
    assert ask(house, ama).status_code == 422
    assert ask(house, ama, guardian_id="barred").status_code == 404
    assert ask(house, ama, guardian_id="gran").status_code == 404
    dads = asked(house, house.office, guardian_id="dad")
    reply = house.call(house.office, "POST", f"/reviews/{dads['id']}/book", {"starts_at": dads["times"][0]})
    assert reply.status_code == 200
    assert {one["guardian"]["id"] for one in listed(house, house.office)["items"]} == {"mum", "dad"}
    assert [one["id"] for one in listed(house, ama)["adults"]] == ["dad", "mum"]


@pytest.mark.parametrize("who", ["barred", "gran", "nobody"])
def test_who_may_not_book_learns_nothing(house: House, who: str) -> None:
    there, absent = (ask(house, house.guardian(who), pupil) for pupil in ("mina", "nobody"))
    assert (there.status_code, there.data) == (404, absent.data)
    assert ask(house, guardian_id="dad").status_code == 404
    assert house.call(house.staff("tom", "teacher"), "GET", "/pupils/mina/meetings").status_code == 404


def test_a_right_that_ends_takes_the_talk_along_and_brings_nothing_back(school: House) -> None:
    house = school
    talk = asked(house)
    book(house, talk, talk["times"][0])
    house.tell(house.let("mum", "mina", []))
    name, data = told(house)[-1]
    assert (name, data["cause"]) == ("meeting.cancelled", "right_ended")
    assert house.call(house.guardian("mum"), "GET", f"/reviews/{talk['id']}").status_code == 404
    house.tell(house.let("mum", "mina"))
    assert listed(house, house.guardian("mum"))["items"] == []
    assert book(house, talk, talk["times"][0]).status_code == 409


def test_a_child_who_left_has_no_talk(school: House) -> None:
    house = school
    asked(house)
    house.tell(house.state("pupil.described", "mina", {"given_name": "Mina", "family_name": "Vale", "status": "left"}))
    assert told(house)[-1][1]["cause"] == "pupil_left"


def test_two_who_must_not_meet_are_offered_nothing_near_each_other(school: House) -> None:
    house = school
    house.tell(house.keep_apart("mum", "gran"))
    talk = asked(house)
    at = talk["times"][0]
    assert book(house, talk, at).status_code == 200
    assert at not in asked(house, house.guardian("gran"), pupil="sam", staff_id="noa")["times"]


def test_the_rest_of_a_talk_is_booked_once_by_whoever_says_it(school: House) -> None:
    house = school
    talk = tonight(house)
    path = f"/appointments/{talk['id']}/rest"
    assert house.call(house.staff("ama", "teacher"), "GET", path).json["talks"] == []
    made = house.call(house.staff("ama", "teacher"), "POST", path)
    assert (made.status_code, [one["guardian_id"] for one in made.json["talks"]]) == (200, ["mum"])
    again = house.call(house.guardian("mum"), "POST", path).json
    assert ([one["id"] for one in again["talks"]], again["adults"]) == ([made.json["talks"][0]["id"]], [])
    assert [name for name, _data in told(house)] == ["meeting.asked", "meeting.offered"]
    found = house.call(house.guardian("mum"), "GET", f"/reviews/{again['talks'][0]['id']}").json
    assert (found["staff"]["id"], found["pupil"]["id"], len(found["times"])) == ("ama", "mina", 6)


def test_of_two_who_say_it_at_once_both_find_the_same(school: House) -> None:
    house = school
    path, gate, replies = f"/appointments/{tonight(house)['id']}/rest", threading.Barrier(2), list[Any]()

    def say(who: dict[str, str]) -> None:
        gate.wait()
        replies.append(house.call(who, "POST", path))

    threads = [threading.Thread(target=say, args=[who]) for who in (
        house.guardian("mum"), house.staff("ama", "teacher"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json["talks"] == replies[1].json["talks"]
    assert [name for name, _data in told(house)] == ["meeting.asked", "meeting.offered"]


def test_a_home_that_comes_together_goes_on_with_the_same_adults(school: House) -> None:
    house = school
    for who in ("mum", "dad"):
        house.call(house.guardian(who), "PUT", "/pupils/mina/sharing", {"shows_times": True, "together": True})
    talk = tonight(house)
    made = house.call(house.guardian("mum"), "POST", f"/appointments/{talk['id']}/rest").json
    assert [one["guardian_id"] for one in made["talks"]] == ["mum"]
    (dads,) = listed(house, house.guardian("dad"))["items"]
    (mums,) = listed(house, house.guardian("mum"))["items"]
    times = [set(house.call(house.guardian(who), "GET", f"/reviews/{one['id']}").json["times"])
             for who, one in (("mum", mums), ("dad", dads))]
    assert len(times[0]) == len(times[1]) == 6
    assert not times[0] & times[1]


def test_only_who_was_there_may_go_on_and_only_in_time(school: House) -> None:
    house = school
    evening = house.open_evening()
    made = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).json
    path = f"/appointments/{made['id']}/rest"
    assert house.call(house.guardian("mum"), "POST", path).status_code == 409
    wait_until(house, datetime(2026, 11, 26, 16, 1, tzinfo=UTC))
    for who in (house.guardian("dad"), house.guardian("gran"), house.staff("tom", "teacher")):
        there, absent = (house.call(who, "POST", one) for one in (path, "/appointments/nothing/rest"))
        assert (there.status_code, there.data) == (404, absent.data)
    wait_until(house, datetime(2026, 11, 28, 16, 1, tzinfo=UTC))
    assert house.call(house.office, "POST", path).status_code == 409


def test_a_talk_that_took_place_is_said_once_and_one_that_was_moved_waits(school: House) -> None:
    house = school
    talk = asked(house)
    book(house, talk, talk["times"][0])
    book(house, talk, talk["times"][1])
    for at in talk["times"][:3]:
        wait_until(house, datetime.fromisoformat(at) + timedelta(minutes=21))
        sweep(house.service.database, TIMERS)
    held = [data for name, data in told(house) if name == "meeting.held"]
    assert [(data["starts_at"], data["guardian_id"]) for data in held] == [(talk["times"][1], "mum")]


NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90)), max_size=6).map(
    lambda rough: [(NOON + timedelta(minutes=start), NOON + timedelta(minutes=start + long)) for start, long in rough])


@given(SPANS, SPANS, st.integers(0, 400))
def test_an_instant_is_in_both_when_it_is_in_each(one: Any, other: Any, minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    inside = [any(start <= at < end for start, end in spans) for spans in (one, other, overlap(one, other))]
    assert inside[2] == (inside[0] and inside[1])


@pytest.mark.parametrize(("minutes", "allowed"), [(-1, False), (0, True), (10, True), (24 * 60 + 10, True),
                                                  (24 * 60 + 11, False)])
def test_until_when_the_rest_can_be_booked(minutes: int, allowed: bool) -> None:
    assert may_go_on(NOON, NOON + timedelta(minutes=10), NOON + timedelta(minutes=minutes)) is allowed


@pytest.mark.parametrize(("today", "times"), [
    (date(2027, 3, 25), {"2027-03-26T15:15", "2027-03-29T14:15"}),  # the clock goes forward on the 28th
])
def test_good_hours_are_the_schools_clock_on_both_sides_of_its_change(
        house: House, today: date, times: set[str]) -> None:
    wait_until(house, datetime(today.year, today.month, today.day, 10, tzinfo=UTC))
    can = [{"on": day, "from": "15:00", "to": "15:40"} for day in ("2027-03-26", "2027-03-29")]
    assert {at[:16] for at in asked(house, can=can)["times"]} == times


def test_who_comes_by_video_is_told_where_the_call_is(school: House) -> None:
    room = "https://video.invalid/osei"
    hours = school.call(school.staff("ama", "teacher"), "PUT", "/hours", {**TUESDAY_NOON, "link": room})
    assert hours.status_code == 200
    talk = asked(school)
    made = book(school, talk, talk["times"][0], how="video")
    assert (made.status_code, made.json["link"]) == (200, room)
    assert [(name, data.get("link")) for name, data in told(school)][-1] == ("meeting.booked", room)
    assert school.call(school.guardian("mum"), "POST", f"/reviews/{talk['id']}/cancel").status_code == 200
    assert (told(school)[-1][0], "link" in told(school)[-1][1]) == ("meeting.cancelled", False)
