"""The office says what has happened to an evening, and sees what would change before anybody is told."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Unavailable
from tests.portal.house import House
from tests.portal.test_setting_up import BELL, BLOCK, EVENING, HERE, SHAW, home, olga

__all__ = ["home"]
MEASURE = {"keep": 5, "move": 0, "fall_out": 2, "lost_slots": 8, "adults_told": 2, "unaffected_changed": 0,
           "new_slots": 0, "relocated": 0, "rushed": 0}
FLOODED: dict[str, Any] = {
    "id": "x-1", "evening_id": "e-1", "state": "ready", "cause": {
        "kind": "flooded", "room": "Room 12", "starts_at": "2026-12-10T17:00:00+00:00"}, "measure": MEASURE,
    "rooms": [{"room": "Library", "site": "", "step_free": True}, {"room": "Room 4", "site": "", "step_free": False}],
    "talks": [{"appointment_id": "a-1", "pupil": SHAW, "staff": BELL, "was_at": "2026-12-10T17:00:00+00:00",
               "starts_at": None, "was_room": "", "room": ""}]}
MOVED: dict[str, Any] = {
    **FLOODED, "id": "x-2", "cause": {**FLOODED["cause"], "to_room": "Library", "to_step_free": True}, "rooms": [],
    "measure": {**MEASURE, "fall_out": 0, "lost_slots": 0, "relocated": 2},
    "talks": [{**FLOODED["talks"][0], "starts_at": "2026-12-10T17:00:00+00:00", "was_room": "Room 12",
               "room": "Library"}]}


@pytest.fixture(autouse=True)
def planned(home: House) -> None:
    tell = home.answers.tell
    tell("scheduling", "GET", "/evenings/e-1", {**EVENING, "state": "planned"})
    tell("scheduling", "POST", "/evenings/e-1/replans", FLOODED)
    for one in (FLOODED, MOVED):
        tell("scheduling", "GET", f"/replans/{one['id']}", one)


def causes(home: House) -> list[Any]:
    return [call.json for call in home.answers.sent("POST", "/evenings/e-1/replans")]


def test_a_flooded_room_shows_who_would_lose_a_time_and_which_rooms_are_free(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/replan")
    page = visitor.send(kind="flooded", room="Room 12", **{"from": "17:00"})
    assert causes(home) == [{"kind": "flooded", "room": "Room 12", "starts_at": "2026-12-10T17:00:00+00:00"}]
    for words in ("Talks with no other time that evening", "Not this evening", "Library (without steps), Room 4",
                  "Or everybody keeps their time, in another room"):
        assert words in page.text, words


def test_the_same_room_is_left_for_another_at_the_same_times(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/replan/x-1")
    home.answers.tell("scheduling", "POST", "/evenings/e-1/replans", MOVED)
    page = visitor.send(f"{HERE}/replan")
    assert causes(home) == [{"kind": "flooded", "room": "Room 12", "to_room": "Library", "to_step_free": True,
                             "starts_at": "2026-12-10T17:00:00+00:00"}]
    for words in ("Talks that stay at their time, in another room", "Was in", "Library"):
        assert words in page.text, words
    assert "Or everybody keeps their time" not in page.text
    home.answers.tell("scheduling", "POST", "/replans/x-2/confirm", {**MOVED, "state": "confirmed"})
    home.answers.tell("scheduling", "GET", "/replans/x-2", {**MOVED, "state": "confirmed"})
    assert "Those whose time or room changed are told, and nobody else." in visitor.send().text


def test_new_times_of_a_block_are_sent_as_instants_and_what_cannot_be_is_said_at_its_field(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/replan")
    home.answers.tell("scheduling", "POST", "/evenings/e-1/replans", Invalid(
        errors={"/ends_at": "The evening ends at 19:00. Choose that or an earlier end."}))
    page = visitor.send(kind="changed", block_id=BLOCK["id"], to="19:30")
    assert (page.status, "The evening ends at 19:00." in page.text) == (422, True)
    assert 'href="#to"' in page.html
    assert 'value="19:30"' in page.html
    home.answers.tell("scheduling", "POST", "/evenings/e-1/replans", {**FLOODED})
    visitor.send(kind="changed", block_id=BLOCK["id"], to="18:30")
    assert causes(home)[-1] == {"kind": "changed", "block_id": "b-1", "ends_at": "2026-12-10T18:30:00+00:00"}
    keys = [call.key for call in home.answers.sent("POST", "/evenings/e-1/replans")]
    assert len(set(keys)) == 2, "another question has another key"


def test_a_room_that_was_taken_meanwhile_is_said_on_the_form(home: House) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/replan/x-2")
    home.answers.tell("scheduling", "POST", "/replans/x-2/confirm", Invalid(
        errors={"/to_room": "Library is in use then: 16:00 to 19:00."}))
    page = visitor.send()
    assert (page.status, 'href="#to_room"' in page.html, 'value="Library"' in page.html) == (422, True, True)


@pytest.mark.parametrize(("refused", "status"), [(Conflict("Nothing can be planned anew."), 409), (Unavailable(), 503)])
def test_what_is_refused_keeps_every_word(home: House, refused: Exception, status: int) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/replan")
    home.answers.tell("scheduling", "POST", "/evenings/e-1/replans", refused)
    page = visitor.send(kind="flooded", room="Room 12", to_room="Gym")
    assert (page.status, 'value="Gym"' in page.html) == (status, True)
