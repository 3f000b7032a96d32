"""Wishes before an evening: what teachers mark, what each adult says in their own form, and what a plan reads of it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.timers import sweep
from services.scheduling.subscriptions import TIMERS
from services.scheduling.wishes import queries
from services.scheduling.wishes.rules import Frame, Limits, find_time_faults, list_free, next_reminding, wishes_end
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
LONDON = ZoneInfo("Europe/London")
DAYS = {"on": "2026-12-10", "respond_by": "2026-12-03", "way": "plan"}


def open_plan(house: House, **changes: Any) -> dict[str, Any]:
    """An evening from 16:00 to 18:00 for which wishes are collected."""
    return house.open_evening(**{**DAYS, "to": "18:00", **changes})


def body(*children: Any, **changes: Any) -> dict[str, Any]:
    """A form: for each (pupil, teachers in order of wish)."""
    return {"comes": "yes", "children": [
        {"pupil_id": pupil, "wishes": [{"staff_id": one, "talk_about": ""} for one in staff]}
        for pupil, staff in children], **changes}


def form(house: House, evening: dict[str, Any], who: str) -> Any:
    return house.call(house.guardian(who), "GET", f"/evenings/{evening['id']}/wishes")


def save(house: House, evening: dict[str, Any], who: str, wanted: Any, version: int = 0) -> Any:
    return house.call(house.guardian(who), "PUT", f"/evenings/{evening['id']}/wishes", wanted,
                      **{"If-Match": f'"{version}"'})


def save_for(house: House, evening: dict[str, Any], guardian: str, wanted: Any, version: int = 0) -> Any:
    """As the office."""
    return house.call(house.office, "PUT", f"/evenings/{evening['id']}/guardians/{guardian}/wishes", wanted,
                      **{"If-Match": f'"{version}"'})


def mark(house: House, evening: dict[str, Any], about: str, said: str, sentence: str = "") -> Any:
    """`about` is "teacher:pupil"."""
    teacher, _, pupil = about.partition(":")
    return house.call(house.staff(teacher, "teacher"), "PUT", f"/evenings/{evening['id']}/marks/{pupil}",
                      {"mark": said, "sentence": sentence})


def planned(house: House, evening: dict[str, Any]) -> queries.PlanWishes:
    """What a plan would be made from now."""
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return queries.list_wishes_for_plan(uow, evening["id"])


def counted(found: queries.PlanWishes) -> list[tuple[str, str, str, int]]:
    return [(one.guardian_id, one.pupil_id, one.staff_id, one.rank) for one in found.wishes]


def pass_days(house: House, days: float) -> None:
    house.clock.advance(days=days)
    house.beat()


def test_an_adult_says_what_they_wish_as_often_as_they_like(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    empty = form(house, evening, "mum")
    assert (empty.status_code, empty.headers["ETag"], empty.json["comes"], empty.json["is_open"]) == (
        200, '"0"', None, True)
    assert [(child["id"], [one["id"] for one in child["teachers"]]) for child in empty.json["children"]] == [
        ("leo", ["tom", "noa"]), ("mina", ["ama", "noa"])]
    wanted = body(("mina", ["noa", "ama"]), ("leo", ["tom"]), earliest="16:30", latest="17:45",
                  not_times=[{"from": "17:00", "to": "17:15"}])
    wanted["children"][0]["wishes"][0]["talk_about"] = " How reading goes "
    done = save(house, evening, "mum", wanted)
    assert (done.status_code, done.headers["ETag"], done.json["entered_by"]) == (200, '"1"', "guardian")
    mina = next(child for child in done.json["children"] if child["id"] == "mina")
    assert [(one["staff_id"], one["talk_about"]) for one in mina["wishes"]] == [
        ("noa", "How reading goes"), ("ama", "")]
    assert save(house, evening, "mum", wanted).headers["ETag"] == '"1"'
    again = save(house, evening, "mum", body(("mina", ["ama"])), 1)
    assert (again.status_code, again.json["version"], again.json["earliest"]) == (200, 2, None)
    assert counted(planned(house, evening)) == [("mum", "mina", "ama", 1)]
    assert house.call(house.guardian("mum"), "GET", "/home").json["wishes"] == [
        {"evening_id": evening["id"], "comes": "yes", "pupil_ids": ["leo", "mina"]}]


def test_two_homes_have_a_form_each_and_see_nothing_of_the_other(house: House) -> None:
    evening = open_plan(house)
    before = form(house, evening, "dad").data
    save(house, evening, "mum", body(("mina", ["ama"]), how="phone", call_on="01632 960 001"))
    assert form(house, evening, "dad").data == before
    assert save(house, evening, "dad", body(("mina", ["noa"]))).json["version"] == 1
    assert counted(planned(house, evening)) == [("dad", "mina", "noa", 1), ("mum", "mina", "ama", 1)]
    assert save(house, evening, "dad", body(("leo", ["tom"])), 1).status_code == 404
    absent = form(house, {"id": "nothing"}, "barred")
    assert (form(house, evening, "barred").data, absent.status_code) == (absent.data, 404)
    assert save(house, evening, "barred", body(("mina", ["ama"]))).data == absent.data
    booked = house.open_evening(**{**DAYS, "way": "book"})
    assert form(house, booked, "mum").data == absent.data


def test_teachers_mark_and_families_see_it_with_their_choices(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    said = mark(house, evening, "ama:mina", "please-come", "I'd love to show you her stories.")
    assert said.status_code == 200
    assert [(one["pupil"]["id"], one["mark"]) for one in said.json["items"]] == [
        ("mina", "please-come"), ("sam", "none")]
    mark(house, evening, "noa:mina", "no-need", "All is well.")
    teachers = {one["id"]: one["marks"] for child in form(house, evening, "mum").json["children"]
                for one in child["teachers"] if child["id"] == "mina"}
    assert [(one["mark"], one["sentence"], one["by"]["family_name"]) for one in teachers["ama"]] == [
        ("please-come", "I'd love to show you her stories.", "Osei")]
    assert teachers["noa"][0]["mark"] == "no-need"
    save(house, evening, "mum", body(("mina", ["ama", "noa"])))
    assert [one.please_come for one in planned(house, evening).wishes] == [True, False]
    assert mark(house, evening, "ama:mina", "none").json["items"][0]["mark"] == "none"
    assert [one.please_come for one in planned(house, evening).wishes] == [False, False]


@pytest.mark.parametrize(("teacher", "pupil", "status"), [
    ("ama", "leo", 404), ("tom", "mina", 404), ("kit", "mina", 404), ("noa", "leo", 200), ("ama", "nobody", 404)])
def test_only_who_sits_there_and_teaches_the_child_marks(house: House, teacher: str, pupil: str, status: int) -> None:
    assert mark(house, open_plan(house), f"{teacher}:{pupil}", "please-come").status_code == status


def test_marks_and_wishes_end_with_the_day_at_the_school(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    until = form(house, evening, "mum").json["until"]
    assert until == "2026-12-04T00:00:00+00:00"
    house.clock.advance(seconds=(datetime.fromisoformat(until) - house.clock.now()).total_seconds() - 1)
    house.beat()
    assert save(house, evening, "mum", body(("mina", ["ama"]))).status_code == 200
    house.clock.advance(seconds=1)
    late = save(house, evening, "mum", body(("mina", ["noa"])), 1)
    assert (late.status_code, late.json["detail"][:27]) == (409, "The time for wishes is over")
    assert form(house, evening, "mum").json["is_open"] is False
    assert mark(house, evening, "ama:mina", "no-need").status_code == 409
    assert save_for(house, evening, "dad", body(("mina", ["noa"]))).json["entered_by"] == "office"
    pass_days(house, 6.7)
    assert save_for(house, evening, "dad", body(("mina", ["ama"])), 1).status_code in (404, 409)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"earliest": "17:00", "latest": "16:30"}, "/latest"),
    ({"earliest": "18:00"}, "/earliest"),
    ({"latest": "16:00"}, "/latest"),
    ({"earliest": "26:00"}, "/earliest"),
    ({"not_times": [{"from": "16:00", "to": "17:00"}, {"from": "16:55", "to": "18:00"}]}, "/not_times"),
    ({"earliest": "16:30", "not_times": [{"from": "16:20", "to": "18:30"}]}, "/not_times"),
    ({"not_times": [{"from": "17:00", "to": "16:00"}]}, "/not_times/0"),
    ({"not_times": [{"from": "16:00", "to": "16:01"}] * 7}, "/not_times"),
    ({"needs": ["bsl"]}, "/needs/0"),
    ({"how": "video"}, "/how"),
    ({"how": "phone"}, "/call_on"),
    ({"how": "phone", "call_on": "ring me"}, "/call_on"),
    ({"comes": "perhaps"}, "/comes"),
    ({"elsewhere": [{"starts_at": "2026-12-10T17:00:00Z", "ends_at": "2026-12-10T16:00:00Z", "site": "Elm"}]},
     "/elsewhere/0"),
    ({"elsewhere": [{"starts_at": "2026-12-12T16:00:00Z", "ends_at": "2026-12-12T16:10:00Z", "site": "Elm"}]},
     "/elsewhere/0"),
    (body(("mina", ["tom"])), "/children/0/wishes/0/staff_id"),
    (body(("mina", ["nobody"])), "/children/0/wishes/0/staff_id"),
    (body(("mina", ["ama", "ama"])), "/children/0/wishes"),
    (body(("mina", ["ama"]), ("mina", ["noa"])), "/children"),
    (body(("mina", [f"t{number}" for number in range(13)])), "/children/0/wishes"),
]


@pytest.mark.parametrize(("changes", "where"), BAD)
def test_what_cannot_be_is_said_in_words_and_nothing_is_kept(house: House, changes: Any, where: str) -> None:
    evening = open_plan(house)
    reply = save(house, evening, "mum", {**body(("mina", ["ama"])), **changes})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, where)
    assert reply.json["errors"][0]["detail"]
    assert form(house, evening, "mum").json["version"] == 0


def test_a_change_to_an_older_version_is_refused_and_names_one(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    path = f"/evenings/{evening['id']}/wishes"
    bare = house.call(house.guardian("mum"), "PUT", path, body(("mina", ["ama"])))
    assert (bare.status_code, bare.json["errors"][0]["pointer"]) == (422, "/If-Match")
    gate, replies = threading.Barrier(2), []

    def want(order: list[str]) -> None:
        gate.wait()
        replies.append(save(house, evening, "mum", body(("mina", order))))

    threads = [threading.Thread(target=want, args=[order]) for order in (["ama", "noa"], ["noa", "ama"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies) == [200, 412]
    kept = next(reply for reply in replies if reply.status_code == 200)
    assert form(house, evening, "mum").json["children"] == kept.json["children"]


def test_who_cannot_come_asks_for_another_day(house: House) -> None:
    evening = open_plan(house)
    assert save(house, evening, "mum", body(("mina", ["ama"]), comes="cannot")).status_code == 200
    assert planned(house, evening) == queries.PlanWishes([], 0)
    asked = {teacher: {one["pupil"]["id"]: [adult["id"] for adult in one["another_day"]] for one in house.call(
        house.staff(teacher, "teacher"), "GET", f"/evenings/{evening['id']}/marks").json["items"]}
        for teacher in ("ama", "noa", "tom")}
    assert asked == {"ama": {"mina": [], "sam": []}, "noa": {"leo": [], "mina": [], "sam": []}, "tom": {"leo": []}}
    describe(house)
    mine = house.call(house.staff("ama", "teacher"), "GET", f"/evenings/{evening['id']}/marks").json["items"]
    assert [one["another_day"][0]["family_name"] for one in mine if one["another_day"]] == ["Vale"]


def describe(house: House) -> None:
    """The school's adults, by name."""
    house.tell(*(house.state("guardian.described", key, {
        "id": key, "given_name": key.title(), "family_name": "Vale", "status": "current"})
        for key in ("mum", "dad", "gran", "barred")))


