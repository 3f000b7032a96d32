"""How it goes: a teacher writes to each home, each home answers school alone, and neither home ever sees the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from services.profiles.classes.models import Enrolment
from services.profiles.people.models import Pupil
from services.profiles.progress import actions, queries
from services.profiles.progress.rules import is_in_sight
from services.profiles.signed import Passed
from tests.profiles.house import House

NOTE = {"class_id": "c-maple", "strength": "Sam asks good questions.", "goes": "He reads on his own now.",
        "next_step": "Longer words.", "at_home": "Read the signs in the street together."}
WORDS = ("strength", "goes", "next_step", "at_home")
FACT = "tandem.profiles.progress"


def write(house: House, who: str = "s-bell", pupil: str = "p-sam", **changes: Any) -> Any:
    return house.call("POST", f"/pupils/{pupil}/progress", who, {**NOTE, **changes})


def answer(house: House, note_id: str, who: str, words: str = "Thank you.") -> Any:
    return house.call("POST", f"/progress/{note_id}/replies", who, {"words": words})


def read(house: House, who: str) -> list[dict[str, Any]]:
    reply = house.call("GET", "/pupils/p-sam/progress", who)
    assert reply.status_code == 200, reply.text
    return list(reply.json["items"])


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = house.service.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_a_teacher_writes_and_each_home_the_child_and_school_read_it(house: House) -> None:
    reply = write(house)
    assert reply.status_code == 201
    note_id = reply.json["id"]
    for who in ("g-amira", "g-karim", "p-sam", "s-bell", "s-office"):
        (note,) = read(house, who)
        assert {name: note[name] for name in WORDS} == {name: NOTE[name] for name in WORDS}
        assert (note["class_title"], note["signature"]["voice"], note["signature"]["by"]) == (
            "Maple", "school", "Bell Staff")
    assert house.facts(f"{FACT}.written.v1") == [
        {"progress_id": note_id, "pupil_id": "p-sam", "staff_id": "s-bell", "to": "adults"}]


def test_school_has_reached_home_by_it(house: House) -> None:
    write(house)
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        rows = uow.connection.execute(sa.text(
            "SELECT kind, staff_id FROM contacts WHERE school_id = 'oakfield' AND pupil_id = 'p-sam'")).all()
    assert [tuple(row) for row in rows] == [("note", "s-bell")]


@pytest.mark.parametrize(("who", "pupil", "status"), [
    ("s-other", "p-sam", 404), ("s-bell", "p-zoe", 404), ("g-amira", "p-sam", 404), ("p-sam", "p-sam", 404),
    ("s-office", "p-sam", 422)])
def test_only_who_teaches_the_child_in_that_class_writes(house: House, who: str, pupil: str, status: int) -> None:
    assert write(house, who, pupil).status_code == status
    assert house.facts(f"{FACT}.written.v1") == []


def test_who_may_not_see_the_child_finds_what_is_not_there(house: House) -> None:
    note_id = write(house).json["id"]
    for who in ("g-barred", "s-other", "p-zoe"):
        assert house.call("GET", "/pupils/p-sam/progress", who).data == \
            house.call("GET", "/pupils/nowhere/progress", who).data
        assert answer(house, note_id, who).data == answer(house, "nowhere", who).data
        assert answer(house, note_id, who).status_code == 404


@pytest.mark.parametrize("field", WORDS)
@pytest.mark.parametrize("value", ["", "   \n ", "x" * 50_000, None])
def test_a_bad_field_is_named_and_nothing_is_kept(house: House, field: str, value: Any) -> None:
    reply = write(house, **{field: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert read(house, "s-bell") == []


@pytest.mark.parametrize("class_id", ["c-nowhere", "", "x" * 40])
def test_a_class_that_is_not_the_callers_is_named(house: House, class_id: str) -> None:
    reply = write(house, class_id=class_id)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/class_id")


@pytest.mark.parametrize("words", ["😀 שלום", "<script>alert(1)</script>", "  two\n\nlines  "])
def test_words_are_kept_as_they_were_written(house: House, words: str) -> None:
    note_id = write(house, strength=words).json["id"]
    answer(house, note_id, "g-amira", words)
    (note,) = read(house, "g-amira")
    assert (note["strength"], note["replies"][0]["words"]) == (words, words)


def test_the_same_request_twice_is_one_note_and_one_answer(house: House) -> None:
    once = {"Idempotency-Key": "once"}
    replies = [house.call("POST", "/pupils/p-sam/progress", "s-bell", NOTE, **once) for _ in range(2)]
    assert replies[0].json == replies[1].json
    path = f"/progress/{replies[0].json['id']}/replies"
    assert len({house.call("POST", path, "g-amira", {"words": "Yes."}, **once).text for _ in range(2)}) == 1
    assert len(read(house, "s-bell")[0]["replies"]) == 1


def test_an_answer_is_for_school_alone_and_the_homes_never_cross(house: House) -> None:
    note_id = write(house).json["id"]

    def seen(who: str) -> list[tuple[int, bytes]]:
        replies = [house.call("GET", path, who) for path in (
            "/pupils/p-sam/progress", "/pupils/p-sam", "/children" if who[0] == "g" else "/pupils/p-sam")]
        return [(reply.status_code, reply.data) for reply in replies]

    before = {who: seen(who) for who in ("g-karim", "p-sam")}
    assert answer(house, note_id, "g-amira", "He is scared of tests.").status_code == 201
    assert {who: seen(who) for who in before} == before
    answer(house, note_id, "p-sam", "I like the library.")
    assert seen("g-karim") == before["g-karim"]
    assert [one["words"] for one in read(house, "p-sam")[0]["replies"]] == ["I like the library."]
    (mine,) = read(house, "g-amira")[0]["replies"]
    assert (mine["words"], mine["signature"]["is_mine"]) == ("He is scared of tests.", True)
    first, second = read(house, "s-bell")[0]["replies"]
    assert (first["signature"]["by"], second["signature"]["voice"]) == ("Amira Haddad", "child")
    assert house.facts(f"{FACT}.replied.v1") == [
        {"progress_id": note_id, "pupil_id": "p-sam", "staff_ids": ["s-bell"], "entry_id": reply["id"]}
        for reply in (first, second)]


@pytest.mark.parametrize("body", [{}, {"words": ""}, {"words": " "}, {"words": "x" * 1001}])
def test_a_bad_answer_is_refused_in_words(house: House, body: dict[str, str]) -> None:
    note_id = write(house).json["id"]
    reply = house.call("POST", f"/progress/{note_id}/replies", "g-amira", body)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/words")


def test_the_list_of_a_class_is_by_name_and_says_for_whom_i_have_written(house: House) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.add(Enrolment(class_id="c-maple", person_id="p-zoe", role="pupil"))
    write(house)
    found = house.call("GET", "/classes/c-maple/progress", "s-bell").json
    assert [(item["pupil"]["given_name"], item["written_at"] is not None) for item in found["items"]] == [
        ("Sam", True), ("Zoe", False)]
    assert (found["begins_on"], found["ends_on"], found["due_on"]) == ("2026-10-31", "2026-12-18", "2026-12-11")
    for who in ("s-other", "s-office"):
        there = house.call("GET", "/classes/c-maple/progress", who)
        assert (there.status_code, there.data) == (404, house.call("GET", "/classes/nowhere/progress", who).data)


def test_what_is_due_is_seen_coming_and_is_done_when_every_child_has_a_note(house: House) -> None:
    due = {"class_id": "c-maple", "title": "Maple", "due_on": "2026-12-11"}
    assert house.call("GET", "/progress/due", "s-bell").json == {"items": [due]}
    assert house.call("GET", "/progress/due", "s-other").json == {"items": []}
    write(house)
    assert house.call("GET", "/progress/due", "s-bell").json == {"items": []}
    house.clock.advance(days=42)  # a new half-term
    assert house.call("GET", "/progress/due", "s-bell").json == {"items": []}
    house.clock.advance(days=14)
    assert house.call("GET", "/progress/due", "s-bell").json["items"][0]["due_on"] == "2027-02-05"


def test_it_is_in_sight_for_three_weeks_and_stays_until_it_is_done() -> None:
    due = date(2026, 12, 11)
    assert [is_in_sight(due, day) for day in (date(2026, 11, 19), date(2026, 11, 20), date(2027, 1, 1))] == [
        False, True, True]


def test_passing_an_answer_on_takes_it_off_every_screen_but_its_authors(house: House) -> None:
    note_id = write(house).json["id"]
    answer(house, note_id, "g-amira", "Something worrying.")
    before = house.call("GET", "/pupils/p-sam/progress", "g-amira").data
    reply_id = read(house, "s-bell")[0]["replies"][0]["id"]
    with house.service.database.unit_of_work("oakfield") as uow:
        passed = actions.divert_entry(uow, reply_id)
    assert isinstance(passed, Passed)
    assert (passed.kind, passed.words, passed.author_id) == ("reply", "Something worrying.", "g-amira")
    assert house.call("GET", "/pupils/p-sam/progress", "g-amira").data == before
    for who in ("s-bell", "s-office", "g-karim", "p-sam"):
        assert read(house, who)[0]["replies"] == []
    for entry in (reply_id, "nowhere"):
        with pytest.raises(NotFound), house.service.database.unit_of_work("oakfield") as uow:
            actions.divert_entry(uow, entry)


def test_two_entries_of_one_adult_become_one_authors_answers(house: House) -> None:
    note_id = write(house).json["id"]
    answer(house, note_id, "g-karim", "From me.")
    with house.service.database.unit_of_work("oakfield") as uow:
        actions.move_author(uow, "g-karim", "g-amira")
    assert [one["words"] for one in read(house, "g-amira")[0]["replies"]] == ["From me."]
    assert read(house, "g-karim")[0]["replies"] == []


def test_an_adults_copy_of_the_record_has_the_notes_and_only_own_answers(house: House) -> None:
    note_id = write(house).json["id"]
    answer(house, note_id, "g-amira", "Mine.")
    answer(house, note_id, "g-karim", "Of the other home.")
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        (item,) = queries.list_held(uow, "p-sam", "g-amira")
    assert (item["key"], item["section"]) == (f"progress:{note_id}", "progress")
    assert item["says"]["What you answered"] == "Mine."
    assert "other home" not in str(item)


def test_its_part_of_the_childs_page_is_the_newest_strengths(house: House) -> None:
    for number in range(5):
        house.clock.advance(seconds=1)
        write(house, strength=f"Strength {number}")
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        (part,) = queries.select_part(uow, Principal("", "oakfield", "g-amira", "guardian"), "p-sam")
        rows = uow.rows(part)
    assert [row.words for row in rows] == ["Strength 4", "Strength 3", "Strength 2"]


def test_reading_and_listing_cost_as_many_statements_for_many_as_for_one(house: House) -> None:
    def cost(path: str, who: str) -> int:
        with statements(house) as seen:
            assert house.call("GET", path, who).status_code == 200
        return len(seen)

    note_id = write(house).json["id"]
    answer(house, note_id, "g-amira")
    asked = [("/pupils/p-sam/progress", "g-amira"), ("/classes/c-maple/progress", "s-bell"),
             ("/progress/due", "s-bell")]
    before = [cost(*one) for one in asked]
    with house.service.database.unit_of_work("oakfield") as uow:
        for number in range(20):
            uow.add(Pupil(id=f"p-{number}", given_name="Kim", family_name="Lee", year_group="Year 2", upn=None,
                          status="current"), Enrolment(class_id="c-maple", person_id=f"p-{number}", role="pupil"))
    for _ in range(10):
        answer(house, write(house).json["id"], "g-amira")
    assert [cost(*one) for one in asked] == before
    assert before[0] <= 12
