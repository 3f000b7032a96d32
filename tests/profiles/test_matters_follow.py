"""What an author does later to words that were passed on is added to the matter, and their own screens never tell."""

from __future__ import annotations

from typing import Any

import pytest

from services.profiles.safeguarding.rules import what_is_new
from tests.profiles.house import House
from tests.profiles.test_partnerships import CLOSE, OPENING, STEP, opened, path_of

MATTERS, WHY = "/safeguarding/matters", "He is afraid."


def pass_on(house: House, kind: str, entry_id: str, **more: Any) -> str:
    """The id of the matter."""
    body = {"kind": kind, "entry_id": entry_id, "why": WHY, **more}
    reply = house.call("POST", MATTERS, "s-bell", body)
    assert reply.status_code == 201, reply.text
    return str(house.call("GET", MATTERS, "s-dsl").json["items"][0]["id"])


def kept(house: House, matter_id: str) -> list[tuple[str, str]]:
    found = house.call("GET", f"{MATTERS}/{matter_id}", "s-dsl").json
    return [(entry["what"], entry["words"]) for entry in found["entries"]]


def answer(house: House, loop: str, words: str, version: int) -> Any:
    return house.call("PUT", f"{loop}/answers/mine", "g-amira", {"going_well": words, "worries": ""},
                      **{"If-Match": f'"{version}"'})


def test_every_later_word_in_a_loop_that_was_passed_on_is_kept(house: House) -> None:
    made = opened(house, worries="", support="")
    loop, matter = path_of(made), pass_on(house, "loop", made.json["answers"][0]["id"])
    assert answer(house, loop, "I meant it.", 1).status_code == 200
    assert answer(house, loop, OPENING["going_well"], 2).status_code == 200
    by = {"doer": "home", "words": "I will stay", "by_on": STEP["by_on"]}
    assert house.call("POST", f"{loop}/steps", "g-amira", by).status_code == 201
    assert house.call("POST", f"{loop}/notes", "g-amira", {"words": "We met.", "meeting": None}).status_code == 201
    assert house.call("POST", f"{loop}/close", "g-amira", CLOSE).status_code == 200
    assert kept(house, matter) == [
        ("passed", OPENING["going_well"]), ("changed", "I meant it."), ("changed", OPENING["going_well"]),
        ("added", "I will stay"), ("added", "We met."), ("added", "A quiet start\n\nMondays")]
    assert house.call("GET", loop, "s-bell").status_code == 404


def test_an_answer_among_others_is_followed_and_their_words_are_not(house: House) -> None:
    loop = path_of(opened(house))
    said = house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "Swims", "worries": "", "audience": "all"})
    mine = next(one for one in said.json["answers"] if one["going_well"] == "Swims")
    matter = pass_on(house, "loop", mine["id"])
    house.call("PUT", f"{loop}/answers/mine", "g-karim", {"going_well": "Hides", "worries": "At night"},
               **{"If-Match": '"1"'})
    house.call("POST", f"{loop}/steps", "g-karim", {"doer": "home", "words": "For all", "by_on": STEP["by_on"]})
    assert answer(house, loop, "Of the other home", 1).status_code == 200
    assert kept(house, matter) == [("passed", "Swims"), ("changed", "Hides\n\nAt night")]
    assert "For all" in house.call("GET", loop, "s-bell").text


def test_the_loop_that_follows_one_that_was_passed_on_is_followed_too(house: House) -> None:
    made = opened(house, worries="", support="")
    loop, matter = path_of(made), pass_on(house, "loop", made.json["answers"][0]["id"])
    house.call("POST", f"{loop}/steps", "g-amira", {"doer": "home", "words": "First", "by_on": STEP["by_on"]})
    closed = house.call("POST", f"{loop}/close", "g-amira", {**CLOSE, "outcome": "new-step", "next_step": {
        "kind": "loop", "words": "Go on", "review_on": "2026-12-16"}})
    assert closed.status_code == 200, closed.text
    later = f"/partnerships/{closed.json['closing']['next_id']}"
    house.call("POST", f"{later}/steps", "g-amira", {"doer": "home", "words": "Second", "by_on": STEP["by_on"]})
    assert ("added", "Second") in kept(house, matter)
    assert house.call("GET", later, "s-bell").status_code == 404