def test_the_office_sees_who_has_answered_and_enters_for_who_rings(each_house: House) -> None:
    house = each_house
    describe(house)
    evening = open_plan(house)
    path = f"/evenings/{evening['id']}"
    save(house, evening, "mum", body(("mina", ["ama"]), ("leo", [])))
    save_for(house, evening, "gran", body(comes="cannot"))
    found = house.call(house.office, "GET", f"{path}/forms").json
    assert (found["answered"], found["waiting"], found["after"]) == (2, 1, None)
    assert [(one["guardian"]["given_name"], one["answer"], one["entered_by"], one["wishes"], len(one["children"]))
            for one in found["items"]] == [("Dad", "none", None, 0, 1), ("Gran", "cannot", "office", 0, 1),
                                           ("Mum", "yes", "guardian", 1, 2)]
    first = house.call(house.office, "GET", f"{path}/forms?limit=1&answer=none").json
    assert [one["guardian"]["id"] for one in first["items"]] == ["dad"]
    second = house.call(house.office, "GET", f"{path}/forms?limit=1&after=dad").json
    assert ([one["guardian"]["id"] for one in second["items"]], second["after"]) == (["gran"], "gran")
    assert house.call(house.office, "GET", f"{path}/forms?after=nobody").status_code == 422
    assert house.call(house.office, "GET", f"{path}/guardians/barred/wishes").status_code == 404
    assert save_for(house, evening, "barred", body(("mina", ["ama"]))).status_code == 404
    assert form(house, evening, "gran").json["entered_by"] == "office"
    for who in (house.staff("ama", "teacher"), house.guardian("mum")):
        assert house.call(who, "GET", f"{path}/forms").status_code == 404
        assert house.call(who, "GET", f"{path}/guardians/mum/wishes").status_code == 404


