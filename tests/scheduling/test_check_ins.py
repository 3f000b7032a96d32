"""Check-ins: who has not been spoken with is found, the work is spread, and nobody learns of anybody else."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.timers import sweep
from services.scheduling.checkins.actions import plan_week
from services.scheduling.checkins.queries import select_due
from services.scheduling.checkins.rules import (
    LENGTH,
    Adult,
    Diaries,
    Due,
    Proposed,
    Term,
    find_time,
    meet,
    next_morning,
    plan,
    since,
    turn,
    way_of,
)
from tests.scheduling.house import YEAR, House, each_house, house

__all__ = ["each_house", "house"]
AMA = ("ama", "teacher")


def say_year(house: House) -> None:
    house.tell(house.state("school.described", "school", {"name": "Oakfield", "zone": "Europe/London", "year": YEAR}))


def plan_now(house: House) -> int:
    """What the timer of a Monday does."""
    say_year(house)
    with house.service.database.unit_of_work("oakfield") as uow:
        return plan_week(uow)


def board(house: House, who: str = "ama") -> dict[str, Any]:
    return dict(house.call(house.staff(who, "teacher"), "GET", "/check-ins").json)


def of(house: House, pupil: str) -> dict[str, Any]:
    """The proposal about that child, whoever has it."""
    return next(one for who in ("ama", "tom", "noa") for one in board(house, who)["proposed"]
                if one["pupil"]["id"] == pupil)


def act(house: House, one: dict[str, Any], what: str, body: Any = None, who: str = "ama") -> Any:
    return house.call(house.staff(who, "teacher"), "POST", f"/check-ins/{one['id']}/{what}", body)


def told(house: House) -> list[tuple[str, Any]]:
    return [(name, data) for name, data in house.facts() if name.startswith("checkin.")]


def test_who_has_not_been_spoken_about_gets_one_proposal(each_house: House) -> None:
    house = each_house
    say_year(house)
    assert {one["pupil"]["id"] for one in board(house)["due"]} == {"mina", "sam"}
    assert plan_now(house) == 3
    assert board(house)["due"] == []
    found = [of(house, pupil) for pupil in ("mina", "sam", "leo")]
    assert {one["state"] for one in found} == {"proposed"}
    assert all("2026-11-24" <= one["starts_at"][:10] <= "2026-11-26" for one in found)
    assert [(name, data["guardian_ids"], len(data["staff_ids"])) for name, data in told(house)] == [
        ("checkin.proposed", [], 1)] * 3
    assert {data["guardian_id"] for _, data in told(house)} <= {"mum", "dad", "gran"}
    assert plan_now(house) == 0


def test_done_in_one_tap_counts_for_the_child_whichever_adult_it_was(each_house: House) -> None:
    house = each_house
    plan_now(house)
    one = of(house, "mina")
    done = act(house, one, "hold", {"note": "All is well 🙂"})
    assert (done.status_code, done.json["state"], done.json["note"], done.json["held_on"]) == (
        200, "held", "All is well 🙂", "2026-11-24")
    assert act(house, one, "hold", {"note": "again"}).json["note"] == "All is well 🙂"
    name, data = told(house)[-1]
    assert (name, data["on"], data["guardian_id"]) == ("checkin.held", "2026-11-24", one["guardian"]["id"])
    assert [name for name, _ in told(house)].count("checkin.held") == 1
    assert plan_now(house) == 0
    assert [item["id"] for item in board(house, one["staff"]["id"])["done"]] == [one["id"]]
    assert act(house, one, "skip").status_code == 409
    assert act(house, of(house, "sam"), "hold", {"note": "x" * 281}).status_code == 422


def test_the_line_is_for_staff_of_the_child_and_that_adult_alone(house: House) -> None:
    plan_now(house)
    one = of(house, "mina")
    with_whom = one["guardian"]["id"]
    other = {"mum": "dad", "dad": "mum"}[with_whom]
    assert house.call(house.guardian(with_whom), "GET", f"/check-ins/{one['id']}").status_code == 404
    act(house, one, "hold", {"note": "A line"})
    mine = house.call(house.guardian(with_whom), "GET", "/pupils/mina/check-ins").json
    assert [item["note"] for item in mine["items"]] == ["A line"]
    assert "adults" not in mine
    assert "guardian" not in mine["items"][0]
    assert house.call(house.guardian(other), "GET", "/pupils/mina/check-ins").json == {"items": []}
    assert house.call(house.guardian(other), "GET", f"/check-ins/{one['id']}").status_code == 404
    assert len(house.call(house.staff("noa", "teacher"), "GET", "/pupils/mina/check-ins").json["items"]) == 1
    assert house.call(house.staff("tom", "teacher"), "GET", "/pupils/mina/check-ins").status_code == 404
    assert house.call(house.staff("tom", "teacher"), "GET", f"/check-ins/{one['id']}").status_code == 404


def test_a_talk_that_nobody_proposed_can_be_written_down(house: House) -> None:
    plan_now(house)
    made = house.call(house.staff(*AMA), "POST", "/pupils/mina/check-ins",
                      {"guardian_id": "dad", "note": "At the door"})
    assert (made.status_code, made.json["state"], made.json["guardian"]["id"]) == (201, "held", "dad")
    assert [one["pupil"]["id"] for who in ("ama", "noa") for one in board(house, who)["proposed"]].count("mina") == 0
    for nobody in ("barred", "gran", "nothing"):
        reply = house.call(house.staff(*AMA), "POST", "/pupils/mina/check-ins", {"guardian_id": nobody})
        assert reply.status_code == 404


def test_the_adult_hears_of_a_time_only_when_staff_offer_it(house: House) -> None:
    plan_now(house)
    one = of(house, "mina")
    adult = one["guardian"]["id"]
    assert house.call(house.guardian(adult), "GET", "/pupils/mina/check-ins").json["items"] == []
    assert act(house, one, "offer").json["state"] == "offered"
    act(house, one, "offer")
    assert [data["guardian_ids"] for _, data in told(house) if data["guardian_ids"]] == [[adult]]
    assert house.call(house.guardian(adult), "GET", f"/check-ins/{one['id']}").json["starts_at"] == one["starts_at"]
    moved = act(house, one, "move", {"starts_at": "2026-12-01T12:00:00+00:00"})
    assert (moved.json["state"], moved.json["starts_at"]) == ("offered", "2026-12-01T12:00:00+00:00")
    assert told(house)[-1][1]["starts_at"] == "2026-12-01T12:00:00+00:00"
    assert act(house, one, "move", {"starts_at": "2026-11-01T12:00:00+00:00"}).status_code == 422


def test_who_is_left_out_this_time_is_proposed_in_the_next_half_term(house: House) -> None:
    plan_now(house)
    one = of(house, "mina")
    assert act(house, one, "skip").json["state"] == "skipped"
    assert act(house, one, "offer").status_code == 409
    assert plan_now(house) == 0
    house.clock.advance(days=43)
    house.beat()
    assert plan_now(house) == 3
    fresh = of(house, "mina")
    assert fresh["guardian"]["id"] != one["guardian"]["id"], "the other home's turn"
    assert act(house, one, "hold", {}).status_code == 200


def test_a_right_that_ends_takes_the_proposal_along_and_another_adult_is_found(house: House) -> None:
    plan_now(house)
    one = of(house, "mina")
    act(house, one, "offer")
    lost = one["guardian"]["id"]
    house.tell(house.let(lost, "mina", []))
    assert house.call(house.guardian(lost), "GET", f"/check-ins/{one['id']}").status_code == 404
    assert act(house, one, "hold", {}).status_code == 409
    assert plan_now(house) == 1
    assert of(house, "mina")["guardian"]["id"] != lost


def test_a_teacher_who_teaches_the_child_no_longer_has_no_word_of_it(house: House) -> None:
    plan_now(house)
    one = of(house, "mina")
    who = one["staff"]["id"]
    house.tell(house.state("staff.described", who, {
        "given_name": who, "family_name": "X", "status": "current", "roles": ["teacher"], "class_ids": ["ash"]}))
    assert "mina" not in house.call(house.staff(who, "teacher"), "GET", "/check-ins").text
    assert act(house, one, "hold", {}, who).status_code == 404
    plan_now(house)
    assert of(house, "mina")["staff"]["id"] != who


def test_a_child_who_left_is_on_nobodys_list(house: House) -> None:
    plan_now(house)
    house.tell(house.state("pupil.described", "mina", {"given_name": "Mina", "family_name": "Vale", "status": "left"}))
    assert {one["pupil"]["id"] for who in ("ama", "noa") for one in board(house, who)["proposed"]} <= {"sam", "leo"}
    assert plan_now(house) == 0


def test_who_has_somebody_to_avoid_at_school_or_may_not_come_is_rung(house: House) -> None:
    house.tell(house.keep_apart("mum", "dad"), house.let("gran", "sam", attend=[]))
    plan_now(house)
    assert [of(house, pupil)["how"] for pupil in ("mina", "sam")] == ["phone", "phone"]


@pytest.mark.parametrize(("how", "expected"), [("keep", "phone"), ("attend", "phone")])
def test_a_chat_becomes_a_call_when_that_is_so_later(house: House, how: str, expected: str) -> None:
    plan_now(house)
    one = of(house, "mina")
    assert one["how"] == "chat"
    adult = one["guardian"]["id"]
    house.tell(house.keep_apart(adult, "gran") if how == "keep" else house.let(adult, "mina", attend=[]))
    assert of(house, "mina")["how"] == expected


def test_a_family_says_when_it_can_and_is_proposed_then(house: House) -> None:
    say_year(house)
    wanted = {"windows": [{"weekday": 2, "from": "15:30", "to": "16:00"}]}
    for adult in ("mum", "dad"):
        path = "/pupils/mina/check-ins/hours"
        assert house.call(house.guardian(adult), "GET", path).json == {"windows": []}
        assert house.call(house.guardian(adult), "PUT", path, wanted).json == wanted
    bad = {"windows": [{"weekday": 2, "from": "16:00", "to": "15:00"}]}
    assert house.call(house.guardian("mum"), "PUT", "/pupils/mina/check-ins/hours", bad).status_code == 422
    plan_now(house)
    assert of(house, "mina")["starts_at"] == "2026-11-25T15:30:00+00:00"


def test_the_school_says_how_often_and_a_colleague_who_is_late_is_told(house: House) -> None:
    found = house.call(house.office, "GET", "/check-ins/cadence").json
    assert found == {"usual": 1, "closer": 2, "reviews": 3, "most_a_day": 2, "version": 0}
    change = {"usual": 2, "closer": 3, "reviews": 3, "most_a_day": 1, "based_on": 0}
    assert house.call(house.office, "PUT", "/check-ins/cadence", change).json["version"] == 1
    assert house.call(house.office, "PUT", "/check-ins/cadence", change).status_code == 412
    assert house.call(house.office, "PUT", "/check-ins/cadence", {**change, "usual": 0}).status_code == 422
    assert house.call(house.staff(*AMA), "GET", "/check-ins/cadence").status_code == 404


def test_a_child_with_closer_support_is_spoken_about_more_often(house: House) -> None:
    house.clock.advance(days=43)
    house.beat()
    plan_now(house)
    for pupil in ("mina", "sam"):
        act(house, of(house, pupil), "hold", {})
    house.tell(house.state("support.described", "mina", {"pupil_id": "mina", "reviews": "closer"}))
    assert board(house)["due"] == []
    house.clock.advance(days=20)
    house.beat()
    due = board(house)["due"]
    assert [(one["pupil"]["id"], one["review_due"]) for one in due] == [("mina", True)]
    house.tell(house.state("support.described", "mina", None))
    assert board(house)["due"] == []


def test_support_that_is_told_late_or_twice_changes_nothing(house: House) -> None:
    old = house.state("support.described", "mina", {"pupil_id": "mina", "reviews": "usual"})
    new = house.state("support.described", "mina", {"pupil_id": "mina", "reviews": "closer"})
    house.tell(new)
    house.tell(old, new)
    say_year(house)
    assert [one["review_due"] for one in board(house)["due"]] == [True, False]


def test_who_is_due_is_found_without_a_look_at_what_was_long_ago(house: House) -> None:
    plan_now(house)
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        wanted = select_due(uow).compile(uow.connection, compile_kwargs={"literal_binds": True})
        steps = [row[3] for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}")]
    found = {name: next(step for step in steps if re.search(rf"\b{name}\b", step)) for name in ("spoken", "standing")}
    assert "pk_spoken" in found["spoken"] or "sqlite_autoindex_spoken" in found["spoken"]
    assert "uq_checkins_open" in found["standing"]


def test_an_appointment_that_has_gone_by_counts_as_spoken(house: House) -> None:
    say_year(house)
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    cancelled = house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][1]).json
    house.cancel(house.guardian("gran"), cancelled)
    house.clock.advance(days=5, hours=22)
    house.beat()
    sweep(house.service.database, house.service.timers)
    assert [one["pupil"]["id"] for one in board(house)["proposed"]] + [
        one["pupil"]["id"] for one in board(house, "noa")["proposed"] if one["pupil"]["id"] != "leo"] == ["sam"]
    assert board(house)["due"] == []


def test_the_timer_goes_on_every_morning_and_waits_while_rights_may_be_old(house: House) -> None:
    say_year(house)
    house.clock.advance(days=5, hours=22)  # Monday, 7am
    sweep(house.service.database, house.service.timers)
    assert told(house) == []
    house.clock.advance(minutes=1)
    house.beat()
    sweep(house.service.database, house.service.timers)
    assert len(told(house)) == 3
    house.clock.advance(days=1)
    house.beat()
    assert sweep(house.service.database, house.service.timers) == 2  # this morning, and that of wishes
    assert len(told(house)) == 3


FIRST, A = date(2026, 11, 2), Adult("a", "a")
DAYS = [FIRST + timedelta(days=ahead) for ahead in range(47) if (FIRST + timedelta(days=ahead)).weekday() < 5]


def hours(_who: str, day: date) -> list[tuple[datetime, datetime]]:
    start = datetime(day.year, day.month, day.day, 8, 15, tzinfo=UTC)
    return [(start, start + timedelta(minutes=30)), (start + timedelta(hours=7), start + timedelta(hours=8))]


def family(who: str, day: date) -> list[tuple[datetime, datetime]] | None:
    return None if who < "b" else hours(who, day)[1:] if day.weekday() in (1, 3) else []


CLASSES = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["t1", "t2"]), st.sampled_from(["a", "b", "ab"])),
                   max_size=70, unique_by=lambda one: one[0])


def children(rough: Any) -> list[Due]:
    return [Due(f"p{number}", [teacher], [Adult(one, one) for one in adults]) for number, teacher, adults in rough]


@given(CLASSES, st.integers(1, 3), st.integers(1, 33))
def test_the_work_is_spread_evenly_each_child_once_and_never_in_holidays(rough: Any, most: int, left: int) -> None:
    days = DAYS[-left:]
    found = plan(children(rough), Term(days, 3, most), Diaries(hours, family))
    loads = Counter((one.staff_id, one.day) for one in found)
    assert all(load <= most for load in loads.values())
    assert len({one.pupil_id for one in found}) == len(found)
    assert {one.day for one in found} <= set(days)
    assert len({(one.staff_id, one.starts_at) for one in found}) == len(found)
    for teacher in ("t1", "t2"):
        wanted = sum(one.staff_ids == [teacher] for one in children(rough))
        assert sum(one.staff_id == teacher for one in found) == min(wanted, most * len(days))
    for one in found:
        assert any(start <= one.starts_at and one.starts_at + LENGTH <= end for start, end in hours("", one.day))


@given(CLASSES, st.integers(1, 3), st.integers(6, 33))
def test_run_again_over_what_stands_it_says_the_same(rough: Any, most: int, left: int) -> None:
    term, due, diaries = Term(DAYS[-left:], 3, most), children(rough), Diaries(hours, family)
    found = plan(due, term, diaries)
    standing = [one for one in found if one.day < term.days[5]]
    again = plan(due, term, diaries, standing)
    assert sorted([*standing, *again], key=lambda one: one.pupil_id) == sorted(found, key=lambda one: one.pupil_id)
    assert plan(list(reversed(due)), term, diaries) == found


def test_nobody_is_asked_when_a_teacher_is_elsewhere() -> None:
    day = DAYS[0]
    busy = {"t1": [(start, end) for start, end in hours("t1", day)]}
    found = plan([Due("p", ["t1"], [A])], Term(DAYS[:2], 1, 2), Diaries(hours, family, busy))
    assert [one.day for one in found] == [DAYS[1]]
    assert plan([Due("p", [], [A]), Due("q", ["t1"], [])], Term(DAYS, 1, 2), Diaries(hours, family)) == []
    standing = Proposed("p", "a", "t1", day, hours("t1", day)[0][0])
    assert plan([Due("p", ["t1"], [A])], Term(DAYS, 1, 2), Diaries(hours, family), [standing]) == []


@given(st.text(min_size=1), st.sets(st.text(min_size=1), min_size=1, max_size=4), st.integers(0, 99))
def test_everybody_has_a_turn_before_anybody_has_two(child: str, adults: set[str], number: int) -> None:
    ordered = list(adults)
    assert {turn(child, ordered, number + ahead) for ahead in range(len(ordered))} == adults


@pytest.mark.parametrize(("times", "today", "expected"), [
    (1, date(2026, 12, 10), FIRST), (2, date(2026, 11, 20), FIRST), (2, date(2026, 12, 10), date(2026, 11, 25)),
    (6, date(2027, 1, 30), date(2026, 12, 7)), (2, date(2026, 10, 1), FIRST)])
def test_a_half_term_is_cut_into_stretches(times: int, today: date, expected: date) -> None:
    assert since((FIRST, date(2026, 12, 18)), times, today) == expected


@pytest.mark.parametrize(("may", "apart", "way"), [
    (True, False, "chat"), (True, True, "phone"), (False, False, "phone")])
def test_how_one_talks(may: bool, apart: bool, way: str) -> None:
    assert way_of(may, apart) == way


def test_times_that_meet_and_mornings_that_come() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    half = timedelta(minutes=30)
    assert meet([(at, at + 2 * half)], [(at + half, at + 4 * half)]) == [(at + half, at + 2 * half)]
    assert find_time([(at, at + half)], [(at, at + LENGTH)]) == at + LENGTH
    assert find_time([(at, at + LENGTH)], [(at, at + LENGTH)]) is None
    assert next_morning(at) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert next_morning(at.replace(hour=5)) == at.replace(hour=6)
