"""An update from home reaches those whom its author names, is acknowledged, and ends by itself."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.timers import sweep
from tests.profiles.house import House

UPDATE = {"kind": "sleep", "words": "Sam slept badly.", "audience": "class", "until": "week"}


def share(house: House, who: str = "g-amira", **changes: Any) -> Any:
    return house.call("POST", "/pupils/p-sam/updates", who, {**UPDATE, **changes})


def test_class_staff_read_and_acknowledge_and_the_author_sees_who_and_when(house: House) -> None:
    shared = share(house).json
    (waiting,) = house.call("GET", "/updates", "s-bell").json["items"]
    assert (waiting["words"], waiting["pupil"]["given_name"]) == ("Sam slept badly.", "Sam")
    reply = house.call("POST", f"/updates/{shared['id']}/acknowledge", "s-bell", {"reply": "Thank you."})
    assert reply.json["state"] == "acknowledged"
    (mine,) = house.call("GET", "/pupils/p-sam/updates", "g-amira").json["items"]
    assert mine["acknowledgements"][0]["reply"] == "Thank you."
    assert house.call("GET", "/updates", "s-bell").json["items"] == []
    again = house.call("POST", f"/updates/{shared['id']}/acknowledge", "s-bell", {"reply": "Again."})
    assert again.status_code == 409


def test_the_fact_names_readers_and_carries_no_words(house: House) -> None:
    share(house)
    (fact,) = house.facts("tandem.profiles.update.shared.v1")
    assert fact["staff_ids"] == ["s-bell"]
    assert "slept" not in str(fact)


@pytest.mark.parametrize("who", ["g-karim", "g-barred", "s-other", "s-dsl"])
def test_nobody_else_finds_it(house: House, who: str) -> None:
    shared = share(house).json
    assert house.call("GET", f"/updates/{shared['id']}", who).status_code == 404
    listed = house.call("GET", "/pupils/p-sam/updates", who)
    assert listed.status_code == 404 or listed.json["items"] == []


def test_only_safeguarding_leads_get_what_is_for_them(house: House) -> None:
    shared = share(house, audience="safeguarding").json
    assert house.call("GET", f"/updates/{shared['id']}", "s-dsl").status_code == 200
    assert house.call("GET", f"/updates/{shared['id']}", "s-bell").status_code == 404


def test_it_ends_by_itself(house: House) -> None:
    share(house)
    house.clock.advance(days=6)
    sweep(house.service.database, house.service.timers)
    assert house.facts("tandem.profiles.update.ended.v1") == []
    house.clock.advance(days=1)
    sweep(house.service.database, house.service.timers)
    assert set(house.facts("tandem.profiles.update.ended.v1")[0]) == {"update_id", "pupil_id", "guardian_id"}
    assert house.call("GET", "/updates", "s-bell").json["items"] == []


def test_its_author_takes_it_back_and_nobody_else_can(house: House) -> None:
    shared = share(house).json
    assert house.call("POST", f"/updates/{shared['id']}/withdraw", "g-karim").status_code == 404
    assert house.call("POST", f"/updates/{shared['id']}/withdraw", "g-amira").json["state"] == "ended"
    assert house.call("GET", f"/updates/{shared['id']}", "s-bell").status_code == 404


def test_an_author_who_may_no_longer_see_the_child_finds_nothing_of_it(house: House) -> None:
    shared = share(house).json
    house.call("POST", "/pupils/p-sam/guardians/g-amira/restrictions", "s-office", {"kind": "no contact"})
    nowhere = house.call("GET", "/updates/nowhere", "g-amira")
    assert house.call("GET", f"/updates/{shared['id']}", "g-amira").data == nowhere.data
    assert house.call("POST", f"/updates/{shared['id']}/withdraw", "g-amira").status_code == 404
    assert house.call("GET", f"/updates/{shared['id']}", "s-bell").json["words"] == UPDATE["words"]


def test_the_same_request_twice_is_one_update(house: House) -> None:
    replies = [house.call("POST", "/pupils/p-sam/updates", "g-amira", UPDATE, **{"Idempotency-Key": "once"})
               for _ in range(2)]
    assert replies[0].json == replies[1].json
    assert len(house.facts("tandem.profiles.update.shared.v1")) == 1


@pytest.mark.parametrize(("field", "value"), [("words", ""), ("words", "x" * 2001), ("kind", "gossip"),
                                              ("audience", "everyone"), ("until", "never")])
def test_a_bad_field_is_named_and_nothing_is_kept(house: House, field: str, value: str) -> None:
    reply = share(house, **{field: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert house.facts("tandem.profiles.update.shared.v1") == []


@pytest.mark.parametrize(("takes", "shares", "changes", "withdraws"), [
    ([], 201, 200, 200), (["receive", "book", "attend", "consent", "collect"], 201, 200, 200),
    (["reply"], 404, 404, 200), (["see"], 404, 404, 404), (["see", "reply"], 404, 404, 404)])
def test_who_tells_school_something_needs_to_see_and_to_reply(
        house: House, takes: list[str], shares: int, changes: int, withdraws: int) -> None:
    """Like all other writing; one's own words can be taken back by who still sees the child."""
    before = share(house).json["id"]
    if takes:
        assert house.call("POST", "/pupils/p-sam/guardians/g-amira/restrictions", "s-office",
                          {"kind": "other", "takes": takes}).status_code == 201
    body = {"words": "Better now.", "audience": "class", "until": "week"}
    changed = house.call("PUT", f"/updates/{before}", "g-amira", body, **{"If-Match": '"1"'})
    assert (share(house).status_code, changed.status_code) == (shares, changes)
    assert house.call("POST", f"/updates/{before}/withdraw", "g-amira").status_code == withdraws
