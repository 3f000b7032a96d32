"""The agreement: written and published by version, answered by each for themselves, and a condition of nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from services.profiles.agreements import actions, queries
from services.profiles.agreements.rules import START
from tests.profiles.house import House

TEXT = {"school": ["We listen"], "home": ["We tell"], "child": ["I try"]}
SAM = "/pupils/p-sam/agreement"


def write(house: House, revision: int = 0, who: str = "s-office", **changes: Any) -> Any:
    return house.call("PUT", "/agreement", who, {**TEXT, **changes}, **{"If-Match": f'"{revision}"'})


def publish(house: House, revision: int = 1, who: str = "s-head") -> Any:
    return house.call("POST", "/agreement/publish", who, **{"If-Match": f'"{revision}"'})


def published(house: House, **changes: Any) -> int:
    assert write(house, **changes).status_code == 200
    return int(publish(house).json["current"]["number"])


def answer(house: House, who: str, word: str = "agreed", number: int = 1, **more: Any) -> Any:
    return house.call("POST", SAM, who, {"number": number, "answer": word, **more})


def test_a_draft_is_nobodys_until_it_is_published_and_then_every_adult_is_told(house: House) -> None:
    assert house.call("GET", "/agreement", "s-head").json["start"] == {name: list(START[name]) for name in START}
    assert write(house).headers["ETag"] == '"1"'
    assert house.call("GET", SAM, "g-amira").json == {"current": None, "earlier": []}
    assert publish(house).json["current"]["school"] == ["We listen"]
    assert house.call("GET", SAM, "g-amira").json["current"]["home"] == ["We tell"]
    (fact,) = house.facts("tandem.profiles.agreement.published.v1")
    assert (fact["pupil_ids"], fact["to"]) == (["p-sam", "p-zoe"], "adults")
    assert "listen" not in str(fact)


def test_two_who_write_at_once_are_told_and_nothing_is_published_unread(house: House) -> None:
    write(house)
    assert write(house, 0, "s-head").status_code == 412
    assert write(house, 1, "s-head", school=["We answer"]).headers["ETag"] == '"2"'
    assert publish(house, 1).status_code == 412
    assert publish(house, 2).json["current"]["school"] == ["We answer"]
    nothing = publish(house, 0)
    assert (nothing.status_code, "no draft" in nothing.json["detail"]) == (409, True)
    assert house.call("PUT", "/agreement", "s-head", TEXT).status_code == 422


def test_each_agrees_for_themselves_and_nobody_at_home_learns_of_another(house: House) -> None:
    published(house)
    before = house.call("GET", SAM, "g-karim").data
    assert answer(house, "g-amira", words="With all my heart").json["current"]["mine"]["answer"] == "agreed"
    answer(house, "g-amira", "not-now")
    answer(house, "g-amira", "agreed", words="After all")
    assert house.call("GET", SAM, "g-karim").data == before
    assert house.call("GET", SAM, "p-sam").json["current"]["answers"] == []
    for who in ("s-bell", "s-office"):
        (said,) = house.call("GET", SAM, who).json["current"]["answers"]
        assert (said["signature"]["by"], said["words"]) == ("Amira Haddad", "After all")
    assert [fact["voice"] for fact in house.facts("tandem.profiles.agreement.agreed.v1")] == ["home", "home"]
    assert "g-amira" not in str(house.facts("tandem.profiles.agreement.agreed.v1"))


def test_who_said_not_now_is_on_nobodys_list(house: House) -> None:
    published(house)
    answer(house, "g-amira", "not-now")
    answer(house, "g-karim")
    assert [one["signature"]["by"] for one in house.call("GET", SAM, "s-office").json["current"]["answers"]] == [
        "Karim Haddad"]
    items = house.call("GET", "/classes/c-maple/agreement", "s-office").json["items"]
    assert [(item["pupil"]["given_name"], item["adults"]) for item in items] == [("Sam", ["Karim Haddad"])]
    assert house.call("GET", "/classes/c-maple/agreement", "s-bell").status_code == 404


def test_the_child_agrees_in_their_own_words_for_whom_they_choose(house: House) -> None:
    published(house)
    assert answer(house, "p-sam").status_code == 422
    answer(house, "p-sam", audience="school", words="I like the second one")
    assert house.call("GET", SAM, "g-amira").json["current"]["answers"] == []
    assert house.call("GET", SAM, "s-bell").json["current"]["answers"][0]["words"] == "I like the second one"
    answer(house, "p-sam", audience="all", words="Everybody may read it")
    (said,) = house.call("GET", SAM, "g-amira").json["current"]["answers"]
    assert (said["signature"]["by"], said["words"]) == ("Sam", "Everybody may read it")


def test_a_new_version_asks_again_and_the_old_one_stays_as_of_then(house: House) -> None:
    published(house)
    answer(house, "g-amira", words="The first")
    write(house, 0, school=["We listen more"])
    publish(house)
    late = answer(house, "g-amira")
    assert (late.status_code, "new agreement" in late.json["detail"]) == (409, True)
    found = house.call("GET", SAM, "g-amira").json
    assert (found["current"]["number"], found["current"]["mine"]) == (2, None)
    (earlier,) = found["earlier"]
    assert (earlier["school"], earlier["mine"]["words"]) == (["We listen"], "The first")


@pytest.mark.parametrize("who", ["g-barred", "s-other"])
def test_who_has_nothing_to_do_with_the_child_finds_what_is_not_there(house: House, who: str) -> None:
    published(house)
    assert house.call("GET", SAM, who).data == house.call("GET", "/pupils/nobody/agreement", who).data
    assert answer(house, who).status_code == 404


def test_staff_neither_answer_nor_write_it_but_for_the_office_and_the_head(house: House) -> None:
    published(house)
    for who in ("s-bell", "s-office", "s-head"):
        assert answer(house, who).status_code == 404
    for who in ("s-bell", "s-dsl", "g-amira", "p-sam"):
        assert (write(house, 0, who).status_code, publish(house, 0, who).status_code) == (404, 404)


@pytest.mark.parametrize(("field", "value"), [
    ("school", ["x" * 201]), ("home", ["x"] * 13), ("child", [" "]), ("child", "no list")])
def test_a_bad_line_is_named_and_nothing_is_kept(house: House, field: str, value: Any) -> None:
    reply = write(house, **{field: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"].split("/")[1]) == (422, field)
    assert house.call("GET", "/agreement", "s-head").json["draft"] is None
    empty = write(house, school=[], home=[], child=[])
    assert (empty.status_code, publish(house).status_code) == (200, 422)


@pytest.mark.parametrize("words", ["<i>yes</i>", "👍", "نعم", " spaced \n"])
def test_words_are_kept_as_they_were_written_and_too_many_are_refused(house: House, words: str) -> None:
    published(house)
    assert answer(house, "g-amira", words=words).json["current"]["mine"]["words"] == words
    assert answer(house, "g-amira", words="x" * 501).status_code == 422
    assert answer(house, "g-amira", "maybe").status_code == 422


def test_two_entries_of_one_adult_and_what_is_held(house: House) -> None:
    published(house)
    answer(house, "g-karim", words="Karim's word")
    answer(house, "p-sam", audience="all")
    with house.service.database.unit_of_work("oakfield") as uow:
        actions.move_author(uow, "g-karim", "g-amira")
    assert house.call("GET", SAM, "g-amira").json["current"]["mine"]["words"] == "Karim's word"
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert [item["says"]["From"] for item in queries.list_held(uow, "p-sam", "g-amira")] == ["home", "child"]
        for who, state in (("g-amira", "agreed"), ("g-karim", None)):
            caller = Principal("", "oakfield", who, "guardian")
            (row,) = uow.rows(sa.union_all(*queries.select_part(uow, caller, "p-sam")))
            assert row.state == state
