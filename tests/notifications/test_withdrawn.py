"""What a restriction took back: kept, shown to the office with its cause, and told again only by a decision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from chassis.mail import AddressRefused
from chassis.timers import sweep
from tests.fakes import event
from tests.notifications.house import ALWAYS, PROFILES, House, house

__all__ = ["house"]
OFFICE, TEACHER = ("olu", "staff", ("office",)), ("shaw", "staff", ("teacher",))
OF_FATHER = "/withdrawn?pupil_id=sam&guardian_id=father"
CONTRACTS = Path(__file__).parents[2] / "contracts" / "events" / "notifications"


def restrict(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=[], book=[]))


def lift(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=ALWAYS, book=ALWAYS))


def withdrawn(house: House, path: str = OF_FATHER) -> list[dict[str, Any]]:
    reply = house.call("GET", path, OFFICE)
    assert reply.status_code == 200, reply.text
    return list(reply.json["items"])


def resend(house: House, notice_id: str) -> Any:
    return house.call("POST", f"/notices/{notice_id}/resend", OFFICE)


def told(house: House, about_id: str = "praise-1") -> dict[str, str]:
    reply = house.call("GET", f"/told?about_id={about_id}&pupil_id=sam", TEACHER)
    assert reply.status_code == 200, reply.text
    return {item["guardian_id"]: item["state"] for item in reply.json["items"]}


def hold(house: House, pair: str = "sam:father") -> None:
    """As when a snapshot of the pair could not be handled here."""
    with house.service.database.unit_of_work("oakfield") as uow:
        house.service.subscriptions.on_parked[f"{PROFILES}.rights.computed.v1"](uow, pair)


def test_what_a_restriction_took_back_is_shown_to_the_office_with_cause_and_times(house: House) -> None:
    house.hear(house.praise("praise-1"), house.praise("praise-2"))
    house.clock.advance(seconds=5)
    restrict(house)
    items = withdrawn(house)
    assert [(item["kind"], item["cause"]) for item in items] == [("praise", "right_ended")] * 2
    assert items[0]["created_at"] < items[0]["withdrawn_at"]
    assert set(items[0]) == {"id", "kind", "created_at", "withdrawn_at", "cause"}
    first = house.call("GET", f"{OF_FATHER}&limit=1", OFFICE).json
    second = house.call("GET", f"{OF_FATHER}&limit=1&after={first['after']}", OFFICE).json
    assert [item["id"] for item in first["items"] + second["items"]] == [item["id"] for item in items]
    assert second["after"] is None
    assert withdrawn(house, "/withdrawn?pupil_id=sam&guardian_id=mother") == []


def test_each_notice_that_is_taken_back_is_announced_once(house: House) -> None:
    house.hear(house.praise())
    restrict(house)
    restrict(house)
    ((key, value),) = house.facts("notice.withdrawn")
    fact = json.loads(value)
    assert fact == {"notice_id": key, "recipient_id": "father", "pupil_id": "sam", "kind": "praise",
                    "cause": "right_ended"}
    jsonschema.validate(fact, json.loads((CONTRACTS / "notice.withdrawn.v1.json").read_text()))


@pytest.mark.parametrize("fact", ["notice.withdrawn", "notice.resent"])
def test_the_samples_obey_their_schemas(fact: str) -> None:
    sample = json.loads((CONTRACTS / f"{fact}.v1.sample.json").read_text())
    jsonschema.validate(sample["data"], json.loads((CONTRACTS / f"{fact}.v1.json").read_text()))


def test_a_lifting_brings_nothing_back_until_somebody_sends_it_again(house: House) -> None:
    house.hear(house.praise())
    restrict(house)
    lift(house)
    house.pump()
    assert house.notices("father") == []
    (item,) = withdrawn(house)
    assert resend(house, item["id"]).status_code == 204
    house.clock.advance(seconds=31)
    house.beat()
    house.pump()
    assert [notice["id"] for notice in house.notices("father")] == [item["id"]]
    assert len(house.office.to("father@home.invalid")) == 1
    assert withdrawn(house) == []
    ((_, value),) = house.facts("notice.resent")
    fact = json.loads(value)
    assert (fact["notice_id"], fact["recipient_id"], fact["staff_id"]) == (item["id"], "father", "olu")
    jsonschema.validate(fact, json.loads((CONTRACTS / "notice.resent.v1.json").read_text()))


def test_nothing_is_sent_again_to_an_adult_without_the_right(house: House) -> None:
    house.hear(house.praise())
    restrict(house)
    (item,) = withdrawn(house)
    reply = resend(house, item["id"])
    assert reply.status_code == 409
    assert reply.json["detail"] == "This adult may not be told this now, so it was not sent."
    house.pump()
    assert house.office.to("father@home.invalid") == []
    assert house.facts("notice.resent") == []


def test_what_was_sent_again_once_is_not_sent_again_twice(house: House) -> None:
    house.hear(house.praise())
    restrict(house)
    (item,) = withdrawn(house)
    lift(house)
    assert [resend(house, item["id"]).status_code for _ in range(2)] == [204, 409]
    assert house.states() == ["queued", "queued", "withdrawn"]
    restrict(house)
    assert house.states() == ["queued", "withdrawn", "withdrawn"]
    assert [found["id"] for found in withdrawn(house)] == [item["id"]]


def test_what_is_over_or_about_a_child_who_left_or_not_there_is_not_sent_again(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=ALWAYS, consent=ALWAYS), house.consent("sam"))
    house.hear(event(f"{PROFILES}.consent.ended.v1", "consent-1", {"consent_id": "consent-1"}))
    (over,) = withdrawn(house)
    assert resend(house, over["id"]).status_code == 409
    house.hear(house.praise())
    house.hear(house.pupil("sam", status="left"))
    left = withdrawn(house)[0]
    assert left["cause"] == "pupil_left"
    assert resend(house, left["id"]).status_code == 409
    assert resend(house, new_id()).status_code == 404
    house.clock.advance(seconds=61)
    assert resend(house, left["id"]).status_code == 503


def test_the_lists_are_the_offices_and_the_staffs_and_never_a_guardians(house: House) -> None:
    house.hear(house.praise(), house.praise("praise-2"))
    (shown, _) = house.notices("father")
    restrict(house)
    missing = "/withdrawn?pupil_id=nobody&guardian_id=nobody"
    for person in ("mother", "father", "uncle"):
        guardian = (person, "guardian", ())
        for there, absent in (("/told?about_id=praise-1&pupil_id=sam", "/told?about_id=no&pupil_id=nobody"),
                              (OF_FATHER, missing)):
            replies = [house.call("GET", path, guardian) for path in (there, absent)]
            assert replies[0].data == replies[1].data
            assert {reply.status_code for reply in replies} == {404}
        again = house.call("POST", f"/notices/{shown['id']}/resend", guardian)
        assert again.data == house.call("POST", f"/notices/{new_id()}/resend", guardian).data
        read = house.read(person, shown["id"])
        assert (read.status_code, read.data) == (404, house.read(person, new_id()).data)
    assert house.call("GET", OF_FATHER, TEACHER).status_code == 404
    assert house.call("GET", missing, OFFICE).json == {"items": [], "after": None}
    assert house.call("GET", "/withdrawn?pupil_id=sam", OFFICE).status_code == 422


def test_the_restricted_adults_list_is_the_list_of_one_who_was_never_told_anything(house: House) -> None:
    house.hear(house.praise(), house.evening("sam"))
    restrict(house)
    assert house.get("father").data == house.get("uncle").data == house.get("nobody").data


def test_staff_see_whether_both_homes_were_told(house: House) -> None:
    house.hear(house.praise())
    assert told(house) == {"mother": "on-its-way", "father": "on-its-way"}
    house.office.failures = [AddressRefused("550")]
    house.pump()
    assert sorted(told(house).values()) == ["not-reached", "told"]
    unreached = next(name for name, state in told(house).items() if state == "not-reached")
    house.read(unreached, house.notices(unreached)[0]["id"])
    assert told(house) == {"mother": "told", "father": "told"}
    assert told(house, "praise-2") == {}


def test_who_wants_no_letters_is_told_in_the_portal_and_who_has_no_address_is_not_reached(house: House) -> None:
    house.hear(house.guardian("father", None))
    house.choose("mother", "none")
    house.hear(house.praise())
    assert told(house) == {"mother": "told", "father": "not-reached"}
    house.choose("father", "none")
    assert told(house)["father"] == "told"


def test_staff_see_nothing_of_a_home_that_may_not_be_told_any_more(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    restrict(house)
    assert told(house) == {"mother": "told"}


def test_a_right_that_ends_by_its_date_takes_back_what_was_told_and_its_return_restores_nothing(house: House) -> None:
    end, again = "2026-11-25T00:00:00+00:00", "2026-11-26T00:00:00+00:00"
    house.hear(house.rights("sam", "father", receive=[[None, end], [again, None]]))
    house.hear(house.praise())
    house.pump()
    house.clock.advance(hours=15)
    assert sweep(house.service.database, house.service.timers) == 1
    assert [item["cause"] for item in withdrawn(house)] == ["right_ended"]
    house.clock.advance(hours=24)
    house.beat()
    assert sweep(house.service.database, house.service.timers) == 0
    assert house.notices("father") == []
    assert len(house.notices("mother")) == 1


def test_a_held_pair_is_shown_and_sent_nothing_and_loses_nothing(house: House) -> None:
    house.hear(house.praise("praise-1"))
    hold(house)
    house.hear(house.praise("praise-2"), house.evening("sam"))
    assert house.notices("father") == []
    for _ in range(3):
        house.pump()
        house.clock.advance(minutes=2)
        house.beat()
    assert house.office.to("father@home.invalid") == []
    assert house.states() == ["queued"] * 3 + ["sent"] * 3
    assert house.facts() == house.facts("notice.withdrawn") == []
    lift(house)
    house.pump()
    assert len(house.notices("father")) == len(house.office.to("father@home.invalid")) == 3


def test_many_letters_that_wait_or_are_taken_back_do_not_hold_those_behind_them(house: House) -> None:
    house.hear(house.rights("sam", "mother", receive=[]))
    house.hear(*(house.praise(f"praise-{number}") for number in range(30)))
    hold(house)
    house.hear(house.appointment("booked"))
    for _ in range(3):
        house.pump()
    assert [letter.to for letter in house.office.letters] == ["shaw@school.invalid"]


def test_a_held_pair_that_turns_out_to_be_restricted_was_never_told(house: House) -> None:
    hold(house)
    house.hear(house.praise())
    restrict(house)
    house.pump()
    assert house.notices("father") == house.office.to("father@home.invalid") == []
    assert house.states() == ["sent", "withdrawn"]


def test_of_a_held_pair_nothing_is_sent_again(house: House) -> None:
    house.hear(house.praise())
    restrict(house)
    (item,) = withdrawn(house)
    hold(house)
    assert resend(house, item["id"]).status_code == 503
    assert [found["id"] for found in withdrawn(house)] == [item["id"]]


def test_a_replay_of_the_whole_topic_brings_back_nothing_that_was_withdrawn(house: House) -> None:
    told_once = [house.praise(), house.evening("sam"), house.appointment("booked", guardian_id="father")]
    house.hear(*told_once)
    restrict(house)
    lift(house)
    before = house.states()
    for happened in told_once:
        with house.service.database.unit_of_work("oakfield") as uow:
            house.service.subscriptions.handlers[happened.type](uow, [happened])
    assert house.states() == before
    assert house.notices("father") == []


def plans(house: House, asked: list[tuple[str, Any]]) -> list[str]:
    """How SQLite finds the rows of the notices and deliveries that it was asked to read or change."""
    found = []
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        for text, given in asked:
            if ("notices" in text or "deliveries" in text) and not text.startswith("INSERT"):
                found += [row[3] for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)]
    return found


def test_withdrawing_among_ten_thousand_waiting_touches_the_pairs_rows_alone(house: House) -> None:
    many = [f"home-{number}" for number in range(100)]
    house.hear(*(house.rights("kim", home, receive=ALWAYS) for home in many))
    house.hear(*(house.praise(f"praise-{number}", "kim") for number in range(100)), house.praise("the-one"))
    assert len(house.states()) == 10_002
    asked: list[tuple[str, Any]] = []

    def note(*seen: Any) -> None:
        _connection, _cursor, text, given, _context, is_many = seen
        asked.append((text, given[0] if is_many else given))

    engine = house.service.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    restrict(house)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert house.states().count("withdrawn") == 1
    assert len(asked) <= 14, [text for text, _ in asked]
    if engine.dialect.name == "sqlite":
        found = plans(house, asked)
        assert len(found) == 3
        assert all(line.startswith("SEARCH") and "INDEX" in line for line in found), found
        assert "ix_notices_pair" in found[0]
