"""The school's own calendar: read by staff, set by the office, described to the other services, and obeyed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.profiles.school_year.rules import Term, Year, default_terms, default_year, faults_of, is_usual
from tests.profiles.house import House

DAYS = ("starts_on", "half_starts_on", "half_ends_on", "ends_on")
AUTUMN = ("2026-09-02", "2026-10-19", "2026-10-30", "2026-12-17")
SPRING = ("2027-01-05", "2027-02-15", "2027-02-19", "2027-03-25")


def term(*days: str) -> dict[str, str]:
    return dict(zip(DAYS, days, strict=True))


def put(house: House, terms: Any = None, who: str = "s-office", match: str | None = None, **more: Any) -> Any:
    version = house.call("GET", "/school-year", "s-bell").headers["ETag"] if match is None else match
    body = {"terms": [term(*AUTUMN), term(*SPRING)] if terms is None else terms, **more}
    return house.call("PUT", "/school-year", who, body, **{"If-Match": version})


def test_until_a_school_says_its_dates_the_usual_ones_stand_and_say_so(house: House) -> None:
    found = house.call("GET", "/school-year", "s-bell").json
    assert (found["is_usual"], len(found["terms"]), found["closed"]) == (True, 9, [])
    assert found["terms"][0] == term("2026-09-08", "2026-10-26", "2026-10-30", "2026-12-18")


@pytest.mark.parametrize("who", ["s-office", "s-head"])
def test_the_office_sets_the_schools_own_dates_and_describes_the_school_anew(house: House, who: str) -> None:
    before = len(house.facts("tandem.profiles.school.described.v1"))
    reply = put(house, who=who, closed=["2026-11-27", "2026-11-27"])
    assert (reply.status_code, reply.json["is_usual"], reply.json["closed"]) == (200, False, ["2026-11-27"])
    assert reply.json["terms"] == [term(*AUTUMN), term(*SPRING)]
    described = house.facts("tandem.profiles.school.described.v1")
    assert len(described) == before + 1
    assert described[-1]["year"] == {"terms": [list(AUTUMN), list(SPRING)], "closed": ["2026-11-27"]}
    assert put(house, closed=["2026-11-27"]).status_code == 200
    assert len(house.facts("tandem.profiles.school.described.v1")) == before + 1


def test_what_is_due_follows_the_schools_own_dates(house: House) -> None:
    put(house)
    assert house.call("GET", "/progress/due", "s-bell").json["items"][0]["due_on"] == "2026-12-10"
    assert house.call("GET", "/expectations/due", "s-bell").json["items"][0]["due_on"] == "2026-11-13"


def test_of_two_in_the_office_the_slower_is_told(house: House) -> None:
    seen = house.call("GET", "/school-year", "s-office").headers["ETag"]
    assert put(house, match=seen).status_code == 200
    assert put(house, [term(*AUTUMN)], match=seen).status_code == 412
    assert len(house.call("GET", "/school-year", "s-office").json["terms"]) == 2
    assert put(house, match="").status_code == 422


@pytest.mark.parametrize("who", ["s-bell", "s-dsl", "g-amira", "p-sam"])
def test_nobody_else_sets_them(house: House, who: str) -> None:
    assert put(house, who=who).status_code == 404


@pytest.mark.parametrize("who", ["g-amira", "p-sam"])
def test_they_are_read_by_staff(house: House, who: str) -> None:
    assert house.call("GET", "/school-year", who).status_code == 404


@pytest.mark.parametrize(("terms", "pointer"), [
    ([], "/terms"),
    ([term("2026-09-02", "2026-10-30", "2026-10-19", "2026-12-17")], "/terms/0"),
    ([term(*SPRING), term(*AUTUMN)], "/terms/1"),
    ([term(*AUTUMN), term("2026-12-17", "2027-02-15", "2027-02-19", "2027-03-25")], "/terms/1"),
    ([{**term(*AUTUMN), "ends_on": "31 February"}], "/terms/0/ends_on"),
    ([{"starts_on": "2026-09-02"}], "/terms/0/half_starts_on"),
    ([term(*AUTUMN)] * 19, "/terms")])
def test_a_fault_is_named_at_its_place_and_nothing_is_kept(house: House, terms: Any, pointer: str) -> None:
    reply = put(house, terms)
    assert reply.status_code == 422
    assert pointer in {fault["pointer"] for fault in reply.json["errors"]}
    assert house.call("GET", "/school-year", "s-office").json["is_usual"]


@pytest.mark.parametrize("closed", [["soon"], "2026-11-27", ["2026-11-27"] * 301])
def test_closed_days_are_days(house: House, closed: Any) -> None:
    assert put(house, closed=closed).status_code == 422


@pytest.mark.parametrize("year", range(2020, 2040))
def test_the_usual_terms_have_no_fault_and_are_known_as_usual(year: int) -> None:
    terms = default_terms(year)
    assert faults_of(terms) == {}
    assert is_usual(Year(tuple(terms)))
    assert is_usual(default_year(date(year, 8, 1)))
    first = terms[0]
    moved = Term(first.starts_on + timedelta(days=1), first.half_starts_on, first.half_ends_on, first.ends_on)
    assert not is_usual(Year((moved, *terms[1:])))
    assert not is_usual(Year(tuple(terms), frozenset({first.starts_on})))


@pytest.mark.parametrize(("day", "number", "expected"), [
    ((2026, 10, 31), 1, (2026, 11, 2)), ((2026, 10, 31), 10, (2026, 11, 13)), ((2026, 12, 17), 3, (2027, 1, 4))])
def test_school_days_are_counted_over_weekends_and_holidays(
        day: tuple[int, int, int], number: int, expected: tuple[int, int, int]) -> None:
    assert default_year(date(2026, 9, 1)).school_day_number(date(*day), number) == date(*expected)


@pytest.mark.parametrize(("day", "number", "expected"), [
    ((2026, 12, 18), 5, (2026, 12, 11)), ((2026, 12, 20), 0, (2026, 12, 18)), ((2026, 11, 3), 2, (2026, 10, 23))])
def test_school_days_are_counted_back(
        day: tuple[int, int, int], number: int, expected: tuple[int, int, int]) -> None:
    assert default_year(date(2026, 9, 1)).school_days_before(date(*day), number) == date(*expected)
