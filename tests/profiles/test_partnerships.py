"""A loop from its opening to its thanks: three voices, two homes, a third person, what is due, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from chassis.timers import sweep
from services.profiles.partnerships.actions import divert_entry, end_about, move_author
from services.profiles.partnerships.queries import list_held, select_part
from services.profiles.people.models import Pupil
from tests.profiles.house import House
from tests.profiles.test_progress import statements

OPENING = {"going_well": "Reads every night 🌟", "worries": "<b>Mornings</b> are hard", "support": "Same words?",
           "audience": "all", "review_on": "2026-12-15"}
STEP = {"doer": "school", "words": "A quiet start", "by_on": "2026-12-01"}
CLOSE = {"helped": "A quiet start", "not_yet": "Mondays", "outcome": "celebration"}


def opened(house: House, who: str = "g-amira", **changes: Any) -> Any:
    return house.call("POST", "/pupils/p-sam/partnerships", who, {**OPENING, **changes})


def path_of(reply: Any) -> str:
    assert reply.status_code == 201, reply.json
    return f"/partnerships/{reply.json['id']}"


def test_three_voices_answer_and_each_home_reads_what_is_for_it(house: House) -> None:
    loop = path_of(opened(house, is_child_in=True))
    house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "Swims", "worries": "Late", "audience": "school"})
    house.call("POST", f"{loop}/answers", "s-bell", {"going_well": "Kind", "worries": "Tired", "audience": "all"})
    house.call("POST", f"{loop}/answers", "p-sam", {"going_well": "Lego", "audience": "all"})
    said = {who: [one["going_well"] for one in house.call("GET", loop, who).json["answers"]]
            for who in ("g-amira", "g-karim", "s-bell", "p-sam")}
    assert said["g-amira"] == [OPENING["going_well"], "Kind", "Lego"]
    assert said["g-karim"] == said["s-bell"] == [OPENING["going_well"], "Swims", "Kind", "Lego"]
    child = house.call("GET", loop, "p-sam").json
    assert [one["worries"] for one in child["answers"]] == ["", "", ""]
    assert "Amira" not in house.call("GET", loop, "g-karim").text
    assert "Karim" not in house.call("GET", loop, "g-amira").text
    assert "Karim" in house.call("GET", loop, "s-bell").text


@pytest.mark.parametrize("who", ["g-karim", "g-barred", "p-sam", "s-other"])
def test_what_is_for_school_alone_is_not_there_for_anybody_else(house: House, who: str) -> None:
    loop = path_of(opened(house, audience="school"))
    there, absent = house.call("GET", loop, who), house.call("GET", "/partnerships/nowhere", who)
    assert (there.status_code, there.data) == (404, absent.data)
    listed = house.call("GET", "/pupils/p-sam/partnerships", who)
    assert listed.status_code == 404 or listed.json["items"] == []
    assert house.call("GET", loop, "s-bell").status_code == 200
    assert house.call("POST", f"{loop}/steps", who, STEP).status_code == 404


@pytest.mark.parametrize(("day", "words", "instead"), [
    ("2026-11-20", "after today", "2026-12-15"), ("2026-12-05", "Monday 7 December 2026", "2026-12-07"),
    ("2026-12-25", "Monday 4 January 2027", "2027-01-04"), ("2029-01-01", "within a year", None)])
def test_a_review_that_cannot_be_is_refused_with_the_day_that_would_do(
        house: House, day: str, words: str, instead: str | None) -> None:
    reply = opened(house, review_on=day)
    faults = {fault["pointer"]: fault["detail"] for fault in reply.json["errors"]}
    assert reply.status_code == 422
    assert words in faults["/review_on"]
    if instead != "2026-12-15":  # that one is only a proposal
        assert faults.get("/instead") == instead


@pytest.mark.parametrize("wrong", [
    {"going_well": ""}, {"going_well": " "}, {"going_well": "x" * 50_000}, {"worries": "x" * 2001},
    {"audience": None}, {"audience": "only-me"}, {"review_on": None}])
def test_what_is_missing_or_too_long_is_said_at_its_field(house: House, wrong: dict[str, Any]) -> None:
    reply = opened(house, **wrong)
    assert reply.status_code == 422
    assert [fault["pointer"] for fault in reply.json["errors"]] == [f"/{next(iter(wrong))}"]


def test_nobody_can_be_blamed_by_form(house: House) -> None:
    for name in ("severity", "fault", "incident"):
        assert opened(house, **{name: "x"}).status_code == 422


def test_staff_share_what_they_open_and_it_counts_as_contact(house: House) -> None:
    assert opened(house, "s-bell", audience="school").status_code == 422
    path_of(opened(house, "s-bell"))
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        kinds = uow.connection.execute(sa.text("SELECT kind FROM contacts")).scalars().all()
    assert kinds == ["worry"]


def test_a_child_who_has_left_is_a_clear_answer_for_school_and_no_answer_for_home(house: House) -> None:
    loop = path_of(opened(house, audience="all"))
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.get(Pupil, "p-sam").status = "left"
        end_about(uow, ["p-sam"])
    assert opened(house, "s-office").status_code == 409
    assert "has left" in opened(house, "s-office").json["detail"]
    assert opened(house, "p-sam").status_code == 404
    assert house.call("GET", loop, "s-office").json["outcome"] == "left"
    assert sweep(house.service.database, house.service.timers) == 0
    assert house.facts("tandem.profiles.partnership.closed.v1")[0] == {
        "partnership_id": loop.split("/")[-1], "pupil_id": "p-sam", "outcome": "left"}
    assert house.facts("tandem.profiles.review.dropped.v1")


def test_edits_of_two_homes_both_stand_and_a_stale_one_is_refused(house: House) -> None:
    loop = path_of(opened(house))
    house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "Swims", "audience": "all"})
    assert house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "x", "audience": "all"}).status_code == 409
    for who, words in (("g-amira", "A"), ("g-karim", "K")):
        reply = house.call("PUT", f"{loop}/answers/mine", who, {"going_well": words}, **{"If-Match": '"1"'})
        assert (reply.status_code, reply.headers["ETag"]) == (200, '"2"')
    stale = house.call("PUT", f"{loop}/answers/mine", "g-amira", {"going_well": "C"}, **{"If-Match": '"1"'})
    assert stale.status_code == 412
    assert house.call("PUT", f"{loop}/answers/mine", "g-amira", {"going_well": "C"}).status_code == 422
    assert [one["going_well"] for one in house.call("GET", loop, "s-bell").json["answers"]] == ["A", "K"]


def test_a_step_of_a_home_is_named_to_its_home_and_to_school_alone(house: House) -> None:
    loop = path_of(opened(house))
    step = {**STEP, "doer": "home", "guardian_id": "g-karim"}
    assert house.call("POST", f"{loop}/steps", "g-amira", step).status_code == 422
    made = house.call("POST", f"{loop}/steps", "s-bell", step).json["steps"][0]
    seen = {who: house.call("GET", loop, who).json["steps"][0] for who in ("g-amira", "g-karim", "s-bell")}
    assert [seen[who]["who"] for who in ("g-amira", "g-karim", "s-bell")] == [None, "Karim Haddad", "Karim Haddad"]
    assert (seen["g-karim"]["is_mine"], seen["g-amira"]["is_mine"]) == (True, False)
    mark = f"{loop}/steps/{made['id']}"
    assert house.call("POST", mark, "g-amira", {"state": "kept"}).status_code == 409
    assert house.call("POST", mark, "g-karim", {"state": "kept"}).json["steps"][0]["state"] == "kept"
    assert house.call("POST", f"{loop}/steps", "s-bell", {**step, "guardian_id": "g-barred"}).status_code == 422
    assert house.call("POST", f"{loop}/steps", "s-bell", {**STEP, "doer": "child"}).status_code == 422
    assert house.call("POST", f"{loop}/steps", "s-bell", {**STEP, "by_on": "2026-11-01"}).status_code == 422


def test_two_views_stay_side_by_side_with_a_step_that_is_agreed(house: House) -> None:
    loop = path_of(opened(house))
    made = house.call("POST", f"{loop}/views", "g-amira", {"words": "Too loud", "step": STEP}).json
    view = f"{loop}/views/{made['views'][0]['id']}"
    assert house.call("POST", view, "g-amira", {"words": "again"}).status_code == 409
    both = house.call("POST", view, "s-bell", {"words": "It is calm"}).json["views"][0]
    assert [side["words"] for side in both["sides"]] == ["Too loud", "It is calm"]
    assert made["steps"][0]["view_id"] == both["id"]
    assert house.call("POST", f"{loop}/views/nowhere", "s-bell", {"words": "x"}).status_code == 404


def test_a_third_person_joins_and_sees_it_though_they_do_not_teach_the_child(house: House) -> None:
    loop = path_of(opened(house))
    asked = house.call("POST", f"{loop}/joiners", "g-amira", {"role": "senco", "words": "Somebody who knows"}).json
    joiner = f"{loop}/joiners/{asked['joiners'][0]['id']}"
    assert house.call("GET", loop, "s-other").status_code == 404
    assert house.call("GET", f"{loop}/colleagues", "s-bell").json["items"]
    assert house.call("POST", joiner, "s-bell", {"staff_id": "g-karim"}).status_code == 422
    assert house.call("POST", joiner, "s-bell", {"staff_id": "s-other"}).json["joiners"][0]["name"] == "Other Staff"
    assert house.call("GET", loop, "s-other").status_code == 200
    assert house.call("POST", f"{loop}/notes", "s-other", {"words": "We met", "meeting": {
        "kind": "check-in", "id": "c-1"}}).json["notes"][0]["meeting"] == {"kind": "check-in", "id": "c-1"}
    assert house.call("GET", "/pupils/p-sam/partnerships", "s-other").status_code == 404
    assert house.call("POST", joiner, "s-bell", {}).status_code == 409
    assert len(house.call("GET", "/partnerships", "s-other").json["items"]) == 1
    outside = house.call("POST", f"{loop}/joiners", "s-bell", {"role": "interpreter", "words": "Urdu, please"}).json
    settled = house.call("POST", f"{loop}/joiners/{outside['joiners'][1]['id']}", "s-bell", {})
    assert settled.json["joiners"][1]["has_joined"]


def test_it_closes_with_what_helped_and_a_new_step_goes_on_with_the_same_people(house: House) -> None:
    loop = path_of(opened(house, audience="school"))
    assert "agree on a next step" in house.call("POST", f"{loop}/close", "s-bell", CLOSE).json["detail"]
    house.call("POST", f"{loop}/steps", "g-amira", STEP)
    assert house.call("POST", f"{loop}/close", "s-bell", {**CLOSE, "not_yet": ""}).status_code == 422
    assert house.call("POST", f"{loop}/close", "s-bell", {**CLOSE, "outcome": "new-step"}).status_code == 422
    next_step = {"kind": "loop", "words": "Mondays too", "review_on": "2027-01-12"}
    closed = house.call("POST", f"{loop}/close", "s-bell", {**CLOSE, "outcome": "new-step", "next_step": next_step})
    follow = f"/partnerships/{closed.json['closing']['next_id']}"
    assert house.call("GET", follow, "g-amira").json["answers"][0]["support"] == "Mondays too"
    assert house.call("GET", follow, "g-karim").status_code == 404
    strategy = path_of(opened(house))
    house.call("POST", f"{strategy}/steps", "s-bell", STEP)
    kept = house.call("POST", f"{strategy}/close", "g-amira", {
        **CLOSE, "outcome": "new-step", "next_step": {"kind": "strategy", "words": "Same words"}}).json
    assert (kept["closing"]["next"], kept["closing"]["next_id"]) == ("Same words", None)


def test_each_side_thanks_once_and_the_child_who_is_in_sees_it(house: House) -> None:
    loop = path_of(opened(house, is_child_in=True))
    house.call("POST", f"{loop}/steps", "g-amira", STEP)
    assert house.call("POST", f"{loop}/close", "g-karim", CLOSE).status_code == 409
    house.call("POST", f"{loop}/close", "g-amira", CLOSE)
    for who in ("g-karim", "s-bell", "p-sam"):
        assert house.call("POST", f"{loop}/thanks", who, {"words": f"Thanks from {who}"}).status_code == 201
    assert house.call("POST", f"{loop}/thanks", "s-bell", {"words": "again"}).status_code == 409
    seen = house.call("GET", loop, "p-sam").json
    assert [one["words"] for one in seen["thanks"]] == [
        "Thanks from g-karim", "Thanks from s-bell", "Thanks from p-sam"]
    assert house.facts("tandem.profiles.partnership.closed.v1")[0]["outcome"] == "celebration"


def test_the_child_is_in_when_somebody_says_so(house: House) -> None:
    loop = path_of(opened(house))
    assert house.call("GET", loop, "p-sam").status_code == 404
    assert house.call("POST", f"{loop}/child", "g-karim").status_code == 409
    house.call("POST", f"{loop}/child", "s-bell")
    assert house.call("GET", loop, "p-sam").json["is_child_in"]
    own = path_of(opened(house, "p-sam", audience="school"))
    assert house.call("GET", own, "s-bell").status_code == 200
    assert house.call("GET", own, "g-amira").status_code == 404
    assert house.call("POST", f"{own}/steps", "p-sam", {**STEP, "doer": "child"}).json["steps"][0]["is_mine"]


def test_facts_carry_no_words_and_tell_everybody_but_the_one_who_acted(house: House) -> None:
    loop = path_of(opened(house))
    (fact,) = house.facts("tandem.profiles.partnership.opened.v1")
    assert fact == {"partnership_id": loop.split("/")[-1], "pupil_id": "p-sam", "voice": "home",
                    "guardian_ids": ["g-karim"], "staff_ids": ["s-bell"], "review_on": "2026-12-15"}
    (asked,) = house.facts("tandem.profiles.review.asked.v1")
    assert (asked["guardian_ids"], asked["staff_ids"]) == (["g-amira", "g-karim"], ["s-bell"])
    assert (asked["from_on"], asked["by_on"]) == ("2026-12-11", "2027-01-04")
    house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "x", "audience": "school"})
    assert "guardian_ids" not in house.facts("tandem.profiles.partnership.answered.v1")[0]


def test_a_kind_reminder_then_school_answers_for_it(house: House) -> None:
    loop = path_of(opened(house, review_on="2026-12-09"))
    house.clock.advance(days=13)
    assert sweep(house.service.database, house.service.timers) == 1
    (reminded,) = house.facts("tandem.profiles.partnership.reminded.v1")
    assert (reminded["guardian_ids"], reminded["staff_ids"]) == (["g-amira", "g-karim"], ["s-bell"])
    assert house.call("GET", "/partnerships/overdue", "s-head").json["items"] == []
    house.clock.advance(days=3)
    assert house.call("GET", loop, "s-bell").json["state"] == "reviewing"
    house.clock.advance(days=2)
    sweep(house.service.database, house.service.timers)
    assert house.facts("tandem.profiles.partnership.overdue.v1")[0]["staff_ids"] == ["s-bell"]
    (late,) = house.call("GET", "/partnerships/overdue", "s-head").json["items"]
    assert (late["pupil"], late["lead"]) == ("Sam Haddad", "Bell Staff")
    assert house.call("GET", "/partnerships/overdue", "s-bell").status_code == 404
    (due,) = house.call("GET", "/partnerships", "s-bell").json["items"]
    assert due["is_late"]


def test_what_is_passed_on_leaves_every_screen_but_its_authors(house: House) -> None:
    loop = path_of(opened(house))
    reply = house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "SECRET", "audience": "all"}).json
    answer = next(one for one in reply["answers"] if one["signature"]["is_mine"])
    before = house.call("GET", loop, "g-karim").data
    with house.service.database.unit_of_work("oakfield") as uow:
        passed = divert_entry(uow, answer["id"])
    assert (passed.kind, passed.words, passed.author_id) == ("loop", "SECRET", "g-karim")
    assert house.call("GET", loop, "g-karim").data == before
    assert all("SECRET" not in house.call("GET", loop, who).text for who in ("g-amira", "s-bell", "s-dsl"))


def test_with_the_words_that_opened_it_the_loop_goes(house: House) -> None:
    made = opened(house)
    loop, listed = path_of(made), "/pupils/p-sam/partnerships"
    before = house.call("GET", loop, "g-amira").data, house.call("GET", listed, "g-amira").data
    with house.service.database.unit_of_work("oakfield") as uow:
        divert_entry(uow, made.json["answers"][0]["id"])
    assert (house.call("GET", loop, "g-amira").data, house.call("GET", listed, "g-amira").data) == before
    for who in ("g-karim", "s-bell"):
        assert house.call("GET", loop, who).status_code == 404
        assert house.call("GET", listed, who).json["items"] == []
    house.clock.advance(days=30)
    sweep(house.service.database, house.service.timers)
    (reminded,) = house.facts("tandem.profiles.partnership.reminded.v1")
    assert (reminded["guardian_ids"], "staff_ids" in reminded) == (["g-amira"], False)
    assert house.facts("tandem.profiles.partnership.overdue.v1") == []


def test_a_page_of_many_entries_is_the_same_number_of_reads(house: House) -> None:
    loop = path_of(opened(house))
    house.call("GET", loop, "s-bell")
    few = count_reads(house, loop)
    for turn in range(8):
        house.call("POST", f"{loop}/views", "g-amira", {"words": f"view {turn}", "step": STEP})
        house.call("POST", f"{loop}/notes", "s-bell", {"words": f"note {turn}"})
        opened(house, "g-karim")
    assert count_reads(house, loop) == few
    assert few <= 16
    assert count_reads(house, "/pupils/p-sam/partnerships") <= 12


def count_reads(house: House, path: str) -> int:
    with statements(house) as seen:
        house.call("GET", path, "g-amira")
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)


@pytest.mark.parametrize(("who", "reads", "writes"), [("g-amira", 6, 4), ("p-sam", 6, 4), ("s-bell", 8, 7)])
def test_opening_takes_few_statements_however_much_there_is(
        house: House, who: str, reads: int, writes: int) -> None:
    for _turn in range(2):
        with statements(house) as seen:
            assert opened(house, who).status_code == 201
        words = [statement.split()[0].upper() for statement in seen]
        assert (words.count("SELECT"), words.count("INSERT"), words.count("UPDATE")) == (reads, writes, 0), seen


def test_what_an_adult_is_told_that_we_hold_is_theirs_and_what_was_said_to_them(house: House) -> None:
    loop = path_of(opened(house))
    house.call("POST", f"{loop}/answers", "g-karim", {"going_well": "KARIM", "audience": "all"})
    house.call("POST", f"{loop}/answers", "s-bell", {"going_well": "BELL", "audience": "all"})
    with house.service.database.unit_of_work("oakfield") as uow:
        held = str(list_held(uow, "p-sam", "g-amira"))
        move_author(uow, "g-karim", "g-amira")
    assert "BELL" in held
    assert "KARIM" not in held
    assert "KARIM" in house.call("GET", loop, "g-amira").text


def test_the_childs_page_has_the_loops_and_open_steps_that_its_reader_is_in(house: House) -> None:
    loop = path_of(opened(house, audience="school"))
    house.call("POST", f"{loop}/steps", "g-amira", {**STEP, "doer": "home"})
    found = {}
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        for who, hat in (("g-amira", "guardian"), ("g-karim", "guardian"), ("s-bell", "staff"), ("p-sam", "pupil")):
            caller = Principal("", "oakfield", who, hat, frozenset())
            rows = uow.rows(sa.union_all(*select_part(uow, caller, "p-sam")))
            found[who] = [(row.part, row.words, row.state) for row in rows]
    assert found["g-amira"] == found["s-bell"] == [
        ("loop", OPENING["going_well"], "agreed"), ("loop_step", STEP["words"], "open")]
    assert found["g-karim"] == found["p-sam"] == []
