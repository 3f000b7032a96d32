"""Two schools, one adult: who comes in while a school is describing them has both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.inbox import apply_events
from services.portal.accounts.actions import join_late
from services.portal.accounts.models import Membership
from services.portal.trust_work import trust_work
from tests.parts.migrated import new_postgres
from tests.portal.house import AMIRA, House


@pytest.fixture
def deployed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """On PostgreSQL, where two transactions can be open at once."""
    house = House(tmp_path, new_postgres(request.getfixturevalue("postgres_server"), "portal")[1])
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see"))
    yield house
    house.portal.database.close()


def accounts(house: House) -> list[str | None]:
    """Whose each entry of Amira is, by school."""
    with trust_work(house.portal.database, "test", write=False) as work:
        return list(work.all(sa.select(Membership.account_id).where(Membership.hat == "guardian")
                             .order_by(Membership.school_id)))


def describe_while_she_comes(house: House, *people: str) -> None:
    with house.portal.database.unit_of_work("elm") as uow:
        apply_events(uow, house.portal.service.subscriptions, [house.adult(one, school="elm") for one in people])
        house.link(AMIRA)


def test_an_entry_that_was_being_written_while_its_adult_came_in_is_theirs_a_moment_later(deployed: House) -> None:
    describe_while_she_comes(deployed, "amira-2")
    elm, oakfield = accounts(deployed)
    assert (elm, oakfield is None) == (None, False), "neither has seen the other"
    assert join_late(deployed.portal.database) == 1
    assert accounts(deployed) == [oakfield, oakfield]
    assert join_late(deployed.portal.database) == 0


def test_nobody_is_joined_to_an_address_that_was_shown_long_ago(deployed: House) -> None:
    describe_while_she_comes(deployed, "amira-2")
    deployed.clock.advance(minutes=6)
    assert join_late(deployed.portal.database) == 0
    deployed.link(AMIRA)
    assert len(set(accounts(deployed))) == 1, "she comes again: all of hers are looked for"


def test_an_address_that_two_adults_share_stays_nobodys(house: House) -> None:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see"))
    house.link(AMIRA)
    house.hear(house.adult("karim-2", email=AMIRA))
    assert join_late(house.portal.database) == 0
