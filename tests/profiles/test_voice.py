"""A child's own words are the child's until they say yes: for every adult they are what was never written."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.auth import Principal
from chassis.errors import NotFound
from services.profiles.people.models import Pupil
from services.profiles.voice import actions, queries
from tests.profiles.house import House

WORDS = "I don't like lunch. 🙁 <b>please</b> don't say"
ADULTS = ("g-amira", "g-karim", "s-bell", "s-other", "s-office", "s-dsl", "s-head", "g-barred")
NOTES, TOPICS = "/pupils/p-sam/notes", "/pupils/p-sam/topics"


def write(house: House, audience: str, words: str = WORDS) -> dict[str, Any]:
    reply = house.call("POST", NOTES, "p-sam", {"words": words, "audience": audience})
    assert reply.status_code == 201, reply.json
    return dict(reply.json)


def seen_by(house: House, who: str) -> list[tuple[int, bytes]]:
    replies = [house.call("GET", path, who) for path in (NOTES, TOPICS, "/notes/new", "/pupils/p-sam/page")]
    return [(reply.status_code, reply.data) for reply in replies]


def readers(house: House, note_id: str) -> set[str]:
    return {who for who in ADULTS if house.call("GET", f"/notes/{note_id}", who).status_code == 200}


def test_a_note_that_is_not_shared_is_for_every_adult_what_was_never_written(house: House) -> None:
    before = {who: seen_by(house, who) for who in ADULTS}
    note = write(house, "only-me")
    house.call("POST", TOPICS, "p-sam", {"kind": "own", "words": WORDS, "audience": "only-me"})
    assert {who: seen_by(house, who) for who in ADULTS} == before
    for who in ADULTS:
        there, absent = (house.call("GET", f"/notes/{name}", who) for name in (note["id"], "nothing"))
        assert (there.status_code, there.data) == (absent.status_code, absent.data)
    assert house.facts("tandem.profiles.note.shared.v1") == house.facts("tandem.profiles.topic.picked.v1") == []
    (mine,) = house.call("GET", NOTES, "p-sam").json["items"]
    assert (mine["words"], mine["state"], mine["audience"]) == (WORDS, "not-yet", "only-me")


def test_the_child_says_yes_and_takes_it_back(house: House) -> None:
    note = write(house, "only-me")
    path = f"/notes/{note['id']}"
    house.clock.advance(days=3)
    assert house.call("POST", f"{path}/share", "p-sam", {"audience": "school"}).json["state"] == "shared"
    assert readers(house, note["id"]) == {"s-bell"}
    (fact,) = house.facts("tandem.profiles.note.shared.v1")
    assert fact == {"note_id": note["id"], "pupil_id": "p-sam", "staff_ids": ["s-bell"]}
    seen = house.call("GET", path, "s-bell").json
    assert seen["signature"] == {"voice": "child", "by": "Sam", "is_mine": False, "at": "2026-11-27T09:00:00+00:00"}
    assert {"state", "version", "read_by"}.isdisjoint(seen)
    house.call("POST", f"{path}/share", "p-sam", {"audience": "all"})
    assert readers(house, note["id"]) == set(ADULTS) - {"s-other", "g-barred"}
    assert house.call("POST", f"{path}/withdraw", "p-sam").json["state"] == "taken-back"
    assert readers(house, note["id"]) == set()
    assert len(house.facts("tandem.profiles.note.shared.v1")) == 1
    assert house.facts("tandem.profiles.note.withdrawn.v1") == [{"note_id": note["id"], "pupil_id": "p-sam"}]


def test_moves_that_are_not_possible_are_refused_by_name(house: House) -> None:
    note = write(house, "only-me")
    path = f"/notes/{note['id']}"
    assert "nothing to take back" in house.call("POST", f"{path}/withdraw", "p-sam").json["detail"]
    house.call("POST", f"{path}/share", "p-sam", {"audience": "all"})
    again = house.call("POST", f"{path}/share", "p-sam", {"audience": "all"})
    assert (again.status_code, again.json["detail"]) == (409, "You have shared this with them already.")
    changed = house.call("PUT", path, "p-sam", {"words": "x"}, **{"If-Match": '"2"'})
    assert (changed.status_code, "Take it back first" in changed.json["detail"]) == (409, True)
    assert house.call("POST", f"{path}/share", "p-sam", {"audience": "only-me"}).status_code == 422


def test_a_change_says_which_version_it_is_of(house: House) -> None:
    note = write(house, "only-me")
    path = f"/notes/{note['id']}"
    tag = house.call("GET", path, "p-sam").headers["ETag"]
    assert house.call("PUT", path, "p-sam", {"words": "a"}, **{"If-Match": tag}).json["words"] == "a"
    assert house.call("PUT", path, "p-sam", {"words": "b"}, **{"If-Match": tag}).status_code == 412
    assert house.call("PUT", path, "p-sam", {"words": "b"}).status_code == 422
    assert house.call("GET", path, "p-sam").json["words"] == "a"


@pytest.mark.parametrize(("body", "field"), [
    ({"words": " ", "audience": "all"}, "/words"), ({"words": "x" * 2001, "audience": "all"}, "/words"),
    ({"words": "x"}, "/audience"), ({"words": "x", "audience": "my friends"}, "/audience")])
def test_what_is_wrong_is_said_at_its_field(house: House, body: dict[str, Any], field: str) -> None:
    reply = house.call("POST", NOTES, "p-sam", body)
    assert (reply.status_code, field in {fault["pointer"] for fault in reply.json["errors"]}) == (422, True)


def test_what_is_for_the_teacher_needs_a_teacher(house: House) -> None:
    reply = house.call("POST", "/pupils/p-zoe/notes", "p-zoe", {"words": "x", "audience": "school"})
    assert [fault["pointer"] for fault in reply.json["errors"]] == ["/audience"]


def test_another_child_and_adults_can_do_nothing_with_it(house: House) -> None:
    note = write(house, "all")
    for who in ("p-zoe", "g-amira", "s-bell", "s-dsl"):
        for method, path, body in (("POST", NOTES, {"words": "x", "audience": "all"}),
                                   ("PUT", f"/notes/{note['id']}", {"words": "x"}),
                                   ("POST", f"/notes/{note['id']}/share", {"audience": "school"}),
                                   ("POST", f"/notes/{note['id']}/withdraw", None)):
            assert house.call(method, path, who, body).status_code == 404, (who, path)
    assert house.call("GET", NOTES, "p-zoe").status_code == 404
    assert house.call("GET", f"/notes/{note['id']}", "p-zoe").status_code == 404


def test_the_teacher_says_that_they_have_read_it_and_the_child_sees_who(house: House) -> None:
    note = write(house, "school")
    assert [item["id"] for item in house.call("GET", "/notes/new", "s-bell").json["items"]] == [note["id"]]
    assert house.call("GET", "/notes/new", "s-office").json["items"] == []
    for _twice in range(2):
        assert house.call("POST", f"/notes/{note['id']}/read", "s-bell").status_code == 200
    assert house.call("POST", f"/notes/{note['id']}/read", "s-office").status_code == 404
    assert house.call("GET", "/notes/new", "s-bell").json["items"] == []
    assert house.call("GET", NOTES, "p-sam").json["items"][0]["read_by"] == ["Bell Staff"]


def test_a_note_that_is_passed_on_changes_nothing_for_the_child(house: House) -> None:
    note = write(house, "all")
    house.call("POST", f"/notes/{note['id']}/read", "s-bell")
    before = house.call("GET", NOTES, "p-sam").data
    with house.service.database.unit_of_work("oakfield") as uow:
        passed = actions.divert_entry(uow, note["id"])
    assert (passed.kind, passed.words, passed.voice, passed.author_id) == ("note", WORDS, "child", "p-sam")
    assert house.call("GET", NOTES, "p-sam").data == before
    assert readers(house, note["id"]) == set()
    assert house.call("POST", f"/notes/{note['id']}/withdraw", "p-sam").json["state"] == "taken-back"
    house.call("POST", f"/notes/{note['id']}/share", "p-sam", {"audience": "all"})
    assert readers(house, note["id"]) == set()
    assert len(house.facts("tandem.profiles.note.shared.v1")) == 1, "nobody is sent to what they cannot read"
    assert len(house.facts("tandem.profiles.note.withdrawn.v1")) == 1, "what told of it was taken back, once"
    with house.service.database.unit_of_work("oakfield") as uow, pytest.raises(NotFound):
        actions.divert_entry(uow, note["id"])


def test_who_cannot_read_a_note_cannot_pass_it_on_and_who_can_has_read_it(house: House) -> None:
    note, office = write(house, "school"), Principal("", "oakfield", "s-office", "staff", frozenset({"office"}))
    bell = Principal("", "oakfield", "s-bell", "staff", frozenset({"teacher"}))
    with house.service.database.unit_of_work("oakfield") as uow, pytest.raises(NotFound):
        actions.divert_read(uow, office, note["id"])
    house.call("POST", TOPICS, "p-sam", {"kind": "own", "words": "My bruise", "audience": "school"})
    topic = house.call("GET", TOPICS, "s-bell").json["items"][0]
    with house.service.database.unit_of_work("oakfield") as uow:
        actions.divert_read(uow, bell, note["id"])
        assert actions.divert_read(uow, bell, topic["id"]).words == "own: My bruise"
    assert house.call("GET", NOTES, "p-sam").json["items"][0]["read_by"] == ["Bell Staff"]
    assert [len(house.call("GET", TOPICS, who).json["items"]) for who in ("p-sam", "s-bell")] == [1, 0]


def test_no_adult_can_pass_on_what_no_adult_can_read(house: House) -> None:
    note = write(house, "only-me")
    with house.service.database.unit_of_work("oakfield") as uow, pytest.raises(NotFound):
        actions.divert_entry(uow, note["id"])


def test_a_lead_opens_what_is_sealed_with_a_reason_and_the_child_knows(house: House) -> None:
    write(house, "only-me")
    write(house, "all", "Not sealed.")
    sealed = f"{NOTES}/sealed"
    assert house.call("POST", sealed, "s-dsl", {"child_told": "told"}).status_code == 422
    for who in ("s-bell", "s-office", "s-head", "g-amira", "p-sam"):
        assert house.call("POST", sealed, who, {"why": "x", "child_told": "told"}).status_code == 404
    house.call("GET", NOTES, "p-sam")
    opened = house.call("POST", sealed, "s-dsl", {"why": "Sam told Bell.", "child_told": "told"}).json
    assert [item["words"] for item in opened["items"]] == [WORDS]
    assert house.call("GET", NOTES, "p-sam").json["opened"] == [{"opened_at": "2026-11-24T09:00:00+00:00"}]
    (kept,) = house.call("GET", sealed, "s-dsl").json["items"]
    assert (kept["why"], kept["staff_id"], kept["child_told"]) == ("Sam told Bell.", "s-dsl", "told")
    assert "opened" not in house.call("GET", NOTES, "s-bell").json
    assert [item["words"] for item in house.call("GET", NOTES, "s-dsl").json["items"]] == ["Not sealed."]


def test_where_it_was_not_safe_to_wait_the_child_sees_it_once_they_are_told(house: House) -> None:
    write(house, "only-me")
    opened = house.call("POST", f"{NOTES}/sealed", "s-dsl", {"why": "x", "child_told": "not-safe-to-wait"}).json
    assert house.call("GET", NOTES, "p-sam").json["opened"] == []
    told = f"/sealed-openings/{opened['opening_id']}/told"
    assert house.call("POST", told, "s-bell").status_code == 404
    assert house.call("POST", told, "s-dsl").status_code == 204
    assert len(house.call("GET", NOTES, "p-sam").json["opened"]) == 1
    assert house.call("POST", told, "s-dsl").status_code == 409


def test_topics_for_a_meeting_are_seen_by_whom_the_child_says(house: House) -> None:
    picked = house.call("POST", TOPICS, "p-sam", {"kind": "friends", "audience": "school", "about_id": "m-1"})
    house.call("POST", TOPICS, "p-sam", {"kind": "own", "words": "My shoes", "audience": "all"})
    readers = ("p-sam", "s-bell", "s-office", "g-amira")
    assert [len(house.call("GET", TOPICS, who).json["items"]) for who in readers] == [2, 2, 1, 1]
    assert house.facts("tandem.profiles.topic.picked.v1")[0] == {
        "topic_id": picked.json["items"][0]["id"], "pupil_id": "p-sam", "about_id": "m-1"}
    bare = house.call("POST", TOPICS, "p-sam", {"kind": "own", "words": " ", "audience": "all"})
    assert [fault["pointer"] for fault in bare.json["errors"]] == ["/words"]
    remove = f"/topics/{picked.json['items'][0]['id']}/remove"
    assert [house.call("POST", remove, who).status_code for who in ("p-zoe", "s-bell", "p-sam", "p-sam")] == [
        404, 404, 204, 404]


def test_a_reply_to_the_same_key_is_the_same(house: House) -> None:
    for _twice in range(2):
        house.call("POST", NOTES, "p-sam", {"words": "x", "audience": "only-me"}, **{"Idempotency-Key": "k"})
    assert len(house.call("GET", NOTES, "p-sam").json["items"]) == 1


def test_the_childs_page_and_an_adults_record_hold_what_each_may_read(house: House) -> None:
    write(house, "only-me", "mine")
    write(house, "school", "for my teacher")
    write(house, "all", "for all")
    house.call("POST", TOPICS, "p-sam", {"kind": "friends", "audience": "all"})
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        for hat, person, roles, expected in (
                ("pupil", "p-sam", (), ["for all", "for my teacher", "mine"]), ("guardian", "g-amira", (), ["for all"]),
                ("staff", "s-bell", ("teacher",), ["for all", "for my teacher"]),
                ("staff", "s-dsl", ("dsl",), ["for all"])):
            caller = Principal("", "oakfield", person, hat, frozenset(roles))
            notes, topics = queries.select_part(uow, caller, "p-sam")
            assert [row.words for row in uow.rows(notes)] == expected
            assert [row.kind for row in uow.rows(topics)] == ["friends"]
        held = queries.list_held(uow, "p-sam", "g-amira")
    assert [item["says"]["Words"] for item in held] == ["for all", "friends"]


def test_a_child_who_has_left_has_no_open_topics_and_cannot_write(house: House) -> None:
    house.call("POST", TOPICS, "p-sam", {"kind": "friends", "audience": "all"})
    with house.service.database.unit_of_work("oakfield") as uow:
        actions.end_about(uow, ["p-sam"])
    assert house.call("GET", TOPICS, "p-sam").json["items"] == []
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.get(Pupil, "p-sam").status = "left"
    assert house.call("POST", NOTES, "p-sam", {"words": "x", "audience": "only-me"}).status_code == 404
    assert house.call("POST", TOPICS, "p-sam", {"kind": "friends", "audience": "all"}).status_code == 404
