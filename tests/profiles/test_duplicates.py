"""Two entries of one adult: found by name, previewed child by child, merged without widening a right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.duplicates.rules import Entry, find_alike, fold
from services.profiles.people.events import guardian_described, publish_state
from services.profiles.people.models import Alias, Guardian
from services.profiles.relationships.actions import recompute_rights
from services.profiles.relationships.rules import RIGHTS
from services.profiles.restrictions.actions import flag_from_roster
from tests.profiles.house import House, a_pair
from tests.profiles.test_restrictions import enter, rights


@pytest.fixture
def twice(house: House) -> House:
    """Karim is there twice: once with Sam, and once with Sam and Zoe."""
    with house.service.database.unit_of_work("oakfield") as uow:
        again = Guardian(id="g-karim2", given_name="KARIM", family_name="Haddad", email="k@example.org", phone=None,
                         language=None, prefers_voice=False, status="current")
        uow.add(again, Alias(source="roster", kind="guardian", external_id="K2", own_id="g-karim2"))
        publish_state(uow, [guardian_described(again)])
        pairs = [a_pair(pupil, "g-karim2", uow.now) for pupil in ("p-sam", "p-zoe")]
        uow.add(*pairs)
        uow.flush()
        recompute_rights(uow, pairs, "roster", "roster")
    return house


def merge(house: House, keep: str = "g-karim", drop: str = "g-karim2") -> Any:
    return house.call("POST", f"/guardians/{keep}/duplicates/{drop}", "s-office")


def test_two_entries_of_one_name_are_shown_with_their_children(twice: House) -> None:
    (found,) = twice.call("GET", "/duplicates", "s-office").json["items"]
    assert {found["one"]["id"], found["other"]["id"]} == {"g-karim", "g-karim2"}
    assert found["shared"] == ["name"]


def test_a_merge_says_before_what_it_opens_and_does_just_that(twice: House) -> None:
    preview = twice.call("GET", "/guardians/g-karim/duplicates/g-karim2", "s-office").json["items"]
    assert [(item["pupil"]["id"], item["opens"], item["closes"]) for item in preview] == [
        ("p-sam", [], []), ("p-zoe", sorted(RIGHTS), [])]
    assert merge(twice).status_code == 201
    assert {child["id"] for child in twice.call("GET", "/children", "g-karim").json["items"]} == {"p-sam", "p-zoe"}
    assert twice.call("GET", "/children", "g-karim2").json["items"] == []
    assert twice.call("GET", "/duplicates", "s-office").json["items"] == []
    with twice.service.database.unit_of_work("oakfield", write=False) as uow:
        assert uow.get(Alias, "roster", "guardian", "K2").own_id == "g-karim", "as the next roster has it"


@pytest.mark.parametrize(("keep", "drop"), [("g-karim", "g-karim2"), ("g-karim2", "g-karim")])
def test_what_restricts_the_one_restricts_the_merged(twice: House, keep: str, drop: str) -> None:
    enter(twice, "g-karim", kind="information only")
    assert merge(twice, keep, drop).status_code == 201
    assert rights(twice, keep) == {"see", "receive"}


def test_what_nobody_has_checked_of_the_one_is_unchecked_of_the_merged(twice: House) -> None:
    with twice.service.database.unit_of_work("oakfield") as uow:
        from services.profiles.relationships.actions import change_relationship

        change_relationship(uow, ("p-sam", "g-karim2"), {"restriction": "unknown"}, "roster")
    merge(twice)
    assert rights(twice) == set()


def test_where_both_had_the_child_the_merged_has_what_both_had(twice: House) -> None:
    twice.call("PUT", "/pupils/p-sam/guardians/g-karim2", "s-office",
               {"kind": "grandparent", "parental_responsibility": "no", "lives_with": "no"})
    preview = twice.call("GET", "/guardians/g-karim/duplicates/g-karim2", "s-office").json["items"][0]
    merge(twice)
    assert rights(twice) == set(preview["after"]) == {"attend", "collect"}
    adults = twice.call("GET", "/pupils/p-sam/family", "s-office").json["adults"]
    (karim,) = [adult for adult in adults if adult["guardian"]["id"] == "g-karim"]
    assert [row["kind"] for row in karim["restrictions"]] == ["merge"], "lifted by two, like any other"


def test_what_the_entry_that_goes_had_said_is_the_other_ones_own(twice: House) -> None:
    told = {"kind": "sleep", "words": "A bad night.", "audience": "class", "until": "week"}
    update = twice.call("POST", "/pupils/p-sam/updates", "g-karim2", told).json["id"]
    asked = twice.call("POST", "/consents", "s-office", {
        "title": "Trip", "words": "To the farm.", "class_ids": ["c-maple"], "needs": "one", "closes_on": "2026-12-01"})
    answer = f"/consents/{asked.json['id']}/pupils/p-sam/answer"
    twice.call("POST", answer, "g-karim", {"answer": "yes"})
    twice.call("POST", answer, "g-karim2", {"answer": "no"})
    assert merge(twice).status_code == 201
    assert twice.call("GET", f"/updates/{update}", "g-karim").status_code == 200
    assert twice.call("GET", f"/updates/{update}", "g-karim2").status_code == 404
    (child,) = twice.call("GET", f"/consents/{asked.json['id']}", "g-karim").json["pupils"]
    assert child["answer"] == "no", "where both have answered, a no stands"


def test_a_flag_of_a_file_and_those_kept_apart_go_along(twice: House) -> None:
    twice.call("POST", "/keep-apart", "s-office", {"guardian_ids": ["g-amira", "g-karim2"]})
    with twice.service.database.unit_of_work("oakfield") as uow:
        flag_from_roster(uow, [("p-zoe", "g-karim2")])
    merge(twice)
    assert twice.call("GET", "/pupils/p-zoe", "g-karim").status_code == 404
    family = twice.call("GET", "/pupils/p-sam/family", "s-office").json
    assert [(row["first_id"], row["second_id"]) for row in family["keep_apart"]] == [("g-amira", "g-karim")]


def test_nobody_is_merged_with_themselves_or_with_nobody(twice: House) -> None:
    assert merge(twice, drop="g-karim").status_code == 422
    assert merge(twice, drop="g-nobody").status_code == 404
    merge(twice)
    assert merge(twice).status_code == 404, "it has ended"


NAMES = st.sampled_from(["Zoë Marsh", "zoe  marsh", "ZOE MARSH", "Zoe Marche", "Ali"])


@given(st.lists(st.tuples(NAMES, st.none() | st.sampled_from(["a@x.org", "A@X.org"]),
                          st.none() | st.sampled_from(["+44 7700 900123", "07700 900123", "01"])), max_size=5))
def test_entries_are_alike_by_name_whatever_else_they_share(people: list[tuple[str, str | None, str | None]]) -> None:
    entries = [Entry(str(number), *facts) for number, facts in enumerate(people)]
    found = find_alike(entries)
    for one in entries:
        for other in entries:
            if one.id < other.id:
                assert ((one.id, other.id) in found) == (fold(one.name) == fold(other.name))
    assert all(shared[0] == "name" for shared in found.values())