def test_a_right_that_ends_takes_the_wishes_along_and_brings_nothing_back(each_house: House) -> None:
    house = each_house
    evening = open_plan(house)
    for who in ("mum", "dad"):
        save(house, evening, who, body(("mina", ["ama"]), *([("leo", ["tom"])] if who == "mum" else [])))
    house.tell(house.let("mum", "mina", []), house.let("dad", "mina", []))
    assert counted(planned(house, evening)) == [("mum", "leo", "tom", 1)]
    assert [child["id"] for child in form(house, evening, "mum").json["children"]] == ["leo"]
    assert form(house, evening, "dad").data == form(house, {"id": "nothing"}, "dad").data
    house.tell(house.let("mum", "mina"), house.let("dad", "mina"))
    assert form(house, evening, "dad").json["version"] == 0
    assert counted(planned(house, evening)) == [("mum", "leo", "tom", 1)]
    home = house.call(house.guardian("mum"), "GET", "/home").json["wishes"]
    assert [one["pupil_ids"] for one in home] == [["leo"]]


def test_a_child_who_left_is_wished_and_marked_for_no_more(house: House) -> None:
    evening = open_plan(house)
    save(house, evening, "mum", body(("mina", ["ama"]), ("leo", ["tom"])))
    mark(house, evening, "ama:mina", "please-come")
    gone = {"given_name": "Mina", "family_name": "Vale", "class_ids": ["oak"]}
    house.tell(house.state("pupil.described", "mina", {**gone, "status": "left"}))
    assert counted(planned(house, evening)) == [("mum", "leo", "tom", 1)]
    house.tell(house.state("pupil.described", "mina", {**gone, "status": "current"}))
    children = {child["id"]: child for child in form(house, evening, "mum").json["children"]}
    assert (children["mina"]["wishes"], children["mina"]["is_answered"], children["leo"]["is_answered"]) == (
        [], False, True)
    assert not [one for one in children["mina"]["teachers"] if one["marks"]]


