"""An author changes an update, names people, and school keeps its promise or is reminded; the author never is."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.timers import sweep
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.people.models import StaffMember
from tests.profiles.house import House
from tests.profiles.test_wellbeing import UPDATE, share

SHARED, ENDED = "tandem.profiles.update.shared.v1", "tandem.profiles.update.ended.v1"
OVERDUE = "tandem.profiles.update.overdue.v1"


@pytest.fixture(autouse=True)
def team(house: House) -> None:
    """Sam has a second teacher, and the school has a head."""
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.add(SchoolClass(id="c-music", title="Music", status="current"),
                Enrolment(class_id="c-music", person_id="p-sam", role="pupil"),
                Enrolment(class_id="c-music", person_id="s-lowe", role="teacher"),
                *(StaffMember(id=f"s-{name}", given_name=name.title(), family_name="Staff", email=None, roles=[role],
                              status="current") for name, role in (("lowe", "teacher"), ("head", "head"))))


def change(house: House, update: Any, who: str = "g-amira", version: int | None = None, **said: Any) -> Any:
    body = {**{name: UPDATE[name] for name in ("words", "audience", "until")}, **said}
    return house.call("PUT", f"/updates/{update['id']}", who, body,
                      **{"If-Match": f'"{update["version"] if version is None else version}"'})


def read(house: House, update: Any, who: str, reply: str = "") -> Any:
    return house.call("POST", f"/updates/{update['id']}/acknowledge", who, {"reply": reply})


def waiting(house: House, who: str) -> list[str]:
    return [item["state"] for item in house.call("GET", "/updates", who).json["items"]]


def run(house: House, **passed: float) -> None:
    house.clock.advance(**passed)
    sweep(house.service.database, house.service.timers)


def test_the_author_names_people_of_the_childs_team_and_nobody_else_knows(house: House) -> None:
    shared = share(house, audience="named", staff_ids=["s-lowe"]).json
    assert [one["id"] for one in shared["named"]] == ["s-lowe"]
    assert waiting(house, "s-lowe") == ["waiting"]
    assert house.call("GET", f"/updates/{shared['id']}", "s-bell").status_code == 404
    assert house.facts(SHARED)[0]["staff_ids"] == ["s-lowe"]


@pytest.mark.parametrize("staff_ids", [[], ["s-other"], ["s-lowe", "s-dsl"]])
def test_somebody_outside_of_the_team_cannot_be_named(house: House, staff_ids: list[str]) -> None:
    reply = share(house, audience="named", staff_ids=staff_ids)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/staff_ids")


def test_who_may_no_longer_know_loses_it_at_once_and_new_readers_are_told(house: House) -> None:
    shared = share(house, audience="named", staff_ids=["s-bell"]).json
    changed = change(house, shared, audience="named", staff_ids=["s-lowe"])
    assert (changed.status_code, changed.json["version"], changed.headers["ETag"]) == (200, 2, '"2"')
    assert house.call("GET", f"/updates/{shared['id']}", "s-bell").status_code == 404
    assert waiting(house, "s-bell") == []
    assert read(house, shared, "s-bell").status_code == 404
    assert waiting(house, "s-lowe") == ["waiting"]
    assert [fact["staff_ids"] for fact in house.facts(SHARED)] == [["s-bell"], ["s-lowe"]]
    assert len(house.facts(ENDED)) == 1, "the notices that were out are taken back"


def test_those_who_had_read_it_see_that_its_words_have_changed(house: House) -> None:
    shared = share(house).json
    read(house, shared, "s-bell", "Thank you.")
    house.clock.advance(hours=26)
    changed = change(house, shared, words="Sam slept well after all.").json
    assert changed["state"] == "waiting"
    assert changed["promised_by"].startswith("2026-11-26T16:00"), "new words have a promise of their own"
    assert [seen["is_current"] for seen in changed["acknowledgements"]] == [False]
    assert waiting(house, "s-bell") == ["changed"]
    assert read(house, shared, "s-bell", "Good to know.").json["state"] == "acknowledged"
    (seen,) = house.call("GET", f"/updates/{shared['id']}", "g-amira").json["acknowledgements"]
    assert (seen["reply"], seen["is_current"]) == ("Thank you.\nGood to know.", True)


def test_another_audience_alone_asks_nobody_to_read_the_same_words_again(house: House) -> None:
    shared = share(house, audience="named", staff_ids=["s-bell"]).json
    read(house, shared, "s-bell")
    changed = change(house, shared, until="half-term").json
    assert (changed["state"], changed["expires_at"]) == ("acknowledged", "2026-12-18T18:00:00+00:00")
    assert waiting(house, "s-bell") == []
    assert waiting(house, "s-lowe") == ["waiting"]
    assert house.facts(SHARED)[-1]["staff_ids"] == ["s-lowe"]


def test_a_stale_change_is_refused_and_nothing_is_lost(house: House) -> None:
    shared = share(house).json
    assert change(house, shared, words="First.").status_code == 200
    assert change(house, shared, words="Second.").status_code == 412
    assert house.call("GET", f"/updates/{shared['id']}", "g-amira").json["words"] == "First."
    without = house.call("PUT", f"/updates/{shared['id']}", "g-amira", {**UPDATE, "words": "x"} | {}, **{})
    assert without.status_code == 422


def test_the_same_words_again_are_no_new_version(house: House) -> None:
    shared = share(house).json
    assert change(house, shared).json["version"] == 1


@pytest.mark.parametrize("who", ["g-karim", "g-barred"])
def test_nobody_else_changes_it(house: House, who: str) -> None:
    shared = share(house).json
    there, absent = change(house, shared, who), change(house, {**shared, "id": "nowhere"}, who)
    assert (there.status_code, there.data) == (404, absent.data)


def test_an_update_that_has_ended_is_not_changed(house: House) -> None:
    shared = share(house).json
    house.call("POST", f"/updates/{shared['id']}/withdraw", "g-amira")
    assert change(house, shared, words="Late.").status_code == 409


def test_the_author_is_told_by_when_and_school_is_reminded(house: House) -> None:
    shared = share(house).json
    assert shared["promised_by"] == "2026-11-25T16:00:00+00:00"
    run(house, hours=30)
    assert house.facts(OVERDUE) == []
    run(house, hours=1)  # Wednesday, four o'clock
    (fact,) = house.facts(OVERDUE)
    assert fact["staff_ids"] == ["s-bell", "s-head", "s-lowe", "s-office"]
    assert "slept" not in str(fact)
    for _day in range(5):
        run(house, days=1)
    assert len(house.facts(OVERDUE)) == 4, "at the promise, and on three school days after it"
    for who in ("s-head", "s-office", "s-dsl"):
        (item,) = house.call("GET", "/updates/overdue", who).json["items"]
        assert set(item) == {"pupil", "promised_by"}
    assert house.call("GET", "/updates/overdue", "s-bell").status_code == 404
    assert house.call("GET", "/updates/overdue", "g-amira").status_code == 404


def test_a_promise_that_was_kept_reminds_nobody(house: House) -> None:
    shared = share(house).json
    read(house, shared, "s-lowe")
    run(house, days=3)
    assert house.facts(OVERDUE) == []
    assert house.call("GET", "/updates/overdue", "s-head").json["items"] == []


def test_what_is_for_a_safeguarding_lead_alone_is_no_business_of_the_office(house: House) -> None:
    share(house, audience="safeguarding")
    run(house, hours=31)
    assert house.facts(OVERDUE)[0]["staff_ids"] == ["s-dsl"]
    assert house.call("GET", "/updates/overdue", "s-office").json["items"] == []
    assert house.call("GET", "/updates/overdue", "s-head").json["items"] == []
    assert len(house.call("GET", "/updates/overdue", "s-dsl").json["items"]) == 1


def test_the_school_sets_its_promise_for_what_comes(house: House) -> None:
    before = share(house).json
    assert house.call("GET", "/updates/promise", "s-office").json == {"hours": 24}
    assert house.call("PUT", "/updates/promise", "s-office", {"hours": 48}).json == {"hours": 48}
    assert house.call("PUT", "/updates/promise", "s-head", {"hours": 72}).json == {"hours": 72}
    after = share(house, words="More.").json
    assert after["promised_by"].startswith("2026-11-27T16:00")
    kept = house.call("GET", f"/updates/{before['id']}", "g-amira").json
    assert kept["promised_by"] == before["promised_by"]
    assert house.call("PUT", "/updates/promise", "s-bell", {"hours": 1}).status_code == 404
    assert house.call("PUT", "/updates/promise", "s-head", {"hours": 0}).status_code == 422


def test_nothing_waits_for_staff_once_everybody_has_read_it(house: House) -> None:
    shared = share(house).json
    read(house, shared, "s-bell")
    assert house.facts(ENDED) == []
    read(house, shared, "s-lowe")
    assert len(house.facts(ENDED)) == 1


def test_passing_on_before_all_have_read_announces_what_a_reading_and_a_taking_back_announce(house: House) -> None:
    kinds = ("acknowledged", "ended")
    taken, passed = share(house).json, share(house, words="Another.").json
    read(house, taken, "s-bell")
    house.call("POST", f"/updates/{taken['id']}/withdraw", "g-amira")
    house.call("POST", "/safeguarding/matters", "s-bell", {"kind": "update", "entry_id": passed["id"], "why": "x"})
    facts = [[{**fact, "update_id": ""} for fact in house.facts(f"tandem.profiles.update.{kind}.v1")
              if fact["update_id"] == update["id"]] for update in (taken, passed) for kind in kinds]
    assert facts[:2] == facts[2:]
    assert [len(some) for some in facts] == [1, 1, 1, 1]
    assert waiting(house, "s-lowe") == []
