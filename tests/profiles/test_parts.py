"""A child's page is built once for each hat; what differs from read to read is never a part of what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.profiles.parts import part, read_kept
from services.profiles.people.models import Pupil, StaffMember
from tests.profiles.house import House, a_pair, open_house
from tests.profiles.test_partnerships import opened

AMIRA = Principal("", "oakfield", "g-amira", "guardian", frozenset())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = open_house(tmp_path)
    yield found
    found.service.database.close()


def page(house: House, who: str, pupil_id: str = "p-sam", school: str = "oakfield") -> Any:
    return house.call("GET", f"/pupils/{pupil_id}/page", who, school=school).json


def since_now(uow: UnitOfWork, _caller: Principal, _pupil_id: str) -> sa.Select[Any]:
    return sa.select(sa.literal(uow.now))


def by_a_date(_uow: UnitOfWork, _caller: Principal, _pupil_id: str) -> sa.Select[Any]:
    return sa.select(sa.literal(date(2026, 12, 1)))


def of_rows(uow: UnitOfWork, _caller: Principal, _pupil_id: str) -> sa.Select[Any]:
    return sa.select(sa.literal(len(uow.all(sa.select(Pupil.id)))))


def by_role(_uow: UnitOfWork, caller: Principal, _pupil_id: str) -> sa.Select[Any]:
    return sa.select(sa.literal(caller.is_any("office")))


def by_account(_uow: UnitOfWork, caller: Principal, _pupil_id: str) -> sa.Select[Any]:
    return sa.select(Pupil.id).where(Pupil.id == caller.account_id)


@pytest.mark.parametrize("asking", [since_now, by_a_date, of_rows, by_role, by_account])
def test_what_would_be_so_for_ever_is_refused(house: House, asking: Any) -> None:
    with house.service.database.unit_of_work("oakfield", write=False) as uow, pytest.raises(RuntimeError, match="kept"):
        read_kept(asking, uow, AMIRA, "p-sam")


def everybody(_uow: UnitOfWork, _caller: Principal, _pupil_id: str) -> sa.Select[Any]:
    """A select that has forgotten the school, both inside and outside."""
    inner = part("pupil", 10, [Pupil.id], [Pupil.status == "current"], id=Pupil.id).subquery()
    return (sa.select(inner.c.id, StaffMember.id.label("staff_id"))
            .outerjoin(StaffMember, StaffMember.status != inner.c.id))


def test_a_select_that_forgot_the_school_still_keeps_to_the_school_that_asks(house: House) -> None:
    database = house.service.database
    with database.unit_of_work("elm") as uow:
        uow.add(Pupil(id="p-elm", given_name="Ed", family_name="Elm", year_group="Year 2", upn=None, status="current"),
                StaffMember(id="s-elm", given_name="Eve", family_name="Elm", email=None, roles=[], status="current"))
    found = {}
    for school in ("oakfield", "elm", "ash"):
        with database.unit_of_work(school, write=False) as uow:
            rows = read_kept(everybody, uow, replace(AMIRA, school=school), "p-sam")
            found[school] = {row.id for row in rows}, {row.staff_id for row in rows}
    assert found["elm"] == ({"p-elm"}, {"s-elm"})
    assert found["oakfield"] == ({"p-sam", "p-zoe"}, {"s-bell", "s-other", "s-office", "s-dsl"})
    assert found["ash"] == (set(), set())


def test_one_reader_after_another_finds_what_is_theirs(house: House) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        pair = a_pair("p-zoe", "g-amira", uow.now, windows={"see": [[None, None]]})
        uow.add(pair)
    opened(house, audience="school")
    house.call("POST", "/pupils/p-zoe/praise", "s-office", {"strength": "focus", "sentence": "Zoe's own."})
    found = [page(house, *one)["parts"] for one in (
        ("g-amira", "p-sam"), ("g-karim", "p-sam"), ("g-amira", "p-zoe"), ("g-amira", "p-sam"))]
    assert ["loop" in one for one in found] == [True, False, False, True]
    assert ["praise" in one for one in found] == [False, False, True, False]
    assert found[0]["loop"][0]["signature"]["is_mine"]


def test_the_day_moves_on_though_the_page_is_kept(house: House) -> None:
    opened(house)
    before = page(house, "g-amira")["parts"]["loop"][0]
    house.clock.advance(days=(date.fromisoformat(before["due_on"]) - house.clock.now().date()).days)
    after = page(house, "g-amira")["parts"]["loop"][0]
    assert (before["state"], after["state"]) == ("open", "reviewing")