def test_who_is_held_is_left_out_and_counted_and_who_may_not_come_is_rung(house: House) -> None:
    evening = open_plan(house)
    house.tell(house.let("mum", "mina", attend=[]), house.let("mum", "leo", attend=[]))
    assert form(house, evening, "mum").json["ways"] == ["phone"]
    assert save(house, evening, "mum", body(("mina", ["ama"]))).json["errors"][0]["pointer"] == "/how"
    save(house, evening, "mum", body(("mina", ["ama"]), how="phone", call_on="01632 960 001"))
    save(house, evening, "dad", body(("mina", ["noa"])))
    house.tell(house.let("dad", "mina", attend=[]))
    assert [one.how for one in planned(house, evening).wishes] == ["phone", "phone"]
    with house.service.database.unit_of_work("oakfield") as uow:
        house.service.subscriptions.on_parked["tandem.profiles.rights.computed.v1"](uow, "mina:dad")
    found = planned(house, evening)
    assert ([one.guardian_id for one in found.wishes], found.held) == (["mum"], 1)


def test_what_a_plan_and_a_run_sheet_read(house: House) -> None:
    evening = open_plan(house)
    wanted = body(("mina", ["ama", "noa"]), earliest="16:30", not_times=[{"from": "17:00", "to": "17:30"}], elsewhere=[
        {"starts_at": "2026-12-10T16:40:00Z", "ends_at": "2026-12-10T16:50:00Z", "site": "Elm"}])
    wanted["children"][0]["wishes"][0]["talk_about"] = "Maths"
    save(house, evening, "mum", wanted)
    save(house, evening, "dad", body(("mina", ["ama"])))
    one = planned(house, evening).wishes[1]
    assert [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in one.free] == [("16:30", "17:00"), ("17:30", "18:00")]
    assert [site for _, _, site in one.elsewhere] == ["Elm"]
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert queries.count_by_staff(uow, evening["id"]) == {"ama": 2, "noa": 1}
        assert queries.list_talk_about(uow, evening["id"], "ama") == {("mina", "mum"): "Maths"}
        assert [queries.has_answered(uow, evening["id"], who) for who in ("mum", "gran")] == [True, False]


