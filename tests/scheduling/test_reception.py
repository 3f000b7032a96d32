"""At the door: yes, or a colleague is fetched; and no reply says why."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.people.queries import PERMISSIONS
from services.scheduling.reception.models import DoorAdult, DoorCall
from services.scheduling.reception.rules import find_only, fold
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
LEADERS = ("noa", "ola")  # head and DSL; Pat of the office has left
CHILD, MUM = "Mina Vale", "Ines Núñez"


def adult(house: House, key: str, given: str, family: str = "Vale", status: str = "current") -> Any:
    return house.state("guardian.described", key, {
        "id": key, "given_name": given, "family_name": family, "email": f"{key}@example.invalid", "phone": "0123",
        "language": None, "prefers_voice": False, "status": status})


def member(house: House, key: str, role: str, status: str = "current") -> Any:
    return house.state("staff.described", key, {"id": key, "given_name": key.title(), "family_name": "Day",
                                                "status": status, "class_ids": [], "roles": [role], "email": None})


def pupil(house: House, key: str, given: str, status: str = "current") -> Any:
    return house.state("pupil.described", key, {"id": key, "given_name": given, "family_name": "Vale",
                                                "status": status, "class_ids": []})


def fill(house: House) -> House:
    """Mum may; barred may not; two are called Jo Vale; twins in name are called Kim; Ned has left."""
    house.tell(
        adult(house, "mum", "Ines", "Núñez"), adult(house, "barred", "Rex"), adult(house, "jo1", "Jo"),
        adult(house, "jo2", "Jo"), adult(house, "gone", "Una", status="ended"), adult(house, "gran", "Ruth"),
        pupil(house, "kim1", "Kim"), pupil(house, "kim2", "Kim"), pupil(house, "ned", "Ned", "left"),
        house.let("jo1", "mina"), house.let("gone", "mina"), house.let("mum", "kim1"), house.let("mum", "kim2"),
        house.let("mum", "ned"), member(house, "ola", "dsl"), member(house, "pat", "office", "left"))
    return house


@pytest.fixture
def door(each_house: House) -> House:
    return fill(each_house)


@pytest.fixture
def here(house: House) -> House:
    return fill(house)


def ask(house: House, child: str = CHILD, adult: str = MUM, purpose: str = "collect", role: str = "reception") -> Any:
    return house.call(house.staff("rae", role), "POST", "/door/answers",
                      {"child": child, "adult": adult, "for": purpose})


def calls(house: House) -> list[Any]:
    return [data for name, data in house.facts() if name == "colleague.called"]


def pair(call: dict[str, Any]) -> tuple[str | None, str | None]:
    return call["pupil_id"], call["guardian_id"]


FETCHED = {
    "a right that is not there": (CHILD, "Rex Vale", ("mina", "barred")),
    "an adult of another child": (CHILD, "Ruth Vale", ("mina", "gran")),
    "an adult whom nobody knows": (CHILD, "Max Mustermann", ("mina", None)),
    "two adults of one name": (CHILD, "Jo Vale", ("mina", None)),
    "an adult who has left": (CHILD, "Una Vale", ("mina", None)),
    "half of a name": (CHILD, "Ines", ("mina", None)),
    "the start of a name": (CHILD, "Ines Núñe", ("mina", None)),
    "a child whom nobody knows": ("Mona Vale", MUM, (None, None)),
    "twins in name": ("Kim Vale", MUM, (None, None)),
    "a child who has left": ("Ned Vale", MUM, (None, None)),
    "neither": ("%", "_", (None, None)),
}


@pytest.mark.parametrize("role", ["reception", "office", "head", "dsl"])
def test_who_may_is_answered_yes_with_as_of_when_and_calls_nobody(here: House, role: str) -> None:
    for purpose in ("collect", "attend"):
        reply = ask(here, purpose=purpose, role=role)
        assert (reply.status_code, reply.json["answer"], reply.json["for"]) == (200, "yes", purpose)
        assert reply.json["as_of"] == here.clock.now().isoformat()
        assert sorted(reply.json) == ["answer", "as_of", "for"]
    assert calls(here) == []


@pytest.mark.parametrize("said", ["ines nunez", "  INES\tNÚÑEZ ", "Ines Nu\u0301n\u0303ez", "Ines  Núñez"])
def test_case_spaces_and_accents_do_not_matter(here: House, said: str) -> None:
    assert ask(here, child="mina  VALE", adult=said).json["answer"] == "yes"


def test_every_fetch_has_the_same_bytes_and_headers_and_takes_the_same_steps(here: House) -> None:
    seen, steps = set(), set()
    statements: list[str] = []
    sa.event.listen(here.service.database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    for child, adult_said, _ in FETCHED.values():
        here.clock.advance(minutes=3)
        here.beat()
        statements.clear()
        reply = ask(here, child, adult_said)
        steps.add(tuple(statements))
        seen.add((reply.status_code, reply.data.replace(here.clock.now().isoformat().encode(), b"NOW"),
                  tuple(item for item in reply.headers if item[0] != "X-Request-Id")))
    assert len(seen) == 1
    assert b'"fetch"' in next(iter(seen))[1]
    assert len(steps) == 1


@pytest.mark.parametrize("case", FETCHED)
def test_a_fetch_calls_the_leaders_and_says_whom_it_is_about_if_we_know(here: House, case: str) -> None:
    child, adult_said, about = FETCHED[case]
    assert ask(here, child, adult_said).json["answer"] == "fetch"
    (call,) = calls(here)
    assert pair(call) == about
    assert call["staff_ids"] == list(LEADERS)


def test_a_copy_that_is_too_old_answers_fetch_in_the_same_bytes(door: House) -> None:
    unknown = ask(door, adult="Max Mustermann")
    door.clock.advance(seconds=60)
    assert ask(door).json["answer"] == "yes"
    door.clock.advance(seconds=1)
    stale = ask(door)
    assert (stale.status_code, stale.data) == (200, unknown.data)
    assert [pair(call) for call in calls(door)] == [("mina", None), ("mina", "mum")]
    door.beat()
    assert ask(door).json["answer"] == "yes"


def test_a_pair_of_which_news_could_not_be_taken_is_fetched_for(door: House) -> None:
    with door.service.database.unit_of_work("oakfield") as uow:
        PERMISSIONS.hold(uow, "mina:mum")
    assert ask(door).json["answer"] == "fetch"
    door.tell(door.let("mum", "mina"))
    assert ask(door).json["answer"] == "yes"


def test_before_profiles_has_said_anything_the_answer_is_fetch(house: House) -> None:
    headers = house.keys.header("rae", "staff", "elmhurst", ["reception"])
    reply = house.call(headers, "POST", "/schools/elmhurst/door/answers",
                       {"child": CHILD, "adult": MUM, "for": "collect"})
    assert reply.json == {"answer": "fetch", "for": "collect", "as_of": None}


def test_a_right_ends_and_begins_at_its_instant_though_nobody_says_so(door: House) -> None:
    turn = door.clock.now() + timedelta(seconds=30)
    door.tell(door.let("mum", "mina", [[None, turn.isoformat()]]),
              door.let("barred", "mina", [[turn.isoformat(), None]]))
    door.clock.advance(seconds=29)
    assert [ask(door, adult=name).json["answer"] for name in (MUM, "Rex Vale")] == ["yes", "fetch"]
    door.clock.advance(seconds=1)
    assert [ask(door, adult=name).json["answer"] for name in (MUM, "Rex Vale")] == ["fetch", "yes"]


def test_to_collect_and_to_attend_are_two_rights(here: House) -> None:
    here.tell(here.state("rights.computed", "mina:mum", {
        "pupil_id": "mina", "guardian_id": "mum", "windows": {"attend": [[None, None]], "collect": []}}))
    assert [ask(here, purpose=one).json["answer"] for one in ("collect", "attend")] == ["fetch", "yes"]


def test_a_second_ask_within_two_minutes_calls_nobody_again(door: House) -> None:
    for _ in range(4):  # asked again and again, a colleague is called every two minutes all the same
        assert ask(door, adult="Rex Vale").json["answer"] == "fetch"
        door.clock.advance(seconds=50)
    assert len(calls(door)) == 2
    ask(door, adult="Ruth Vale")
    ask(door, child="Nobody")
    ask(door, child="Somebody Else")
    assert [pair(call) for call in calls(door)[2:]] == [("mina", "gran"), (None, None)]


def test_a_call_is_keyed_by_the_child_or_by_the_door(here: House) -> None:
    ask(here, adult="Rex Vale")
    ask(here, child="Nobody")
    with here.service.database.across_schools("test", write=False) as connection:
        keys = list(connection.execute(sa.text("SELECT key FROM outbox ORDER BY seq")).scalars())
    assert keys[-2:] == ["mina", "door"]


def test_each_answer_is_recorded_with_who_asked_and_no_names(here: House) -> None:
    ask(here)
    ask(here, adult="Rex Vale", purpose="attend")
    ask(here, child="Nobody")
    with here.service.database.unit_of_work("oakfield", write=False) as uow:
        kept = uow.all(sa.select(DoorCall).order_by(DoorCall.id))
        whole = str([sorted(vars(row).items()) for row in kept])
    assert [(row.pupil_id, row.guardian_id, row.asked_for, row.answer, row.asked_by) for row in kept] == [
        ("mina", "mum", "collect", "yes", "rae"), ("mina", "barred", "attend", "fetch", "rae"),
        (None, None, "collect", "fetch", "rae")]
    assert not [name for name in ("Mina", "Vale", "Rex", "Nobody") if name in whole]


def test_an_adult_is_kept_by_name_alone_and_an_erased_one_is_forgotten(door: House) -> None:
    late = adult(door, "mum", "Ines", "Núñez")
    door.tell(door.state("guardian.described", "mum", None))
    door.tell(late)
    with door.service.database.unit_of_work("oakfield", write=False) as uow:
        rows = {row.id: row for row in uow.all(sa.select(DoorAdult))}
    assert (rows["mum"].given_name, rows["mum"].status) == ("", "erased")
    assert not [row for row in rows.values() if "@" in str(vars(row)) or "0123" in str(vars(row))]
    assert ask(door).json["answer"] == "fetch"


def test_the_door_is_not_there_for_anybody_else(here: House) -> None:
    body = {"child": CHILD, "adult": MUM, "for": "collect"}
    for who in (here.guardian("mum"), here.staff("ama", "teacher"), here.staff("kit", "aide")):
        assert here.call(who, "POST", "/door/answers", body).status_code == 404
    assert here.call(here.staff("rae", "reception"), "GET", "/evenings/x").status_code == 404
    assert calls(here) == []


@pytest.mark.parametrize("wrong", [{"child": ""}, {"adult": "  "}, {"for": "kidnap"}, {"child": "x" * 402}])
def test_what_is_no_question_is_refused_without_repeating_it(here: House, wrong: dict[str, str]) -> None:
    reply = here.call(here.office, "POST", "/door/answers", {"child": CHILD, "adult": MUM, "for": "collect", **wrong})
    assert reply.status_code == 422
    assert "Mina" not in reply.text
    assert calls(here) == []


LETTERS = st.characters(max_codepoint=0x17F, categories=["Ll", "Lu"])
NAMES = st.text(LETTERS | st.sampled_from(" '-"), min_size=1, max_size=30)


@given(NAMES)
def test_a_name_folds_alike_however_it_is_written(name: str) -> None:
    wanted = fold(name)
    written = [name.upper(), name.lower(), name.title(), unicodedata.normalize("NFD", name),
               unicodedata.normalize("NFC", name), f"\t{name.replace(' ', '   ')}\u00a0", name.replace("'", "’")]
    assert [fold(each) for each in written] == [wanted] * len(written)


@given(st.text(max_size=40))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "  " not in once


PEOPLE = st.lists(st.tuples(st.uuids().map(str), st.sampled_from(["Ana", "ANA", "Bo", ""]),
                            st.sampled_from(["Díaz", "Diaz", ""])), max_size=6, unique_by=lambda row: row[0])


@given(PEOPLE, st.sampled_from(["ana diaz", "Bo Díaz", "Ana", "", " "]))
def test_one_is_found_or_nobody(people: list[tuple[str, str, str]], said: str) -> None:
    same = [row[0] for row in people if fold(said) and fold(f"{row[1]} {row[2]}") == fold(said)]
    assert find_only(said, people) == (same[0] if len(same) == 1 else None)
