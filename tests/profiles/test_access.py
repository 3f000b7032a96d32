"""What is held and who opened it: nothing of the other home, no read by a lead, and no pack before it was reviewed."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis.timers import sweep
from services.profiles.access.models import AccessRedaction, RecordRead
from services.profiles.access.rules import (
    due_on,
    is_never_shown,
    is_old_enough,
    may_extend,
    months_after,
    role_shown,
    shown_as,
)
from services.profiles.people.models import Pupil
from tests.profiles.house import House

UPDATE = {"kind": "sleep", "words": "Sam slept badly.", "audience": "class", "until": "week"}
SECRET = "Karim alone told this."
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def share(house: House, who: str, words: str, audience: str = "class") -> str:
    reply = house.call("POST", "/pupils/p-sam/updates", who, {**UPDATE, "words": words, "audience": audience})
    return str(reply.json["id"])


def held(house: House, who: str = "g-amira") -> Any:
    return house.call("GET", "/pupils/p-sam/held", who)


def opened(house: House, who: str = "g-amira") -> list[tuple[str, str]]:
    return [(item["staff_name"], item["what"]) for item in held(house, who).json["opened"]]


def reads(house: House) -> list[RecordRead]:
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return list(uow.all(sa.select(RecordRead).order_by(RecordRead.id)))


def ask(house: House, who: str = "g-amira") -> str:
    return str(house.call("POST", "/pupils/p-sam/access-requests", who).json["id"])


def office(house: House, method: str, request: str, path: str = "", body: Any = None, who: str = "s-office") -> Any:
    return house.call(method, f"/access-requests/{request}{path}", who, body)


def release(house: House, request: str) -> Any:
    seen = office(house, "GET", request).json["fingerprint"]
    return office(house, "POST", request, "/release", {"fingerprint": seen})


def pack(house: House, request: str, who: str = "g-amira") -> dict[str, str]:
    reply = house.call("GET", f"/access-requests/{request}/pack", who)
    assert (reply.status_code, reply.content_type) == (200, "application/zip"), reply.get_data()
    with zipfile.ZipFile(io.BytesIO(reply.get_data())) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def in_year(house: House, year: str) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.get(Pupil, "p-sam").year_group = year


# The rules


@pytest.mark.parametrize(("day", "months", "due"), [
    ("2026-11-24", 1, "2026-12-24"), ("2026-12-24", 1, "2027-01-24"), ("2027-01-31", 1, "2027-02-28"),
    ("2028-01-31", 1, "2028-02-29"), ("2026-03-31", 1, "2026-04-30"), ("2026-11-30", 3, "2027-02-28"),
    ("2026-10-15", 1, "2026-11-15"),  # a Sunday: not moved
])
def test_a_month_is_the_same_day_or_the_last_of_it(day: str, months: int, due: str) -> None:
    assert months_after(date.fromisoformat(day), months).isoformat() == due


@given(DAYS, st.integers(1, 36))
def test_months_keep_the_day_unless_there_is_none(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(1, 12))
def test_who_asks_first_is_never_answered_last(first: date, second: date, months: int) -> None:
    assert (first <= second) <= (months_after(first, months) <= months_after(second, months))


@given(DAYS, st.integers(-10, 400))
def test_more_time_is_after_the_first_month_and_within_three(asked: date, days: int) -> None:
    until = asked + timedelta(days=days)
    assert may_extend(asked, until) == (due_on(asked) < until <= months_after(asked, 3))
    assert not may_extend(asked, due_on(asked))


@pytest.mark.parametrize(("year", "old"), [
    ("Nursery", False), ("Reception", False), ("Year 1", False), ("Year 7", False), ("Year 8", True), ("8", True),
    ("Year 13", True), ("Y10", True), ("Sixth form", True), ("", True), ("Reception 2", False)])
def test_from_year_8_on_the_child_is_asked(year: str, old: bool) -> None:
    assert is_old_enough(year) is old


@pytest.mark.parametrize(("roles", "hidden", "role"), [
    (["teacher"], False, "teacher"), (["office", "teacher"], False, "office"), (["dsl", "head"], True, "dsl"),
    (["dsl", "teacher"], True, "dsl"), ([], False, "staff"), (["cook"], False, "cook")])
def test_the_reads_of_leads_are_never_shown(roles: list[str], hidden: bool, role: str) -> None:
    assert (is_never_shown(roles), role_shown(roles)) == (hidden, role)


@pytest.mark.parametrize(("what", "shown"), [
    ("page", "page"), ("update:mine", "update"), ("update:theirs", None), ("rights", "record"), ("tester", "record")])
def test_a_read_is_named_so_that_it_gives_nothing_away(what: str, shown: str | None) -> None:
    assert shown_as(what, {"mine"}) == shown


# Who opened it


@pytest.mark.parametrize(("path", "what"), [
    ("/pupils/p-sam", "page"), ("/pupils/p-sam/praise", "praise"), ("/pupils/p-sam/updates", "updates"),
    ("/updates", "update"), ("/updates/<id>", "update")])
def test_every_read_by_staff_is_a_row_that_the_adult_sees(house: House, path: str, what: str) -> None:
    update = share(house, "g-amira", "Sam slept badly.")
    assert house.call("GET", path.replace("<id>", update), "s-bell").status_code == 200
    (row,) = reads(house)
    assert (row.staff_id, row.pupil_id, row.role, row.is_hidden) == ("s-bell", "p-sam", "teacher", False)
    assert opened(house) == [("Bell Staff", what)]


def test_a_parents_own_reads_and_refused_ones_leave_nothing(house: House) -> None:
    for who in ("g-amira", "s-other", "g-barred"):
        house.call("GET", "/pupils/p-sam", who)
        house.call("GET", "/updates", who)
    assert reads(house) == []


def test_who_goes_on_reading_is_noted_once_in_a_quarter_of_an_hour(house: House) -> None:
    for minutes in (0, 5, 9, 2):
        house.clock.advance(minutes=minutes)
        house.call("GET", "/pupils/p-sam", "s-bell")
    assert len(reads(house)) == 2
    assert opened(house) == [("Bell Staff", "page")]


@pytest.mark.parametrize("roles", [["dsl"], ["dsl", "head"]])
def test_a_read_by_a_lead_is_kept_and_never_shown(house: House, roles: list[str]) -> None:
    before = held(house).get_data()
    headers = house.keys.header("s-dsl", "staff", "oakfield", roles)
    assert house.client.get("/schools/oakfield/pupils/p-sam/praise", headers=headers).status_code in (200, 404)
    house.call("GET", "/pupils/p-sam", "s-dsl")
    assert [row.is_hidden for row in reads(house)] == [True] * len(reads(house))
    assert held(house).get_data() == before


def test_what_a_lead_has_marked_is_never_shown_and_for_good_nor_is_what_follows(house: House) -> None:
    before = held(house).get_data()
    house.call("GET", "/pupils/p-sam", "s-bell")
    (read,) = house.call("GET", "/pupils/p-sam/reads", "s-dsl").json["items"]
    hide = f"/pupils/p-sam/reads/{read['id']}/hide"
    for who in ("s-bell", "s-office", "g-amira"):
        assert house.call("POST", hide, who, {}).status_code == 404
    assert house.call("POST", hide.replace("p-sam", "p-zoe"), "s-dsl", {}).status_code == 404
    assert house.call("POST", hide, "s-dsl", {"is_for_good": True}).json["items"][0]["is_hidden"] is True
    house.clock.advance(hours=1)
    house.call("GET", "/pupils/p-sam", "s-bell")
    assert len(reads(house)) == 2
    assert held(house).get_data() == before


# Nothing of the other home


def test_the_other_home_is_nowhere_in_what_is_held(house: House) -> None:
    before = held(house).get_data()
    theirs = [share(house, "g-karim", SECRET), share(house, "g-karim", SECRET, "safeguarding")]
    house.call("GET", f"/updates/{theirs[0]}", "s-bell")
    house.call("GET", "/updates", "s-bell")
    ask(house, "g-karim")
    assert held(house).get_data() == before
    for word in (SECRET, "karim", "Karim", "barred", *theirs):
        assert word not in before.decode()


def test_a_pack_holds_ones_own_and_nothing_of_the_other_home(house: House) -> None:
    mine, theirs = share(house, "g-amira", "Sam slept <badly>."), share(house, "g-karim", SECRET)
    house.call("POST", f"/updates/{mine}/acknowledge", "s-bell", {"reply": "Thank you."})
    house.call("GET", f"/updates/{theirs}", "s-bell")
    house.call("POST", "/pupils/p-sam/praise", "s-bell", {"strength": "focus", "sentence": "Good & calm."})
    request = ask(house)
    assert release(house, request).status_code == 200
    files = pack(house, request)
    assert sorted(files) == ["README.txt", "record.html", "record.json"]
    assert "Sam slept &lt;badly&gt;." in files["record.html"]
    assert "<script" not in files["record.html"]
    assert "http" not in files["record.html"]
    for word in ("Sam slept <badly>.", "Thank you.", "Good & calm.", "Maple", "Bell Staff"):
        assert word in files["record.json"]
    assert "Office Staff has read it" in files["README.txt"]
    for text in files.values():
        assert not any(word in text for word in (SECRET, "karim", "Karim", "Barred", theirs, "g-amira"))


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/held"), ("GET", "/access-requests"), ("POST", "/access-requests"), ("GET", "/reads")])
def test_a_restricted_adult_gets_the_bytes_of_what_is_missing(house: House, method: str, path: str) -> None:
    there = house.call(method, f"/pupils/p-sam{path}", "g-barred")
    absent = house.call(method, f"/pupils/p-nobody{path}", "g-barred")
    assert (there.status_code, there.get_data()) == (absent.status_code, absent.get_data())
    assert there.status_code == 404


# A request


def test_a_pack_goes_out_only_after_it_was_reviewed_and_to_its_adult_alone(house: House) -> None:
    request = ask(house)
    absent = house.call("GET", "/access-requests/nothing/pack", "g-amira").get_data()
    assert house.call("GET", f"/access-requests/{request}/pack", "g-amira").get_data() == absent
    assert "NOT YET REVIEWED" in pack(house, request, "s-office")["README.txt"]
    assert office(house, "POST", request, "/release", {"fingerprint": "0" * 64}).status_code == 409
    assert release(house, request).status_code == 200
    share(house, "g-amira", "This came later.")
    assert "This came later." not in pack(house, request)["record.json"]
    for who in ("g-karim", "g-barred", "s-bell"):
        assert house.call("GET", f"/access-requests/{request}/pack", who).get_data() == absent
    assert house.call("GET", "/pupils/p-sam/access-requests", "g-karim").json["items"] == []


def test_a_right_that_is_lost_in_between_closes_the_pack(house: House) -> None:
    request = ask(house)
    release(house, request)
    house.call("POST", "/pupils/p-sam/guardians/g-amira/restrictions", "s-office",
               {"kind": "no contact"})
    assert house.call("GET", f"/access-requests/{request}/pack", "g-amira").status_code == 404
    assert house.call("POST", f"/access-requests/{request}/withdraw", "g-amira").status_code == 404


def test_who_may_not_see_the_child_gets_nothing_released(house: House) -> None:
    request = ask(house)
    house.call("POST", "/pupils/p-sam/guardians/g-amira/restrictions", "s-office",
               {"kind": "no contact"})
    assert release(house, request).status_code == 409


def test_what_is_kept_out_leaves_the_same_words_behind_and_is_kept(house: House) -> None:
    share(house, "g-amira", "Zoe's mother told me something.")
    request = ask(house)
    key = next(item["key"] for item in office(house, "GET", request).json["items"] if item["key"].startswith("update:"))
    body = {"item_key": key, "reason": "Names another family."}
    assert office(house, "POST", request, "/redactions", {**body, "reason": " "}).status_code == 422
    assert office(house, "POST", request, "/redactions", {**body, "item_key": "update:none"}).status_code == 422
    kept = office(house, "POST", request, "/redactions", body)
    assert kept.status_code == 201
    assert office(house, "POST", request, "/redactions", body).status_code == 409
    release(house, request)
    files = pack(house, request)
    assert "Zoe" not in str(files)
    assert "[kept out: third party]" in files["record.html"]
    told = next(part for part in json.loads(files["record.json"])["sections"] if part["title"].startswith("What you"))
    assert told["items"] == ["[kept out: third party]"]
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        row = uow.get(AccessRedaction, request, key)
        assert (row.reason, row.by) == ("Names another family.", "s-office")


def test_more_time_needs_a_reason_and_is_at_most_two_months(house: House) -> None:
    request = ask(house)
    assert house.call("GET", "/pupils/p-sam/access-requests", "g-amira").json["items"][0]["due_on"] == "2026-12-24"
    for body in ({"until": "2027-01-24"}, {"until": "2027-01-24", "reason": " "},
                 {"until": "2027-02-25", "reason": "Much to read."}, {"until": "2026-12-24", "reason": "None."}):
        assert office(house, "POST", request, "/extend", body).status_code == 422
    assert office(house, "POST", request, "/extend", {"until": "2027-02-24", "reason": "Much."}).status_code == 200
    (own,) = house.call("GET", "/pupils/p-sam/access-requests", "g-amira").json["items"]
    assert (own["comes_by"], own["extension_reason"], own["days_left"]) == ("2027-02-24", "Much.", 92)
    assert "child_wishes" not in own
    house.clock.advance(days=40)
    assert office(house, "POST", request, "/extend", {"until": "2027-02-20", "reason": "x"}).status_code == 409


def test_from_year_8_on_nothing_goes_out_before_the_child_was_asked(house: House) -> None:
    in_year(house, "Year 8")
    request = ask(house)
    assert office(house, "GET", request).json["asks_child"] is True
    assert release(house, request).status_code == 409
    assert office(house, "POST", request, "/child-wishes", {"is_too_young": True}).status_code == 422
    assert office(house, "POST", request, "/child-wishes", {"words": " "}).status_code == 422
    said = office(house, "POST", request, "/child-wishes", {"words": "Not my drawings."})
    assert (said.json["child_wishes"], said.json["child_asked_by"]) == ("Not my drawings.", "Office Staff")
    assert release(house, request).status_code == 200
    assert "drawings" not in str(pack(house, request))


def test_a_young_child_need_not_be_asked(house: House) -> None:
    request = ask(house)
    said = office(house, "POST", request, "/child-wishes", {"is_too_young": True})
    assert said.json["child_wishes"] == "not asked: too young"
    assert release(house, request).status_code == 200


def test_one_request_at_a_time_and_it_can_be_taken_back_or_refused_with_a_reason(house: House) -> None:
    first = ask(house)
    assert house.call("POST", "/pupils/p-sam/access-requests", "g-amira").status_code == 409
    assert house.call("POST", f"/access-requests/{first}/withdraw", "g-karim").status_code == 404
    assert house.call("POST", f"/access-requests/{first}/withdraw", "g-amira").json["state"] == "withdrawn"
    second = ask(house)
    assert office(house, "POST", second, "/refuse", {}).status_code == 422
    assert office(house, "POST", second, "/refuse", {"reason": "Asked last week."}).status_code == 200
    own = house.call("GET", "/pupils/p-sam/access-requests", "g-amira").json["items"]
    assert [(item["state"], item["reason"]) for item in own] == [("refused", "Asked last week."), ("withdrawn", None)]
    assert release(house, second).status_code == 409


def test_the_office_lists_what_waits_and_each_fact_holds_ids_alone(house: House) -> None:
    first, second = ask(house), ask(house, "g-karim")
    release(house, first)
    listed = house.call("GET", "/access-requests", "s-office").json["items"]
    assert [(item["id"], item["state"], item["days_left"]) for item in listed] == [
        (second, "asked", 30), (first, "ready", 30)]
    for who in ("s-bell", "g-amira"):
        assert house.call("GET", "/access-requests", who).status_code == 404
        assert house.call("GET", f"/access-requests/{first}", who).status_code == 404
    (released,) = house.facts("tandem.profiles.access.released.v1")
    assert released == {"request_id": first, "pupil_id": "p-sam", "guardian_id": "g-amira"}
    assert len(house.facts("tandem.profiles.access.requested.v1")) == 2


def test_a_week_before_it_is_due_the_office_is_told_once_unless_it_was_answered(house: House) -> None:
    request, answered = ask(house), ask(house, "g-karim")
    release(house, answered)
    alerts = "tandem.profiles.alert.raised.v1"
    before = len(house.facts(alerts))
    house.clock.advance(days=22, hours=23)
    sweep(house.service.database, house.service.timers)
    assert len(house.facts(alerts)) == before
    house.clock.advance(hours=2)
    sweep(house.service.database, house.service.timers)
    sweep(house.service.database, house.service.timers)
    told = [fact for fact in house.facts(alerts) if fact["kind"] == "access-due"]
    assert [(fact["pupil_id"], fact["guardian_id"], fact["staff_ids"]) for fact in told] == [
        ("p-sam", "g-amira", ["s-office"])]
    assert office(house, "GET", request).json["state"] == "asked"