def test_who_has_not_answered_is_asked_once(house: House) -> None:
    evening = open_plan(house)
    save(house, evening, "dad", body(("mina", ["ama"])))
    counts: list[tuple[str, int]] = []
    for _day in range(12):
        pass_days(house, 1)
        sweep(house.service.database, TIMERS)
        counts.append((f"{house.clock.now():%m-%d}", len(reminded(house))))
    assert [day for day, count in counts if count == 0][-1] == "11-30"
    assert {count for _day, count in counts} == {0, 2}
    assert sorted((one["pupil_id"], one["guardian_ids"]) for one in reminded(house)) == [
        ("leo", ["mum"]), ("sam", ["gran"])]
    assert {one["evening_id"] for one in reminded(house)} == {evening["id"]}


def reminded(house: House) -> list[Any]:
    return [data for name, data in house.facts() if name == "wishes.reminded"]


@pytest.mark.parametrize(("respond_by", "until"), [
    (date(2027, 3, 27), "2027-03-28T00:00"), (date(2027, 3, 28), "2027-03-28T23:00"),
    (date(2026, 10, 25), "2026-10-26T00:00"), (date(2027, 4, 1), "2027-04-01T17:00")])
def test_the_last_day_ends_at_the_schools_midnight_or_with_the_evening(respond_by: date, until: str) -> None:
    starts_at = datetime(2027, 4, 1, 17, tzinfo=UTC)
    assert f"{wishes_end(respond_by, starts_at, LONDON):%Y-%m-%dT%H:%M}" == until


CLOCKS = st.times().map(lambda at: f"{at:%H:%M}")
NIGHTS = st.sampled_from([date(2027, 3, 28), date(2026, 10, 25), date(2026, 12, 10)])


@given(NIGHTS, st.none() | CLOCKS, st.none() | CLOCKS, st.lists(st.tuples(CLOCKS, CLOCKS), max_size=4))
def test_no_free_time_is_one_that_the_clock_shows_as_not_free(on: date, earliest: Any, latest: Any, nots: Any) -> None:
    """Also in the nights in which the clocks change: instants are looked at as that day's clock shows them."""
    starts_at = datetime.combine(on, time(0, 15), LONDON).astimezone(UTC)
    frame = Frame(on, starts_at, starts_at + timedelta(hours=4), LONDON)
    limits = Limits(earliest, latest, [pair for pair in nots if pair[0] < pair[1]])
    free = list_free(limits, frame)
    assert all(first[1] <= second[0] for first, second in pairwise(free))
    for start, end in free:
        assert frame.starts_at <= start < end <= frame.ends_at
        middle = f"{(start + (end - start) / 2).astimezone(LONDON):%H:%M:%S}"
        assert earliest is None or middle >= earliest
        assert latest is None or middle <= latest
        assert not any(begins < middle < ends for begins, ends in limits.not_times)
    assert find_time_faults(limits, frame) or free


@pytest.mark.parametrize(("now", "expected"), [
    (datetime(2027, 3, 27, 8, tzinfo=LONDON), "2027-03-27 09:00"),
    (datetime(2027, 3, 27, 9, tzinfo=LONDON), "2027-03-28 08:00")])
def test_reminders_go_in_the_schools_morning(now: datetime, expected: str) -> None:
    assert f"{next_reminding(now):%Y-%m-%d %H:%M}" == expected