def write(house: House, words: str) -> str:
    return str(house.call("POST", "/pupils/p-sam/notes", "p-sam", {"words": words, "audience": "school"}).json["id"])


def change(house: House, note_id: str, words: str) -> None:
    version = house.call("GET", f"/notes/{note_id}", "p-sam").json["version"]
    assert house.call("PUT", f"/notes/{note_id}", "p-sam", {"words": words},
                      **{"If-Match": f'"{version}"'}).status_code == 200


def test_a_note_that_a_child_takes_back_stays_theirs_until_they_share_it_again(house: House) -> None:
    note = write(house, "I am scared.")
    matter = pass_on(house, "note", note, child_told="told")
    assert house.call("POST", f"/notes/{note}/withdraw", "p-sam").status_code == 200
    change(house, note, "For me alone.")
    assert kept(house, matter) == [("passed", "I am scared."), ("withdrawn", "")]
    change(house, note, "I still am.")
    assert house.call("POST", f"/notes/{note}/share", "p-sam", {"audience": "school"}).status_code == 200
    assert kept(house, matter)[2:] == [("shared", "I still am.")]
    assert "I still am." not in house.call("GET", "/pupils/p-sam/notes", "s-bell").text


def test_a_lead_lets_the_child_see_that_the_note_was_read_by_whom_they_know(house: House) -> None:
    note = write(house, "I am scared.")
    matter = pass_on(house, "note", note, child_told="told")
    path = f"{MATTERS}/{matter}"
    assert house.call("GET", path, "s-dsl").json["waits"] is False
    assert house.call("POST", f"{path}/answer", "s-dsl").status_code == 409
    house.call("POST", f"/notes/{note}/withdraw", "p-sam")
    change(house, note, "I still am.")
    assert house.call("POST", f"{path}/answer", "s-dsl").status_code == 409  # it is the child's own just now
    house.call("POST", f"/notes/{note}/share", "p-sam", {"audience": "school"})
    assert house.call("GET", path, "s-dsl").json["waits"] is True
    assert house.call("GET", f"/notes/{note}", "p-sam").json["read_by"] == []
    assert house.call("POST", f"{path}/answer", "s-dsl").status_code == 201
    assert house.call("GET", f"/notes/{note}", "p-sam").json["read_by"] == ["Bell Staff"]


def test_a_topic_that_its_child_takes_off_is_noted(house: House) -> None:
    made = house.call("POST", "/pupils/p-sam/topics", "p-sam", {"kind": "own", "words": "Nights", "audience": "school"})
    topic = made.json["items"][0]["id"]
    matter = pass_on(house, "note", topic, child_told="told")
    assert house.call("POST", f"/topics/{topic}/remove", "p-sam").status_code == 204
    assert kept(house, matter) == [("passed", "own: Nights"), ("withdrawn", "")]


def test_words_of_the_page_are_followed_through_change_and_removal(house: House) -> None:
    made = house.call("POST", "/pupils/p-sam/about-me/entries", "g-amira",
                      {"section": "signs", "words": "He hides.", "audience": "all"})
    entry = made.json["id"]
    matter = pass_on(house, "about-me", entry)
    assert house.call("PUT", f"/about-me/entries/{entry}", "g-amira", {"words": "He runs.", "audience": "all"},
                      **{"If-Match": '"1"'}).status_code == 200
    assert house.call("POST", f"/about-me/entries/{entry}/remove", "g-amira", **{"If-Match": '"2"'}).status_code == 204
    assert kept(house, matter) == [("passed", "He hides."), ("changed", "He runs."), ("withdrawn", "")]


@pytest.mark.parametrize(("before", "words", "is_taken_back", "what"), [
    ([("passed", "A")], "A", False, ""), ([("passed", "A")], "B", False, "changed"),
    ([("passed", "A"), ("changed", "B")], "A", False, "changed"), ([("passed", "A")], "B", True, "withdrawn"),
    ([("passed", "A"), ("withdrawn", "")], "B", True, ""),
    ([("passed", "A"), ("withdrawn", "")], "A", False, "shared")])
def test_what_a_matter_has_yet_to_keep(before: Any, words: str, is_taken_back: bool, what: str) -> None:
    assert what_is_new(before, words, is_taken_back) == what
