"""A question to every home: each adult answers alone, school sees where they differ, and neither home ever does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis.timers import sweep
from services.profiles.classes.models import Enrolment
from services.profiles.consents.models import ConsentAnswerChange
from services.profiles.consents.rules import STATES, closing_instant, state_of
from tests.profiles.house import House

QUESTION = {"title": "Trip to the farm", "words": "May your child come?", "class_ids": ["c-maple"], "needs": "one",
            "closes_on": "2026-11-27"}
ADULTS = st.sampled_from(["a", "b", "c", "d"])
HOLDERS = st.sets(ADULTS)
SAID = st.dictionaries(ADULTS, st.sampled_from(["yes", "no"]))
NEEDS = st.sampled_from(["one", "all", "a need of next year"])


def ask(house: House, who: str = "s-office", **changes: Any) -> Any:
    return house.call("POST", "/consents", who, {**QUESTION, **changes})


def asked(house: House, **changes: Any) -> str:
    return str(ask(house, **changes).json["id"])


def answer(house: House, consent_id: str, who: str, word: str, note: str = "") -> Any:
    return house.call("POST", f"/consents/{consent_id}/pupils/p-sam/answer", who, {"answer": word, "note": note})


def state(house: House, consent_id: str, who: str = "s-office") -> str:
    (sam,) = house.call("GET", f"/consents/{consent_id}", who).json["pupils"]
    return str(sam["state"])


def restrict(house: House, guardian: str) -> None:
    house.call("POST", f"/pupils/p-sam/guardians/{guardian}/restrictions", "s-office", {"kind": "no contact"})


@pytest.mark.parametrize(("needs", "holders", "answers", "expected"), [
    ("one", "ab", {}, "waiting"),
    ("one", "ab", {"a": "yes"}, "agreed"),
    ("one", "ab", {"a": "no"}, "not-agreed"),
    ("one", "ab", {"a": "yes", "b": "no"}, "disagreement"),
    ("one", "ab", {"a": "no", "b": "no"}, "not-agreed"),
    ("all", "ab", {"a": "yes"}, "waiting"),
    ("all", "ab", {"a": "yes", "b": "yes"}, "agreed"),
    ("all", "ab", {"a": "yes", "b": "no"}, "disagreement"),
    ("all", "ab", {"a": "no"}, "not-agreed"),
    ("all", "a", {"a": "yes", "b": "no"}, "agreed"),
    ("one", "a", {"b": "yes"}, "waiting"),
    ("one", "", {"a": "yes"}, "nobody-can-answer"),
    ("a need of next year", "ab", {"a": "yes"}, "waiting"),
])
def test_what_answers_amount_to(needs: str, holders: str, answers: dict[str, str], expected: str) -> None:
    assert state_of(needs, list(holders), answers) == expected


@given(NEEDS, HOLDERS, SAID)
def test_it_is_agreed_only_by_those_who_may_with_a_yes_and_without_a_no(
        needs: str, holders: set[str], answers: dict[str, str]) -> None:
    found = state_of(needs, holders, answers)
    said = [answers.get(adult) for adult in holders]
    assert found in STATES
    if found == "agreed":
        assert "yes" in said
        assert "no" not in said
        assert needs == "one" or set(said) == {"yes"}
    assert (found == "disagreement") == ({"yes", "no"} <= set(said))
    assert (found == "nobody-can-answer") == (not holders)


@given(NEEDS, HOLDERS, SAID, st.dictionaries(ADULTS, st.sampled_from(["yes", "no"])))
def test_an_answer_of_somebody_without_the_right_changes_nothing(
        needs: str, holders: set[str], answers: dict[str, str], others: dict[str, str]) -> None:
    counted = {adult: word for adult, word in answers.items() if adult in holders}
    strangers = {adult: word for adult, word in others.items() if adult not in holders}
    assert state_of(needs, holders, {**strangers, **counted}) == state_of(needs, holders, counted)


def test_the_office_asks_and_each_home_answers_alone(house: House) -> None:
    consent_id = asked(house, needs="all")
    (fact,) = house.facts("tandem.profiles.consent.asked.v1")
    assert fact == {"consent_id": consent_id, "pupil_ids": ["p-sam"], "closes_on": "2026-11-27"}
    assert state(house, consent_id) == "waiting"
    mine = answer(house, consent_id, "g-amira", "yes", "He needs his inhaler.").json
    assert [(one["pupil"]["given_name"], one["answer"], one["note"]) for one in mine["pupils"]] == [
        ("Sam", "yes", "He needs his inhaler.")]
    assert state(house, consent_id) == "waiting"
    answer(house, consent_id, "g-karim", "yes")
    assert state(house, consent_id) == "agreed"
    assert house.facts("tandem.profiles.consent.answered.v1") == [
        {"consent_id": consent_id, "pupil_id": "p-sam", "guardian_id": who} for who in ("g-amira", "g-karim")]


def test_staff_see_a_disagreement_and_only_the_office_by_name(house: House) -> None:
    consent_id = asked(house)
    answer(house, consent_id, "g-amira", "yes", "Happy with that.")
    answer(house, consent_id, "g-karim", "no")
    (sam,) = house.call("GET", f"/consents/{consent_id}", "s-dsl").json["pupils"]
    assert sam["state"] == "disagreement"
    assert [(one["guardian"]["given_name"], one["answer"], one["counts"]) for one in sam["adults"]] == [
        ("Amira", "yes", True), ("Karim", "no", True)]
    taught = house.call("GET", f"/consents/{consent_id}", "s-bell")
    assert [set(one) for one in taught.json["pupils"]] == [{"pupil", "state"}]
    assert not any(word in taught.text for word in ("Amira", "Karim", "g-amira", "Happy"))
    assert [item["id"] for item in house.call("GET", "/consents", "s-bell").json["items"]] == [consent_id]


@pytest.mark.parametrize("needs", ["one", "all"])
def test_what_one_adult_gets_never_depends_on_what_the_other_says(house: House, needs: str) -> None:
    consent_id = asked(house, needs=needs)

    def seen() -> list[tuple[int, bytes, list[Any]]]:
        replies = [house.call("GET", path, "g-amira") for path in ("/consents", f"/consents/{consent_id}", "/home")]
        replies.append(answer(house, consent_id, "g-amira", "yes"))
        return [(reply.status_code, reply.data, [pair for pair in reply.headers if pair[0] != "X-Request-Id"])
                for reply in replies]

    answer(house, consent_id, "g-amira", "yes")
    before = seen()
    for word in ("yes", "no"):
        assert answer(house, consent_id, "g-karim", word, "A note of the other home.").status_code == 200
        assert seen() == before
    restrict(house, "g-karim")
    assert seen() == before
    text = b"".join(data for _status, data, _headers in before).decode()
    assert not any(word in text for word in ("state", "needs", "adults", "Karim", "g-karim", '"one"', '"all"'))


def test_a_barred_adult_and_one_with_no_child_there_find_what_is_not_there(house: House) -> None:
    consent_id = asked(house)
    for who in ("g-barred", "s-other"):
        there = house.call("GET", f"/consents/{consent_id}", who)
        absent = house.call("GET", "/consents/nowhere", who)
        assert (there.status_code, there.data) == (404, absent.data)
        assert house.call("GET", "/consents", who).json["items"] == []
    assert answer(house, consent_id, "g-barred", "no").data == answer(house, "nowhere", "g-barred", "no").data
    assert house.call("POST", f"/consents/{consent_id}/pupils/p-zoe/answer", "g-amira", {"answer": "yes"}).status_code \
        == 404


def test_an_answer_counts_no_more_once_the_right_is_lost_and_stays_in_the_history(house: House) -> None:
    consent_id = asked(house)
    answer(house, consent_id, "g-amira", "yes")
    answer(house, consent_id, "g-karim", "no", "Not this time.")
    restrict(house, "g-karim")
    assert state(house, consent_id) == "agreed"
    assert answer(house, consent_id, "g-karim", "yes").status_code == 404
    (sam,) = house.call("GET", f"/consents/{consent_id}", "s-office").json["pupils"]
    karim = next(one for one in sam["adults"] if one["guardian"]["id"] == "g-karim")
    assert (karim["counts"], karim["answer"], karim["note"]) == (False, "no", "Not this time.")
    restrict(house, "g-amira")
    assert state(house, consent_id) == "nobody-can-answer"


def test_every_change_of_an_answer_is_kept(house: House) -> None:
    consent_id = asked(house)
    for word in ("yes", "yes", "no"):
        answer(house, consent_id, "g-amira", word)
        house.clock.advance(seconds=1)
    (sam,) = house.call("GET", f"/consents/{consent_id}", "s-office").json["pupils"]
    amira = next(one for one in sam["adults"] if one["guardian"]["id"] == "g-amira")
    assert (amira["answer"], [past["answer"] for past in amira["earlier"]]) == ("no", ["yes"])
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        kept = uow.all(sa.select(ConsentAnswerChange.answer).order_by(ConsentAnswerChange.id))
    assert kept == ["yes", "no"]
    assert len(house.facts("tandem.profiles.consent.answered.v1")) == 2


def test_it_closes_at_the_end_of_its_day_where_the_school_is(house: House) -> None:
    consent_id = asked(house, closes_on="2026-11-24")
    answer(house, consent_id, "g-amira", "yes")
    house.clock.advance(hours=14, minutes=59)
    assert answer(house, consent_id, "g-amira", "no").status_code == 200
    house.clock.advance(minutes=1)
    assert answer(house, consent_id, "g-amira", "yes").status_code == 409
    assert house.facts("tandem.profiles.consent.ended.v1") == []
    assert sweep(house.service.database, house.service.timers) == 1
    assert house.facts("tandem.profiles.consent.ended.v1") == [{"consent_id": consent_id}]
    (mine,) = house.call("GET", "/consents", "g-amira").json["items"]
    assert (mine["is_open"], mine["pupils"][0]["answer"]) == (False, "no")
    assert house.call("GET", "/home", "g-amira").json["consents"] == []


def test_a_day_ends_by_the_schools_own_clock() -> None:
    day = date(2026, 7, 1)
    assert closing_instant(day, "Europe/London").isoformat() == "2026-07-01T23:00:00+00:00"
    assert closing_instant(day, "UTC").isoformat() == "2026-07-02T00:00:00+00:00"


def test_the_office_ends_it_before_its_day_and_once(house: House) -> None:
    consent_id = asked(house)
    for who in ("g-amira", "s-bell", "s-dsl"):
        assert house.call("POST", f"/consents/{consent_id}/end", who).status_code == 404
    assert house.call("POST", f"/consents/{consent_id}/end", "s-office").json["is_open"] is False
    assert house.call("POST", f"/consents/{consent_id}/end", "s-office").status_code == 409
    assert answer(house, consent_id, "g-amira", "yes").status_code == 409
    house.clock.advance(days=5)
    assert sweep(house.service.database, house.service.timers) == 0
    assert len(house.facts("tandem.profiles.consent.ended.v1")) == 1


def test_home_shows_what_i_have_not_answered_for_each_of_my_children(house: House) -> None:
    consent_id = asked(house)
    for who in ("g-amira", "g-karim"):
        assert [item["id"] for item in house.call("GET", "/home", who).json["consents"]] == [consent_id]
    answer(house, consent_id, "g-amira", "no")
    assert house.call("GET", "/home", "g-amira").json["consents"] == []
    assert [item["id"] for item in house.call("GET", "/home", "g-karim").json["consents"]] == [consent_id]


def test_a_child_who_joins_later_was_not_asked_about(house: House) -> None:
    consent_id = asked(house)
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.add(Enrolment(class_id="c-maple", person_id="p-zoe", role="pupil"))
    assert state(house, consent_id) == "waiting"


def test_only_the_office_and_the_head_ask(house: House) -> None:
    assert [ask(house, who).status_code for who in ("s-bell", "s-dsl", "g-amira")] == [404, 404, 404]
    assert house.facts("tandem.profiles.consent.asked.v1") == []


def test_the_same_request_twice_is_one_question(house: House) -> None:
    replies = [house.call("POST", "/consents", "s-office", QUESTION, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert replies[0].json == replies[1].json
    assert len(house.facts("tandem.profiles.consent.asked.v1")) == 1


@pytest.mark.parametrize(("field", "value"), [
    ("title", ""), ("words", "x" * 4001), ("class_ids", []), ("class_ids", ["c-nowhere"]), ("needs", "most"),
    ("closes_on", "2026-11-23"), ("closes_on", "2028-01-01"), ("closes_on", "9999-12-31"), ("closes_on", "soon")])
def test_a_bad_field_is_named_and_nothing_is_kept(house: House, field: str, value: Any) -> None:
    reply = ask(house, **{field: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert house.call("GET", "/consents", "s-office").json["items"] == []


@pytest.mark.parametrize("body", [{"answer": "maybe"}, {}, {"answer": "yes", "note": "x" * 501}])
def test_a_bad_answer_is_named_and_nothing_is_kept(house: House, body: dict[str, str]) -> None:
    consent_id = asked(house)
    reply = house.call("POST", f"/consents/{consent_id}/pupils/p-sam/answer", "g-amira", body)
    assert reply.status_code == 422
    assert house.call("GET", "/home", "g-amira").json["consents"] != []
