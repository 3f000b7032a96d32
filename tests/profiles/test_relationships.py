"""The rule, by a table and by search; and what HTTP tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.permissions import open_at
from services.profiles.relationships.rules import (
    EVERYTHING,
    RIGHTS,
    TAKEN,
    TRUST_DEFAULT,
    Default,
    Hold,
    Order,
    Pair,
    contradict,
    rights_at,
    taken_by,
    turning_points,
    windows_of,
)
from tests.fakes import NOW
from tests.profiles.house import House

DAY = timedelta(days=1)
INSTANTS = st.integers(-4, 4).map(lambda days: NOW + days * DAY)
SOME = st.frozensets(st.sampled_from(RIGHTS))
ORDERS = st.builds(Order, st.sampled_from([*TAKEN, "a kind of 2031"]), SOME, st.none() | INSTANTS, st.none() | INSTANTS)
HOLDS = st.builds(Hold, SOME, st.none() | INSTANTS, st.none() | INSTANTS)
PAIRS = st.builds(
    Pair, st.sampled_from([*TRUST_DEFAULT, "neighbour", ""]), st.sampled_from(["yes", "no", "unknown"]),
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.lists(ORDERS, max_size=3).map(tuple),
    st.lists(HOLDS, max_size=2).map(tuple),
    st.lists(st.builds(Default, SOME, st.none() | INSTANTS), max_size=3).map(tuple))


def allowed(pair: Pair, at: object = NOW) -> frozenset[str]:
    return frozenset(name for name, right in rights_at(pair, at).items() if right.allowed)  # type: ignore[arg-type]


def parent(*orders: Order, **but: object) -> Pair:
    return Pair(**{"kind": "parent", "parental_responsibility": "yes", "is_checked": True, "orders": orders, **but})  # type: ignore[arg-type]


@pytest.mark.parametrize(("pair", "expected"), [
    (parent(), EVERYTHING),
    (parent(parental_responsibility="unknown"), EVERYTHING - {"consent"}),
    (parent(parental_responsibility="no"), EVERYTHING - {"consent"}),
    (parent(is_checked=False), frozenset()),
    (parent(Order("no contact")), frozenset()),
    (parent(Order("interim")), frozenset()),
    (parent(Order("roster flag")), frozenset()),
    (parent(Order("supervised")), EVERYTHING - {"attend", "collect"}),
    (parent(Order("information only")), frozenset({"see", "receive"})),
    (parent(Order("prohibited steps")), EVERYTHING - {"consent", "collect"}),
    (parent(Order("no site")), EVERYTHING - {"attend", "collect"}),
    (parent(Order("address confidential")), EVERYTHING),
    (parent(Order("other", frozenset({"book"}))), EVERYTHING - {"book"}),
    (parent(Order("supervised", frozenset({"see"}))), EVERYTHING - {"attend", "collect", "see"}),
    (parent(Order("information only"), Order("no contact")), frozenset()),
    (parent(Order("a kind of 2031")), frozenset()),
    (parent(Order("no contact", starts_at=NOW + DAY)), EVERYTHING),
    (parent(Order("no contact", ends_at=NOW)), EVERYTHING),
    (parent(Order("no contact", starts_at=NOW, ends_at=NOW + DAY)), frozenset()),
    (parent(holds=(Hold(frozenset({"see"})),)), EVERYTHING - {"see"}),
    (parent(kind="neighbour"), frozenset({"collect"})),
    (parent(kind="social worker"), frozenset({"see", "receive", "reply", "book", "attend"})),
    (parent(kind="social worker", is_looked_after=True), EVERYTHING - {"collect"}),
    (parent(kind="grandparent", defaults=(Default(frozenset({"see"})),)), frozenset({"see"})),
    (parent(defaults=(Default(frozenset(), NOW + DAY),)), EVERYTHING),
    (parent(is_current=False), frozenset()),
    (parent(pupil_is_current=False), frozenset()),
], ids=["a parent has all", "unknown responsibility takes consent alone", "no responsibility takes consent alone",
        "nobody has checked", "no contact", "interim", "a flag of a file", "supervised", "information only",
        "prohibited steps", "no site: by phone or video", "a confidential address takes no right",
        "other takes what it says",
        "an entry may take more", "of two the stricter holds", "a kind of a newer version takes everything",
        "before it begins", "once it has ended", "at its first instant", "what the child holds back",
        "an unknown kind of adult is an emergency contact", "a social worker", "of a child who is looked after",
        "the school's policy", "a policy of tomorrow", "an ended pair has nothing",
        "a pupil who left is nobody's business"])
def test_the_rule_by_a_table(pair: Pair, expected: frozenset[str]) -> None:
    assert allowed(pair) == expected


@given(PAIRS, INSTANTS)
def test_every_right_has_an_answer_with_a_reason(pair: Pair, at: object) -> None:
    answers = rights_at(pair, at)  # type: ignore[arg-type]
    assert tuple(answers) == RIGHTS
    assert all(answer.reason for answer in answers.values())


@given(PAIRS, INSTANTS)
def test_what_readers_obey_is_what_the_rule_says_at_every_instant(pair: Pair, at: object) -> None:
    windows = windows_of(pair)
    for moment in (at, *turning_points(pair), *(turn - timedelta(microseconds=1) for turn in turning_points(pair))):
        answers = rights_at(pair, moment)  # type: ignore[arg-type]
        assert {name: open_at(windows, name, moment) for name in RIGHTS} == {  # type: ignore[arg-type]
            name: answer.allowed for name, answer in answers.items()}


@given(PAIRS, ORDERS, INSTANTS)
def test_one_more_restriction_never_gives_anything(pair: Pair, order: Order, at: object) -> None:
    more = Pair(pair.kind, pair.parental_responsibility, pair.is_checked, pair.is_current, pair.pupil_is_current,
                pair.is_looked_after, (*pair.orders, order), pair.holds, pair.defaults)
    assert allowed(more, at) <= allowed(pair, at)


def test_orders_that_take_different_things_contradict_each_other() -> None:
    assert not contradict([])
    assert not contradict([Order("no contact"), Order("interim"), Order("address confidential")])
    assert contradict([Order("no contact"), Order("supervised")])
    assert taken_by(Order("a kind of 2031")) == EVERYTHING


NO_CONTACT = {"kind": "no contact", "document": "order of 3 March", "seen_by": "the head", "seen_on": "2026-11-20"}


def test_a_restriction_bites_at_once_and_is_announced(house: House) -> None:
    assert [child["id"] for child in house.call("GET", "/children", "g-karim").json["items"]] == ["p-sam"]
    entered = house.call("POST", "/pupils/p-sam/guardians/g-karim/restrictions", "s-office", NO_CONTACT)
    assert entered.status_code == 201, entered.json
    assert house.call("GET", "/children", "g-karim").json["items"] == []
    (changed,) = house.facts("tandem.profiles.rights.changed.v1")
    assert (changed["guardian_id"], changed["lost"], changed["cause"]) == (
        "g-karim", sorted(RIGHTS), "restriction-entered")
    assert house.facts("tandem.profiles.rights.computed.v1")[-1]["windows"]["see"] == []
    (fact,) = house.facts("tandem.profiles.restriction.entered.v1")
    assert fact == {"restriction_id": entered.json["id"], "pupil_id": "p-sam", "guardian_id": "g-karim",
                    "staff_id": "s-office"}


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
