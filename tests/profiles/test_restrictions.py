"""Restrictions through HTTP: entering bites at once, lifting needs two, dates turn by themselves, and all bad input."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.timers import sweep
from services.profiles.relationships.rules import RIGHTS
from services.profiles.restrictions.models import Restriction
from tests.profiles.house import House

KARIM = "/pupils/p-sam/guardians/g-karim"
ALERT = "tandem.profiles.alert.raised.v1"


def enter(house: House, guardian: str = "g-karim", who: str = "s-office", **entry: Any) -> Any:
    return house.call("POST", f"/pupils/p-sam/guardians/{guardian}/restrictions", who, {"kind": "no contact", **entry})


def rights(house: House, guardian: str = "g-karim") -> set[str]:
    """What the family screen says that an adult may do."""
    adults = house.call("GET", "/pupils/p-sam/family", "s-office").json["adults"]
    found = next(adult for adult in adults if adult["guardian"]["id"] == guardian)
    return {name for name, right in found["rights"].items() if right["allowed"]}


def alerts(house: House) -> list[str]:
    return [fact["kind"] for fact in house.facts(ALERT)]


def sweep_at(house: House, **later: float) -> None:
    house.clock.advance(**later)
    sweep(house.service.database, house.service.timers)


def test_one_asks_to_lift_and_another_confirms(house: House) -> None:
    lifting = f"/restrictions/{enter(house).json['id']}/lifting"
    assert house.call("POST", f"{lifting}/confirm", "s-dsl").status_code == 409, "nobody has asked"
    assert house.call("POST", lifting, "s-office", {"reason": "The order was discharged."}).status_code == 200
    assert rights(house) == set(), "asking lifts nothing"
    assert house.call("POST", lifting, "s-dsl", {"reason": "Again."}).status_code == 409
    same = house.call("POST", f"{lifting}/confirm", "s-office")
    assert same.status_code == 409
    assert "second member of staff" in same.json["detail"]
    assert rights(house) == set()
    confirmed = house.call("POST", f"{lifting}/confirm", "s-dsl")
    assert (confirmed.status_code, confirmed.json["lift_asked_by"], confirmed.json["lifted_by"]) == (
        200, "s-office", "s-dsl")
    assert rights(house) == set(RIGHTS)
    assert house.call("POST", f"{lifting}/confirm", "s-dsl").status_code == 404, "it is over"
    (lifted,) = house.facts("tandem.profiles.restriction.lifted.v1")
    assert lifted["staff_id"] == "s-dsl"
    assert house.facts("tandem.profiles.rights.changed.v1")[-1]["gained"] == sorted(RIGHTS)


def test_a_lifting_can_be_refused_and_asked_again(house: House) -> None:
    lifting = f"/restrictions/{enter(house).json['id']}/lifting"
    assert house.call("POST", f"{lifting}/refuse", "s-dsl").status_code == 409
    house.call("POST", lifting, "s-office", {"reason": "Perhaps."})
    assert house.call("POST", f"{lifting}/refuse", "s-dsl").json["lift_asked_by"] is None
    assert house.call("POST", f"{lifting}/confirm", "s-dsl").status_code == 409
    assert house.call("POST", lifting, "s-dsl", {"reason": "Now it is."}).status_code == 200
    assert house.call("POST", f"{lifting}/confirm", "s-office").status_code == 200


def test_without_evidence_it_is_taken_and_waits_to_be_seen(house: House) -> None:
    entered = enter(house)
    assert (entered.status_code, entered.json["document"]) == (201, None)
    waiting = house.call("GET", "/checks", "s-office").json["evidence"]
    assert [item["restriction"]["id"] for item in waiting] == [entered.json["id"]]
    seen = {"document": "Order of the family court", "reference": "ZZ26", "seen_by": "Head", "seen_on": "2026-11-24",
            "review_on": "2027-01-05"}
    after = house.call("POST", f"/restrictions/{entered.json['id']}/evidence", "s-office", seen)
    assert after.json["document"] == "Order of the family court"
    assert house.call("GET", "/checks", "s-office").json["evidence"] == []
    assert rights(house) == set(), "evidence gives nothing"


@pytest.mark.parametrize(("entry", "field"), [
    ({"starts_on": "2026-12-02", "until_on": "2026-12-01"}, "/until_on"),
    ({"until_on": "2026-11-23"}, "/until_on"),
    ({"review_on": "2026-11-23"}, "/review_on"),
    ({"seen_on": "2026-11-25"}, "/seen_on"),
    ({"kind": "other"}, "/takes"),
    ({"kind": "a kind of 2031"}, "/kind"),
    ({"takes": ["fly"]}, "/takes/0"),
], ids=["ends before it begins", "has ended", "a review that has gone by", "seen tomorrow", "takes nothing",
        "a kind that nobody knows", "a right that nobody knows"])
def test_what_cannot_be_is_refused_at_its_field(house: House, entry: dict[str, Any], field: str) -> None:
    refused = enter(house, **entry)
    assert (refused.status_code, [fault["pointer"] for fault in refused.json["errors"]]) == (422, [field])
    assert rights(house) == set(RIGHTS)


def test_nobody_is_restricted_from_themselves_and_nobody_kept_apart_from_themselves(house: House) -> None:
    assert house.call("POST", "/pupils/p-sam/guardians/p-sam/restrictions", "s-office",
                      {"kind": "no contact"}).status_code == 422
    assert house.call("POST", "/keep-apart", "s-office", {"guardian_ids": ["g-karim", "g-karim"]}).status_code == 422
    assert house.call("POST", "/pupils/p-zoe/guardians/g-karim/restrictions", "s-office",
                      {"kind": "no contact"}).status_code == 404


def test_when_nobody_is_left_for_a_child_it_is_taken_and_the_safeguarding_lead_hears_at_once(house: House) -> None:
    enter(house)
    assert alerts(house) == []
    assert enter(house, "g-amira").status_code == 201
    (alert,) = house.facts(ALERT)
    assert (alert["kind"], alert["pupil_id"], alert["guardian_id"], alert["staff_ids"]) == (
        "nobody-left", "p-sam", None, ["s-dsl"])


def test_of_contradictory_orders_the_stricter_holds_and_the_office_is_told(house: House) -> None:
    enter(house, kind="information only")
    assert rights(house) == {"see", "receive"}
    enter(house, kind="supervised")
    assert rights(house) == {"see", "receive"}
    assert alerts(house) == ["contradiction"]
    assert house.facts(ALERT)[0]["staff_ids"] == ["s-dsl", "s-office"]


def test_dates_are_obeyed_without_anybody_saying_anything_and_then_announced(house: House) -> None:
    enter(house, starts_on="2026-11-26", until_on="2026-11-27")
    assert len(rights(house)) == 7
    computed = house.facts("tandem.profiles.rights.computed.v1")[-1]["windows"]["see"]
    assert computed == [[None, "2026-11-26T00:00:00+00:00"], ["2026-11-28T00:00:00+00:00", None]]
    house.clock.advance(days=1, hours=14, minutes=59, seconds=59)
    assert house.call("GET", "/children", "g-karim").json["items"] != []
    house.clock.advance(seconds=1)
    assert house.call("GET", "/children", "g-karim").json["items"] == [], "at midnight, though no sweep has run"
    sweep_at(house, seconds=1)
    changed = house.facts("tandem.profiles.rights.changed.v1")[-1]
    assert (changed["cause"], changed["lost"]) == ("dates", sorted(RIGHTS))
    sweep_at(house, days=2)
    changed = house.facts("tandem.profiles.rights.changed.v1")[-1]
    assert (changed["cause"], changed["gained"]) == ("dates", sorted(RIGHTS))
    assert len(rights(house)) == 7


def test_reviews_and_ends_come_up_in_time(house: House) -> None:
    enter(house, review_on="2026-12-01", until_on="2026-12-31")
    checks = house.call("GET", "/checks", "s-office").json
    assert [len(checks[name]) for name in ("reviews", "ending", "liftings")] == [1, 0, 0]
    sweep_at(house, days=7)
    assert alerts(house) == ["review-due"]
    sweep_at(house, days=18)
    assert alerts(house) == ["review-due", "restriction-ending"]
    assert len(house.call("GET", "/checks", "s-office").json["ending"]) == 1


def test_a_restriction_of_a_newer_version_reads_as_no_right_at_all(house: House) -> None:
    found = enter(house, kind="supervised").json["id"]
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.get(Restriction, found).kind = "a kind of 2031"
    house.call("PUT", KARIM, "s-office", {"kind": "parent", "parental_responsibility": "no", "lives_with": "no"})
    assert rights(house) == set()
    assert house.call("GET", "/children", "g-karim").json["items"] == []


def test_an_adult_who_may_not_come_on_site_still_talks_by_phone(house: House) -> None:
    enter(house, kind="no site")
    assert rights(house) == set(RIGHTS) - {"attend", "collect"}


def test_what_nobody_has_checked_opens_when_somebody_has(house: House) -> None:
    house.call("POST", f"{KARIM}/checks", "s-office", {"seen": "x"})
    with house.service.database.unit_of_work("oakfield") as uow:
        from services.profiles.relationships.actions import change_relationship

        change_relationship(uow, ("p-sam", "g-karim"), {"restriction": "unknown"}, "roster")
    assert rights(house) == set()
    unchecked = house.call("GET", "/checks", "s-office").json["unchecked"]
    assert [item["guardian"]["id"] for item in unchecked] == ["g-karim"]
    assert house.call("POST", f"{KARIM}/checks", "s-office", {"seen": "The school's file"}).status_code == 200
    assert len(rights(house)) == 7
    assert house.call("POST", f"{KARIM}/checks", "s-office", {"seen": "Again"}).status_code == 409


def test_a_child_holds_back_with_the_safeguarding_leads_agreement_alone(house: House) -> None:
    wish = {"rights": ["see", "receive"], "basis": "gillick"}
    assert house.call("POST", f"{KARIM}/held", "s-office", wish).status_code == 404
    held = house.call("POST", f"{KARIM}/held", "s-dsl", wish)
    assert held.status_code == 201
    assert rights(house) == set(RIGHTS) - {"see", "receive"}
    assert house.call("POST", f"/held/{held.json['id']}/end", "s-dsl").status_code == 204
    assert len(rights(house)) == 7


def test_adults_who_must_not_meet_are_said_on_the_state_topic_and_ended_by_two(house: House) -> None:
    made = house.call("POST", "/keep-apart", "s-office", {"guardian_ids": ["g-karim", "g-amira"], "document": "order"})
    assert made.status_code == 201
    again = house.call("POST", "/keep-apart", "s-office", {"guardian_ids": ["g-amira", "g-karim"]})
    assert again.status_code == 409
    lifting = f"/keep-apart/{made.json['id']}/lifting"
    house.call("POST", lifting, "s-office", {"reason": "Agreed by both."})
    assert house.call("POST", f"{lifting}/confirm", "s-office").status_code == 409
    assert house.call("POST", f"{lifting}/refuse", "s-dsl").status_code == 200
    assert house.call("POST", f"{lifting}/confirm", "s-dsl").status_code == 409, "it was refused"
    house.call("POST", lifting, "s-office", {"reason": "Agreed by both, again."})
    assert house.call("POST", f"{lifting}/confirm", "s-dsl").status_code == 200
    history = [item["what"] for item in house.call("GET", f"{KARIM}/history", "s-office").json["items"]]
    assert sorted(history) == sorted(["apart-lifted", "apart-lifting-asked", "apart-lifting-refused",
                                      "apart-lifting-asked", "apart-entered"])
    said = house.facts("tandem.profiles.keepapart.declared.v1")
    assert [(fact["guardian_ids"], fact["status"]) for fact in said] == [
        (["g-amira", "g-karim"], "current"), (["g-amira", "g-karim"], "ended")]


def test_a_local_authority_shares_responsibility_for_a_child_who_is_looked_after(house: House) -> None:
    house.call("PUT", KARIM, "s-office",
               {"kind": "social worker", "parental_responsibility": "yes", "lives_with": "no"})
    assert rights(house) == {"see", "receive", "reply", "book", "attend"}
    house.call("PUT", "/pupils/p-sam/looked-after", "s-office", {"authority": "Borough Council"})
    assert "consent" in rights(house)
    assert house.call("GET", "/pupils/p-sam/family", "s-office").json["looked_after_by"] == "Borough Council"
    house.call("PUT", "/pupils/p-sam/looked-after", "s-office", {"authority": None})
    assert "consent" not in rights(house)


def test_only_the_office_the_head_and_the_lead_reach_any_of_it(house: House) -> None:
    missing = house.call("GET", "/pupils/p-nobody", "g-amira")
    for method, path, body in (
            ("POST", f"{KARIM}/restrictions", {"kind": "no contact"}), ("GET", "/checks", None),
            ("GET", "/pupils/p-sam/family", None), ("POST", f"{KARIM}/checks", {"seen": "x"}),
            ("GET", "/tester?pupil_id=p-sam", None), ("GET", f"{KARIM}/history", None), ("GET", "/policy", None),
            ("GET", "/duplicates", None)):
        for who in ("s-bell", "g-amira", "g-karim"):
            reply = house.call(method, path, who, body)
            assert (reply.status_code, reply.data) == (404, missing.data), path
