"""What is said of a loop's review meeting: its version rises, and with words that are passed on others' offers go."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from chassis.db import outbox
from tests.profiles.house import House
from tests.profiles.test_matters_follow import pass_on
from tests.profiles.test_partnerships import CLOSE, STEP, opened, path_of


def said_of_review(house: House) -> list[tuple[str, int, dict[str, Any]]]:
    """(asked or dropped, version, data), in order."""
    with house.service.database.across_schools("test looks", write=False) as connection:
        rows = connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.seq)).all()
    found = [(dict(json.loads(row.headers)), json.loads(row.value)) for row in rows]
    return [(headers["ce_type"].split(".")[3], int(headers["ce_aggregateversion"]), data) for headers, data in found
            if ".review." in headers["ce_type"]]


def test_each_word_counts_more_than_the_one_before(house: House) -> None:
    loop = path_of(opened(house))
    house.call("POST", f"{loop}/steps", "g-amira", {"doer": "home", "words": "x", "by_on": STEP["by_on"]})
    assert house.call("POST", f"{loop}/close", "g-amira", CLOSE).status_code == 200
    assert [(what, version) for what, version, _data in said_of_review(house)] == [("asked", 1), ("dropped", 2)]


def test_what_home_opened_and_school_passed_on_stays_with_its_author_alone(house: House) -> None:
    made = opened(house)
    house.clock.advance(days=19)
    pass_on(house, "loop", made.json["answers"][0]["id"])
    (_asked, first, before), (what, second, after) = said_of_review(house)
    assert (what, first, second) == ("asked", 1, 2)
    assert set(before["guardian_ids"]) == {"g-amira", "g-karim"}
    assert after == {**before, "guardian_ids": ["g-amira"]}
    house.call("POST", f"/partnerships/{made.json['id']}/steps", "g-amira",
               {"doer": "home", "words": "x", "by_on": "2026-12-14"})
    assert house.call("POST", f"/partnerships/{made.json['id']}/close", "g-amira", CLOSE).status_code == 200
    assert [version for _what, version, _data in said_of_review(house)] == [1, 2, 3]


def test_what_a_child_opened_has_no_meeting_any_more(house: House) -> None:
    made = opened(house, "p-sam")
    pass_on(house, "loop", made.json["answers"][0]["id"], child_told="told")
    assert [what for what, _version, _data in said_of_review(house)] == ["asked", "dropped"]


def test_what_a_teacher_opened_and_leads_asks_nobody_at_home_any_more_and_stays_with_the_teacher(house: House) -> None:
    made = opened(house, "s-bell")
    house.clock.advance(days=3)
    pass_on(house, "loop", made.json["answers"][0]["id"])
    (_asked, _first, before), (what, _second, after) = said_of_review(house)
    assert (what, before["staff_ids"]) == ("asked", ["s-bell"])
    assert after == {**before, "guardian_ids": []}


def test_one_answer_among_others_leaves_the_meeting(house: House) -> None:
    loop = path_of(opened(house))
    reply = house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "Swims", "audience": "all"}).json
    mine = next(one for one in reply["answers"] if one["going_well"] == "Swims")
    pass_on(house, "loop", mine["id"])
    assert [what for what, _version, _data in said_of_review(house)] == ["asked"]
    assert house.facts("tandem.profiles.entry.withdrawn.v1") == [
        {"about_id": loop.rsplit("/")[-1], "entry_id": mine["id"], "pupil_id": "p-sam", "by_id": "g-karim"}]
    (answered,) = house.facts("tandem.profiles.partnership.answered.v1")
    assert answered["entry_id"] == mine["id"]


def test_the_loop_that_follows_offers_its_author_a_meeting_as_any_would(house: House) -> None:
    made = opened(house)
    loop = path_of(made)
    pass_on(house, "loop", made.json["answers"][0]["id"])
    house.call("POST", f"{loop}/steps", "g-amira", {"doer": "home", "words": "x", "by_on": STEP["by_on"]})
    assert house.call("POST", f"{loop}/close", "g-amira", {**CLOSE, "outcome": "new-step", "next_step": {
        "kind": "loop", "words": "Go on", "review_on": "2026-12-16"}}).status_code == 200
    later = said_of_review(house)[-1][2]
    assert (later["guardian_ids"], later["staff_ids"]) == (["g-amira"], ["s-bell"])
