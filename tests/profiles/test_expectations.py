"""A class's half page: written by its staff, published to its families, and due two school weeks into the half-term."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.auth import Principal
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.expectations import queries
from services.profiles.expectations.rules import state_of
from tests.profiles.house import House
from tests.profiles.test_progress import statements

PAGE = {"learning": "Plants and their parts.", "expects": "A kind voice.", "routines": "Library on Mondays.",
        "help_one": "Look for seeds.", "help_two": "Count petals.", "help_three": "Read together.",
        "dates": "Friday: the farm."}
PATH = "/classes/c-maple/expectations"
FACT = "tandem.profiles.expectation.published.v1"


def write(house: House, version: int | str = 0, who: str = "s-bell", **changes: Any) -> Any:
    return house.call("PUT", PATH, who, {**PAGE, **changes}, **{"If-Match": f'"{version}"'})


def publish(house: House, version: int = 1, who: str = "s-bell") -> Any:
    return house.call("POST", f"{PATH}/publish", who, {}, **{"If-Match": f'"{version}"'})


def read(house: House, who: str) -> list[dict[str, Any]]:
    reply = house.call("GET", "/pupils/p-sam/expectations", who)
    assert reply.status_code == 200, reply.text
    return list(reply.json["items"])


def due(house: House, who: str = "s-bell") -> list[Any]:
    return list(house.call("GET", "/expectations/due", who).json["items"])


@pytest.mark.parametrize(("version", "published", "expected"), [
    (None, None, "none"), (1, None, "draft"), (1, 1, "published"), (2, 1, "changed")])
def test_what_stands_of_a_page(version: int | None, published: int | None, expected: str) -> None:
    assert state_of(version, published) == expected


def test_a_page_is_written_published_and_read_by_families_and_the_child(house: House) -> None:
    empty = house.call("GET", PATH, "s-bell")
    assert (empty.headers["ETag"], empty.json["state"], empty.json["page"]) == ('"0"', "none", None)
    draft = write(house)
    assert (draft.headers["ETag"], draft.json["state"], draft.json["written_by"]) == ('"1"', "draft", "Bell Staff")
    assert read(house, "g-amira") == []
    assert publish(house).json["state"] == "published"
    for who in ("g-amira", "g-karim", "p-sam", "s-bell", "s-office"):
        (page,) = read(house, who)
        assert {name: page[name] for name in PAGE} == PAGE
        assert (page["class_title"], page["by"], page["is_current"]) == ("Maple", "Bell Staff", True)
    (fact,) = house.facts(FACT)
    assert (fact["class_id"], fact["pupil_ids"], fact["to"]) == ("c-maple", ["p-sam"], "adults")


def test_a_change_is_a_draft_until_it_is_published_and_then_nobody_is_told_again(house: House) -> None:
    write(house)
    publish(house)
    assert write(house, 1, learning="Animals.").json["state"] == "changed"
    assert read(house, "g-amira")[0]["learning"] == "Plants and their parts."
    publish(house, 2)
    assert read(house, "g-amira")[0]["learning"] == "Animals."
    assert ["to" in fact for fact in house.facts(FACT)] == [True, False]


def test_of_two_colleagues_the_slower_is_told_that_it_was_changed(house: House) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.add(Enrolment(class_id="c-maple", person_id="s-other", role="teacher"))
    write(house)
    assert write(house, 0, "s-other", learning="Mine.").status_code == 412
    assert publish(house, 0, "s-other").status_code == 412
    assert house.call("GET", PATH, "s-other").json["page"]["learning"] == PAGE["learning"]
    assert write(house, 1, "s-other", learning="Ours.").json["version"] == 2


@pytest.mark.parametrize("match", ["", "x", "-1", "1.5", "9" * 40, "²"])
def test_a_change_says_what_it_changes(house: House, match: str) -> None:
    assert write(house, match.encode().decode("latin-1")).status_code == 422


def test_what_cannot_be_published_is_refused_by_name(house: House) -> None:
    assert publish(house).status_code == 404
    write(house)
    publish(house)
    again = publish(house)
    assert (again.status_code, "published already" in again.text) == (409, True)
    assert len(house.facts(FACT)) == 1


@pytest.mark.parametrize("who", ["s-other", "s-office", "g-amira", "p-sam"])
def test_only_who_teaches_the_class_writes(house: House, who: str) -> None:
    assert write(house, 0, who).status_code == publish(house, 1, who).status_code == 404


def test_staff_of_the_whole_school_look_and_other_teachers_find_what_is_not_there(house: House) -> None:
    write(house)
    found = house.call("GET", PATH, "s-office").json
    assert (found["may_write"], found["state"]) == (False, "draft")
    there = house.call("GET", PATH, "s-other")
    assert (there.status_code, there.data) == (404, house.call("GET", "/classes/no/expectations", "s-other").data)


@pytest.mark.parametrize("who", ["g-barred", "s-other", "p-zoe"])
def test_who_may_not_see_the_child_finds_what_is_not_there(house: House, who: str) -> None:
    there = house.call("GET", "/pupils/p-sam/expectations", who)
    assert (there.status_code, there.data) == (404, house.call("GET", "/pupils/no/expectations", who).data)


@pytest.mark.parametrize(("field", "value"), [
    *((name, "") for name in PAGE if name != "dates"), ("learning", "x" * 601), ("help_two", "x" * 151),
    ("dates", "x" * 301), ("routines", "   "), ("expects", None)])
def test_half_a_page_has_all_its_parts_and_no_more(house: House, field: str, value: Any) -> None:
    reply = write(house, **{field: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert house.call("GET", PATH, "s-bell").json["state"] == "none"


def test_dates_may_be_left_out_and_words_are_kept_as_written(house: House) -> None:
    assert write(house, dates="", learning="<b>שלום</b> 🌱").status_code == 200
    publish(house)
    assert read(house, "g-amira")[0]["learning"] == "<b>שלום</b> 🌱"


def test_it_is_due_two_school_weeks_after_the_half_term_has_begun(house: House) -> None:
    assert due(house) == [{"class_id": "c-maple", "title": "Maple", "due_on": "2026-11-13"}]
    assert due(house, "s-other") == due(house, "s-office") == []
    write(house)
    assert len(due(house)) == 1
    publish(house)
    assert due(house) == []
    house.clock.advance(days=45)
    assert due(house)[0]["due_on"] == "2027-01-15"
    (old,) = read(house, "g-amira")
    assert not old["is_current"]
    assert house.call("GET", PATH, "s-bell").json["state"] == "none"


def test_its_part_of_the_childs_page_is_the_newest_page_of_each_class(house: House) -> None:
    write(house)
    publish(house)
    write(house, 1, learning="Animals.")
    publish(house, 2)
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        (part,) = queries.select_part(uow, Principal("", "oakfield", "g-amira", "guardian"), "p-sam")
        rows = uow.rows(part)
    assert [(row.words, row.more) for row in rows] == [("Animals.", "c-maple")]


def test_it_costs_as_many_statements_for_many_classes_as_for_one(house: House) -> None:
    def cost(path: str, who: str) -> int:
        with statements(house) as seen:
            assert house.call("GET", path, who).status_code == 200
        return len(seen)

    write(house)
    publish(house)
    asked = [("/pupils/p-sam/expectations", "g-amira"), ("/expectations/due", "s-bell")]
    before = [cost(*one) for one in asked]
    with house.service.database.unit_of_work("oakfield") as uow:
        for number in range(10):
            uow.add(SchoolClass(id=f"c-{number}", title=f"Set {number}", status="current"), *(
                Enrolment(class_id=f"c-{number}", person_id=one, role=role)
                for one, role in (("p-sam", "pupil"), ("s-bell", "teacher"))))
    assert [cost(*one) for one in asked] == before
