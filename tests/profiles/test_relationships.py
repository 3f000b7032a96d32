"""The rule, by a table and by search; and what HTTP tells of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.relationships.rules import EVERYTHING, RIGHTS, TRUST_DEFAULT, Pair, rights_of
from tests.profiles.house import House

KIND = st.sampled_from([*TRUST_DEFAULT, "neighbour", ""])
WORD = st.sampled_from(["none", "restricted", "unknown", "", "nonsense"])
PAIRS = st.builds(Pair, KIND, st.sampled_from(["yes", "no", "unknown"]), WORD, st.none() | WORD, st.booleans(),
                  st.booleans())


def allowed(pair: Pair) -> frozenset[str]:
    return frozenset(name for name, right in rights_of(pair).items() if right.allowed)


@pytest.mark.parametrize(("pair", "expected"), [
    (Pair("parent", "yes", "none"), EVERYTHING),
    (Pair("parent", "unknown", "none"), EVERYTHING - {"consent"}),
    (Pair("parent", "yes", "restricted"), frozenset()),
    (Pair("parent", "yes", "unknown"), frozenset()),
    (Pair("parent", "yes", "unknown", "none"), EVERYTHING),
    (Pair("parent", "yes", "restricted", "none"), frozenset()),
    (Pair("parent", "yes", "none", "restricted"), frozenset()),
    (Pair("neighbour", "yes", "none"), frozenset({"collect"})),
    (Pair("parent", "yes", "none", is_current=False), frozenset()),
    (Pair("parent", "yes", "none", pupil_is_current=False), frozenset()),
], ids=["a parent has all", "unknown responsibility takes consent alone", "restricted has nothing",
        "unknown has nothing until checked", "the office has checked", "the office cannot loosen what a file restricts",
        "a file never loosens the office's word", "an unknown kind is an emergency contact",
        "an ended pair has nothing",
        "a pupil who left is nobody's business"])
def test_the_rule_by_a_table(pair: Pair, expected: frozenset[str]) -> None:
    assert allowed(pair) == expected


@given(PAIRS)
def test_every_right_has_an_answer_with_a_reason(pair: Pair) -> None:
    answers = rights_of(pair)
    assert tuple(answers) == RIGHTS
    assert all(answer.reason for answer in answers.values())


@given(PAIRS)
def test_nothing_is_allowed_while_anybody_says_restricted_or_nobody_has_checked(pair: Pair) -> None:
    if "restricted" in (pair.file_restriction, pair.office_restriction) or (
            pair.office_restriction is None and pair.file_restriction != "none"):
        assert allowed(pair) == frozenset()


def test_a_restriction_of_the_office_bites_at_once_and_is_announced(house: House) -> None:
    assert [child["id"] for child in house.call("GET", "/children", "g-karim").json["items"]] == ["p-sam"]
    entered = house.call("POST", "/pupils/p-sam/guardians/g-karim/restrictions", "s-office",
                         {"restriction": "restricted", "evidence": "order seen by the office"})
    assert entered.status_code == 201
    assert house.call("GET", "/children", "g-karim").json["items"] == []
    (changed,) = [fact for fact in house.facts("tandem.profiles.rights.changed.v1") if fact["lost"]]
    assert (changed["guardian_id"], changed["lost"]) == ("g-karim", sorted(RIGHTS))
    assert house.facts("tandem.profiles.rights.computed.v1")[-1]["windows"]["see"] == []


def test_refused_and_missing_are_the_same_bytes(house: House) -> None:
    missing = house.call("GET", "/pupils/p-nobody", "g-amira")
    for path, who in (("/pupils/p-sam", "g-barred"), ("/pupils/p-zoe", "g-amira"), ("/pupils/p-sam", "s-other"),
                      ("/pupils/p-sam/updates", "g-barred"), ("/relationships", "s-bell"), ("/nothing", "g-amira")):
        reply = house.call("GET", path, who)
        assert (reply.status_code, reply.data, reply.content_type) == (404, missing.data, missing.content_type), path
    elsewhere = house.call("GET", "/pupils/p-sam", "g-amira", school="elm")
    assert (elsewhere.status_code, elsewhere.data) == (404, missing.data)


def test_the_office_sees_what_nobody_has_checked(house: House) -> None:
    every = house.call("GET", "/relationships", "s-office").json["items"]
    assert {item["guardian"]["id"]: item["restriction"] for item in every} == {
        "g-amira": "none", "g-karim": "none", "g-barred": "restricted"}
    assert house.call("GET", "/relationships?flag=to-check", "s-office").json["items"] == []


def test_pages_of_pairs_follow_one_another_without_a_gap_and_a_cursor_holds_no_name(house: House) -> None:
    every = house.call("GET", "/relationships", "s-office").json["items"]
    seen, after = [], ""
    for _page in every:
        page = house.call("GET", f"/relationships?limit=1{after}", "s-office").json
        seen += page["items"]
        after = f"&after={page['after']}"
        assert "Haddad" not in after
    assert seen == every
    assert page["after"] is None
    assert house.call("GET", "/relationships?after=nobody:at-all", "s-office").status_code == 422
