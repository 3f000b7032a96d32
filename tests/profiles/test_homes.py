"""Which home an adult is of: said to readers by a name that says nothing, and to nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.relationships.models import Relationship
from services.profiles.relationships.rules import home_of
from tests.profiles.house import House
from tests.profiles.test_roster_import import Trust, trust
from tests.profiles.test_roster_reading import FILES, packed

__all__ = ["trust"]
COMPUTED = "tandem.profiles.rights.computed.v1"
LIVES = st.sampled_from(["yes", "no", "shared", "unknown"])
IDS = st.uuids().map(str)
FACTS = {"kind": "parent", "parental_responsibility": "yes"}


def said(house: House) -> dict[str, str]:
    """The last word on each adult's home."""
    return {fact["guardian_id"]: fact["home_id"] for fact in house.facts(COMPUTED)}


def lives(house: House, adult: str, how: str) -> None:
    reply = house.call("PUT", f"/pupils/p-sam/guardians/{adult}", "s-office", {**FACTS, "lives_with": how})
    assert reply.status_code == 200, reply.json


@given(st.dictionaries(IDS, LIVES, min_size=2, max_size=6), IDS, IDS)
def test_those_with_whom_the_child_simply_lives_are_one_home_and_every_other_adult_is_one(
        adults: dict[str, str], child: str, other: str) -> None:
    homes = {one: home_of(child, one, how) for one, how in adults.items()}
    together = {homes[one] for one, how in adults.items() if how == "yes"}
    alone = [homes[one] for one, how in adults.items() if how != "yes"]
    assert len(together) <= 1
    assert len({*alone, *together}) == len(alone) + len(together)
    assert all(str(UUID(home)) == home for home in homes.values())
    if other != child:
        theirs = {home_of(other, one, how) for one, how in adults.items()}
        assert not theirs.intersection(homes.values()), "a home is one of this child alone"


def test_a_home_is_said_with_the_rights_and_anew_when_somebody_moves(house: House) -> None:
    first = said(house)
    assert len(set(first.values())) == 3
    lives(house, "g-amira", "yes")
    assert said(house)["g-karim"] == first["g-karim"]
    lives(house, "g-karim", "yes")
    moved = said(house)
    assert moved["g-amira"] == moved["g-karim"] != first["g-amira"]
    assert [home["guardian_ids"] for home in house.call("GET", "/pupils/p-sam/homes", "s-bell").json["homes"]] == [
        ["g-amira", "g-karim"]]
    many = len(house.facts(COMPUTED))
    lives(house, "g-karim", "yes")
    assert len(house.facts(COMPUTED)) == many, "what is as it was is not said again"
    lives(house, "g-karim", "no")
    assert said(house) == {**first, "g-amira": moved["g-amira"]}
    assert house.facts("tandem.profiles.rights.changed.v1") == [], "no right has changed"


def test_no_reply_holds_the_name_of_a_home(house: House) -> None:
    for adult in ("g-amira", "g-karim"):
        lives(house, adult, "yes")
    names = set(said(house).values())
    for who in ("s-office", "s-dsl", "s-head", "s-bell", "g-amira", "g-karim", "g-barred", "p-sam"):
        for path in ("/children", "/home", "/pupils/p-sam", "/pupils/p-sam/page", "/pupils/p-sam/homes",
                     "/pupils/p-sam/family", "/relationships", "/checks", "/tester?pupil_id=p-sam",
                     "/pupils/p-sam/held", "/pupils/p-sam/guardians/g-karim/history"):
            text = house.call("GET", path, who).text
            assert "home_id" not in text, path
            assert not any(name in text for name in names), path


def test_pairs_that_were_there_before_homes_were_are_told_by_the_next_file_and_once(trust: Trust) -> None:
    def send() -> Any:
        return trust.send(packed(FILES).getvalue(), create_schools=1, confirm=1)

    send()
    before = {fact["guardian_id"]: fact["home_id"] for fact in trust.facts(COMPUTED)}
    with trust.service.database.unit_of_work("school-a") as uow:
        uow.session.execute(sa.update(Relationship).values(home_id=None))
    many = len(trust.facts(COMPUTED))
    send()
    again = trust.facts(COMPUTED)[many:]
    assert {fact["guardian_id"]: fact["home_id"] for fact in again} == before
    many = len(trust.facts(COMPUTED))
    send()
    assert len(trust.facts(COMPUTED)) == many
