"""Who has not heard from school is seen by staff alone, by name; what was done is counted for whole classes only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.heard.actions import GOOD_NEWS, NOTE, TALK, WORRY, note_contact, note_held, note_talked
from services.profiles.heard.models import Contact, ContactCount, Heard
from services.profiles.heard.queries import needs_good_news, select_unheard
from services.profiles.people.models import Pupil
from tests.fakes import NOW, event
from tests.profiles.house import House

DAY = timedelta(days=1)
OTHERS = {"Ann": "Abel", "Ben": "Abel", "Cem": "Brook", "Dee": "Cole"}


@pytest.fixture
def classroom(house: House) -> House:
    """Sam and four more in Maple; Zoe is in no class of Mrs Bell's, and a class of one is Zoe's."""
    with house.service.database.unit_of_work("oakfield") as uow:
        for given, family in OTHERS.items():
            one = f"p-{given.lower()}"
            uow.add(Pupil(id=one, given_name=given, family_name=family, year_group="Year 2", upn=None,
                          status="current"), Enrolment(class_id="c-maple", person_id=one, role="pupil"))
        uow.add(SchoolClass(id="c-elm", title="Elm", status="current"),
                Enrolment(class_id="c-elm", person_id="p-zoe", role="pupil"),
                Enrolment(class_id="c-elm", person_id="s-other", role="teacher"))
    return house


def note(house: House, pupil: str, kind: str, ago: timedelta = timedelta()) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        note_contact(uow, [pupil], kind, "s-bell", uow.now - ago)


def unheard(house: House, who: str, query: str = "") -> list[tuple[str, str | None, bool]]:
    items = house.call("GET", f"/unheard{query}", who).json["items"]
    return [(item["pupil"]["given_name"], item["since"], item["only_worries"]) for item in items]


def test_families_who_heard_nothing_for_four_school_weeks_are_listed_by_name(classroom: House) -> None:
    note(classroom, "p-sam", NOTE, 7 * DAY)
    note(classroom, "p-cem", TALK, 50 * DAY)
    note(classroom, "p-ann", GOOD_NEWS, 200 * DAY)
    day = {ago: (NOW - ago * DAY).date().isoformat() for ago in (50, 200)}
    assert unheard(classroom, "s-bell") == [
        ("Ann", day[200], False), ("Ben", None, False), ("Cem", day[50], False), ("Dee", None, False)]
    assert classroom.call("GET", "/unheard", "s-bell").json["weeks"] == 4


def test_holidays_do_not_count(classroom: House) -> None:
    """Half-term was a week of the last five: who heard thirty days ago has missed under four weeks of school."""
    note(classroom, "p-sam", NOTE, 32 * DAY)
    assert "Sam" not in [name for name, *_ in unheard(classroom, "s-bell")]
    classroom.clock.advance(days=7)
    assert "Sam" in [name for name, *_ in unheard(classroom, "s-bell")]


def test_only_worries_this_half_term_is_said_and_a_word_of_another_kind_ends_it(classroom: House) -> None:
    note(classroom, "p-sam", GOOD_NEWS, 60 * DAY)
    note(classroom, "p-sam", WORRY, 3 * DAY)
    assert ("Sam", (NOW - 3 * DAY).date().isoformat(), True) in unheard(classroom, "s-bell")
    note(classroom, "p-sam", TALK)
    assert "Sam" not in [name for name, *_ in unheard(classroom, "s-bell")]


def test_staff_see_their_own_pupils_and_leads_see_all(classroom: House) -> None:
    assert [name for name, *_ in unheard(classroom, "s-other")] == ["Zoe"]
    for lead in ("s-office", "s-head", "s-dsl"):
        assert [name for name, *_ in unheard(classroom, lead)] == ["Ann", "Ben", "Cem", "Dee", "Sam", "Zoe"]
    assert [name for name, *_ in unheard(classroom, "s-office", "?class_id=c-elm")] == ["Zoe"]
    assert classroom.call("GET", "/unheard?class_id=c-elm", "s-bell").status_code == 404
    for who in ("g-amira", "p-sam"):
        for path in ("/unheard", "/contact-made", "/pupils/p-sam/balance", "/unheard/weeks"):
            assert classroom.call("GET", path, who).status_code == 404


def test_a_long_list_comes_in_pages_whose_address_holds_no_name(classroom: House) -> None:
    first = classroom.call("GET", "/unheard?limit=2", "s-bell").json
    second = classroom.call("GET", f"/unheard?limit=2&after={first['after']}", "s-bell").json
    last = classroom.call("GET", f"/unheard?limit=2&after={second['after']}", "s-bell").json
    names = [item["pupil"]["given_name"] for page in (first, second, last) for item in page["items"]]
    assert (names, last["after"]) == (["Ann", "Ben", "Cem", "Dee", "Sam"], None)
    assert first["after"] == "p-ben"
    replies = [classroom.call("GET", f"/unheard?after={after}", "s-bell") for after in ("p-zoe", "p-nobody")]
    assert [(one.status_code, one.get_data()) for one in replies] == [(422, replies[0].get_data())] * 2


def test_a_child_who_has_left_is_not_on_the_list(classroom: House) -> None:
    with classroom.service.database.unit_of_work("oakfield") as uow:
        uow.get(Pupil, "p-ann").status = "left"
    assert "Ann" not in [name for name, *_ in unheard(classroom, "s-bell")]


def test_a_school_says_after_how_many_weeks(classroom: House) -> None:
    note(classroom, "p-sam", NOTE, 20 * DAY)
    for refused in ({"weeks": 1}, {"weeks": 13}, {"weeks": "x"}, {}):
        assert classroom.call("PUT", "/unheard/weeks", "s-office", refused).status_code == 422
    for weeks in (3, 2):
        assert classroom.call("PUT", "/unheard/weeks", "s-office", {"weeks": weeks}).json == {"weeks": weeks}
    assert "Sam" in [name for name, *_ in unheard(classroom, "s-bell")]
    assert classroom.call("PUT", "/unheard/weeks", "s-bell", {"weeks": 2}).status_code == 404


def test_good_news_is_suggested_until_there_was_some_this_half_term(house: House) -> None:
    note(house, "p-sam", GOOD_NEWS, 60 * DAY)
    assert house.call("GET", "/pupils/p-sam/balance", "s-bell").json == {"suggest_good_news": True}
    house.call("POST", "/pupils/p-sam/praise", "s-bell", {"strength": "focus", "sentence": "Well read."})
    assert house.call("GET", "/pupils/p-sam/balance", "s-bell").json == {"suggest_good_news": False}
    assert house.call("GET", "/pupils/p-sam/balance", "s-other").status_code == 404
    house.clock.advance(days=60)
    with house.service.database.unit_of_work("oakfield") as uow:
        assert needs_good_news(uow, "p-sam")


def test_homes_and_the_childs_own_good_news_is_no_contact_from_school(house: House) -> None:
    body = {"strength": "focus", "sentence": "Read a book.", "audience": "all"}
    for who in ("g-amira", "p-sam"):
        house.call("POST", "/pupils/p-sam/praise", who, body)
    assert house.call("GET", "/pupils/p-sam/balance", "s-bell").json == {"suggest_good_news": True}
    assert unheard(house, "s-bell") == [("Sam", None, False)]


def made(house: House, who: str, query: str = "") -> dict[str, Any]:
    return {item["school_class"]["title"]: item["made"] for item in house.call(
        "GET", f"/contact-made{query}", who).json["items"]}


def test_contact_made_is_counted_by_class_and_half_term_and_never_for_few_children(classroom: House) -> None:
    for pupil, kind in (("p-sam", GOOD_NEWS), ("p-ann", GOOD_NEWS), ("p-ann", WORRY), ("p-zoe", NOTE)):
        note(classroom, pupil, kind)
    note(classroom, "p-sam", TALK, 40 * DAY)
    maple = {"good_news": 2, "talks": 0, "notes": 0, "worries": 1}
    assert made(classroom, "s-bell") == {"Maple": maple}
    assert made(classroom, "s-head") == {"Elm": None, "Maple": maple}
    reply = classroom.call("GET", "/contact-made", "s-head").json
    assert not re.search("Sam|p-sam|Ann|Zoe", str(reply))
    before = reply["halves"][-2]["from_on"]
    assert made(classroom, "s-head", f"?half_on={before}")["Maple"] == {
        "good_news": 0, "talks": 1, "notes": 0, "worries": 0}
    for wrong in ("2001-01-01", "soon"):
        assert classroom.call("GET", f"/contact-made?half_on={wrong}", "s-head").status_code == 422


def test_a_date_is_never_taken_back_and_each_contact_is_counted(house: House) -> None:
    for ago in (0, 5, 30):
        note(house, "p-sam", GOOD_NEWS, ago * DAY)
    with house.service.database.unit_of_work("oakfield") as uow:
        row = uow.get(Heard, "p-sam")
        assert (row.last_at, row.last_good_at, row.last_worry_at) == (NOW, NOW, None)
        assert sum(uow.all(sa.select(ContactCount.made))) == len(uow.all(sa.select(Contact))) == 3


def test_talks_that_scheduling_tells_of_are_contact(house: House) -> None:
    held = event("tandem.scheduling.checkin.held.v1", "c", {
        "checkin_id": "c", "pupil_id": "p-sam", "guardian_id": "g-amira", "staff_id": "s-bell", "on": "2026-11-20"})
    late = event(held.type, "c", {**held.data, "on": "2027-01-01"})
    with house.service.database.unit_of_work("oakfield") as uow:
        note_held(uow, [held])
        assert uow.get(Heard, "p-sam").last_other_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
        uow.session.expire_all()
        note_held(uow, [late])
        assert uow.get(Heard, "p-sam").last_at == NOW
        assert uow.all(sa.select(Contact.kind)) == [TALK] * 2


def test_talks_of_an_evening_and_of_another_day_are_contact_when_they_were(house: House) -> None:
    began = "2026-11-20T16:10:00+00:00"
    told = [event(f"tandem.scheduling.{name}.held.v1", "a", {
        "pupil_id": "p-sam", "staff_id": "s-bell", **more}) for name, more in (
        ("talk", {"starts_at": began}), ("meeting", {"starts_at": "2027-01-01T09:00:00+00:00"}), ("talk", {}))]
    with house.service.database.unit_of_work("oakfield") as uow:
        note_talked(uow, told)
        assert sorted(uow.all(sa.select(Contact.made_at))) == [datetime.fromisoformat(began), NOW, NOW]
        assert set(uow.all(sa.select(Contact.kind))) == {TALK}


PUPILS, YEARS = 300, 3


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The tables with a few years of contact, on both databases."""
    from services.profiles.tables import Base
    from tests.fakes import FixedClock
    from tests.parts.databases import make_database
    database = make_database(request, request.param, tmp_path, "profiles", FixedClock(),
                             lambda made: Base.metadata.create_all(made.engine))
    with database.unit_of_work("oakfield") as uow:
        pupils = [new_id() for _ in range(PUPILS)]
        uow.insert(Pupil, [{"id": one, "given_name": f"G{number}", "family_name": f"F{number % 7}", "year_group": "1",
                            "upn": None, "status": "current"} for number, one in enumerate(pupils)])
        uow.insert(Contact, [{"id": new_id(), "pupil_id": one, "kind": NOTE, "staff_id": None,
                              "made_at": uow.now - number * DAY} for one in pupils for number in range(20)])
        uow.insert(Heard, [{"pupil_id": one, "last_at": uow.now, "last_good_at": None, "last_worry_at": None,
                            "last_other_at": None} for one in pupils])
    yield database
    database.close()


def test_the_list_is_planned_without_looking_through_the_contacts(filled: Any) -> None:
    with filled.unit_of_work("oakfield", write=False) as uow:
        wanted = select_unheard(uow, (uow.now, uow.now), [], 51)
        assert len(uow.rows(wanted)) == 0
        sql = str(wanted.compile(uow.connection, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN " if filled.is_postgresql else "EXPLAIN QUERY PLAN "
        plan = " ".join(str(row) for row in uow.connection.exec_driver_sql((explain + sql).replace("%", "%%")))
    assert "contact" not in plan
    assert "heard" in plan
    if not filled.is_postgresql:
        assert "SEARCH heard USING" in plan


def test_no_statement_of_the_list_or_of_the_counts_names_the_contacts(classroom: House) -> None:
    seen: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engine = classroom.service.database.engine
    sa.event.listen(engine, "before_cursor_execute", keep)
    for path in ("/unheard", "/unheard?class_id=c-maple&after=p-ann", "/contact-made", "/pupils/p-sam/balance"):
        assert classroom.call("GET", path, "s-bell").status_code == 200
    sa.event.remove(engine, "before_cursor_execute", keep)
    assert len(seen) > 5
    assert [statement for statement in seen if re.search(r"\bcontacts\b", statement)] == []
