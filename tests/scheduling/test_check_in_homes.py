"""Check-ins take turns by home, and within it by adult; which adults share a home is told to nobody."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis.envelope import Event
from chassis.migrate import migrate
from services.scheduling.checkins.rules import Adult, Due, turn_at_home
from services.scheduling.people.models import Home
from tests.scheduling.house import ALWAYS, VERSIONS, House, each_house, house
from tests.scheduling.test_check_ins import act, of, plan_now, say_year
from tests.scheduling.test_joint_migration import at_revision

__all__ = ["each_house", "house"]
NIGHT = datetime(2026, 11, 2, tzinfo=UTC)
FIRST_HOME, SECOND_HOME = "home-of-mum-and-joe", "home-of-dad-alone"
PURPOSES = ("see", "receive", "reply", "book", "attend", "consent", "collect")
ADULTS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["1", "2", "3"]), min_size=1)


def at_home(house: House, adult: str, home_id: str | None, version: int | None = None) -> Event:
    """Rights of a pair as profiles says them now: with the home; without one as an older profiles says them."""
    return house.state("rights.computed", f"mina:{adult}", {
        "pupil_id": "mina", "guardian_id": adult, "windows": dict.fromkeys(PURPOSES, ALWAYS),
        **({"home_id": home_id} if home_id else {})}, version)


def two_homes(house: House) -> list[Event]:
    return [at_home(house, "mum", FIRST_HOME), at_home(house, "joe", FIRST_HOME), at_home(house, "dad", SECOND_HOME)]


def homes(house: House) -> dict[str, str]:
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return {row.guardian_id: row.home_id for row in uow.all(sa.select(Home).where(Home.pupil_id == "mina"))}


def talk(house: House) -> str:
    """The next half-term's talk about Mina is held: with whom."""
    house.clock.advance(days=49)
    house.beat()
    plan_now(house)
    one = of(house, "mina")
    assert act(house, one, "hold", {"note": ""}, one["staff"]["id"]).status_code == 200
    return str(one["guardian"]["id"])


@given(ADULTS, st.text(min_size=1), st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_each_home_has_a_turn_before_any_has_two_and_so_has_each_adult_in_it(
        adults: dict[str, str], child: str, numbers: list[int]) -> None:
    spoken: dict[str, datetime] = {}
    by_home: Counter[str] = Counter(dict.fromkeys(adults.values(), 0))
    by_adult: Counter[str] = Counter(dict.fromkeys(adults, 0))
    for step, number in enumerate(numbers):
        due = Due(child, ["t"], [Adult(one, home, spoken.get(one)) for one, home in sorted(adults.items())])
        with_whom = turn_at_home(due, number)
        assert with_whom == turn_at_home(replace(due, adults=due.adults[::-1]), number), "in whichever order they come"
        spoken[with_whom] = NIGHT + step * timedelta(days=1)
        by_home[adults[with_whom]] += 1
        by_adult[with_whom] += 1
        assert max(by_home.values()) - min(by_home.values()) <= 1
        for home in by_home:
            there = [times for one, times in by_adult.items() if adults[one] == home]
            assert max(there) - min(there) <= 1


@given(ADULTS, st.integers(0, 20))
def test_where_no_home_is_known_each_adult_is_one(adults: dict[str, str], number: int) -> None:
    spoken = {one: NIGHT + place * timedelta(days=1) for place, one in enumerate(sorted(adults))}
    due = Due("child", ["t"], [Adult(one, one, at) for one, at in spoken.items()])
    assert turn_at_home(due, number) == min(spoken, key=lambda one: spoken[one])


def test_a_home_of_two_adults_is_not_asked_twice_as_often(each_house: House) -> None:
    house = each_house
    say_year(house)
    house.tell(*two_homes(house))
    found = [talk(house) for _half in range(8)]
    assert found.count("dad") == 4
    assert {found.count("mum"), found.count("joe")} == {2}
    assert all((one == "dad") != (other == "dad") for one, other in itertools.pairwise(found))


def test_without_a_word_of_homes_each_adult_has_a_turn(house: House) -> None:
    say_year(house)
    house.tell(*(at_home(house, adult, None) for adult in ("mum", "joe", "dad")))
    assert set(homes(house).values()) == {""}
    assert sorted(talk(house) for _half in range(3)) == ["dad", "joe", "mum"]


def test_who_moves_in_with_another_shares_the_turn_from_then_on(house: House) -> None:
    say_year(house)
    house.tell(*two_homes(house))
    first = talk(house)
    house.tell(at_home(house, "dad", FIRST_HOME), at_home(house, "joe", "home-of-joe"))
    assert talk(house) in ({"mum", "dad"} if first == "joe" else {"joe"})


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_late_repeated_and_reordered_the_last_word_on_a_home_stands(house: House, order: tuple[int, ...]) -> None:
    words = [at_home(house, "mum", home_id) for home_id in (FIRST_HOME, None, SECOND_HOME)]
    for place in order:
        house.tell(words[place], words[place])
    assert homes(house)["mum"] == SECOND_HOME
    house.tell(house.state("rights.computed", "mina:mum", None))
    house.tell(*words)
    assert homes(house)["mum"] == "", "what was erased stays so"


def test_no_reply_says_who_shares_a_home(house: House) -> None:
    say_year(house)
    house.tell(*two_homes(house))
    plan_now(house)
    one = of(house, "mina")
    act(house, one, "offer", None, one["staff"]["id"])
    callers: list[dict[str, str]] = [house.office, house.staff("ama", "teacher"), house.staff("noa", "teacher", "head"),
                                     *(house.guardian(adult) for adult in ("mum", "joe", "dad"))]
    rules = [rule.rule for rule in house.app.url_map.iter_rules()
             if "GET" in (rule.methods or ()) and rule.rule.startswith("/schools/")]
    seen = 0
    for caller, rule in itertools.product(callers, rules):
        path = rule.replace("<school>", "oakfield").replace("<pupil_id>", "mina").replace(
            "<checkin_id>", one["id"]).replace("<guardian_id>", "mum").replace("<staff_id>", "ama")
        reply: Any = house.call(caller, "GET", path)
        seen += reply.status_code == 200
        assert FIRST_HOME not in reply.text, path
        assert SECOND_HOME not in reply.text, path
    assert seen > 20
    assert not any("home" in str(data) for _name, data in house.facts())


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_talks_that_were_held_before_count_for_their_adult(
        request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    url = f"sqlite:///{tmp_path}/old.db" if kind == "sqlite" else request.getfixturevalue(
        "postgres_server").new_database("scheduling")[0]
    migrate(url, at_revision(tmp_path, "0009"))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for number, (adult, state, at) in enumerate((
                ("mum", "held", "2026-10-01 09:00"), ("mum", "held", "2026-11-01 09:00"),
                ("dad", "skipped", "2026-11-02 09:00"))):
            connection.execute(sa.text(
                "INSERT INTO checkins (school_id, id, pupil_id, guardian_id, staff_id, since_on, on_day, starts_at, "
                f"how, state, note, version, changed_at) VALUES ('oakfield', 'c{number}', 'mina', '{adult}', 'ama', "
                f"'2026-0{number + 1}-01', '2026-11-01', '{at}', 'phone', '{state}', '', 1, '{at}')"))
    migrate(url, VERSIONS)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT guardian_id, last_spoken_at FROM spoken_with")).all()
        assert connection.execute(sa.text("SELECT COUNT(*) FROM homes")).scalar_one() == 0
    engine.dispose()
    assert [(row.guardian_id, str(row.last_spoken_at)[:10]) for row in rows] == [("mum", "2026-11-01")]
