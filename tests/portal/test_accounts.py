"""Who an address signs in: the one adult who has it, in every school of theirs, and nobody when it is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.envelope import Event
from chassis.errors import Refused
from services.portal.accounts.actions import make_sign_in_link, sign_in_by_link
from services.portal.accounts.models import Membership
from services.portal.accounts.queries import Visitor, find_visitor
from services.portal.trust_work import trust_work
from services.portal.wiring import Portal
from tandem.databases import migrate_service
from tests.architecture.wired import built_portal
from tests.fakes import FixedClock, deliver, event

AMIRA = "amira@families.invalid"


class Trust:
    """The portal, and what the schools say of people."""

    def __init__(self, portal: Portal, clock: FixedClock):
        self.portal, self._clock, self._version = portal, clock, 0

    def said(self, person: str, school: str = "oakfield", hat: str = "guardian", **changes: Any) -> Event:
        """A description of somebody called by the first part of their id; `gone=True` erases them."""
        self._version += 1
        data = {"id": person, "given_name": person.split("-")[0].title(), "family_name": "Haddad", "email": AMIRA,
                "status": "current", "roles": ["teacher"] if hat == "staff" else [], **changes}
        return event(f"tandem.profiles.{hat}.described.v1", person, None if changes.get("gone") else data, school,
                     self._version, time=self._clock.now(), state_of="profiles")

    def hear(self, *events: Event) -> None:
        deliver(self.portal.service, *events)

    def enter(self, who: str) -> Visitor:
        """Who somebody is after opening a link that was made for them."""
        token = make_sign_in_link(self.portal.database, self.portal.secret, who).rpartition("/")[2]
        with trust_work(self.portal.database, "test") as work:
            entered = sign_in_by_link(work, self.portal.secret, token, "a test")
            assert entered is not None
        return self.look(entered.session_id)

    def look(self, session_id: str) -> Visitor:
        self.session_id = session_id
        with trust_work(self.portal.database, "test", write=False) as work:
            found = find_visitor(work, session_id, work.now)
        assert found is not None
        return found

    def linked(self) -> set[str]:
        """The people whose entry belongs to an account."""
        with trust_work(self.portal.database, "test", write=False) as work:
            return set(work.all(sa.select(Membership.person_id).where(Membership.account_id.is_not(None))))


@pytest.fixture
def trust(tmp_path: Path) -> Iterator[Trust]:
    migrate_service("portal", f"sqlite:///{tmp_path / 'portal.db'}")
    clock = FixedClock()
    portal = built_portal(tmp_path, clock)
    yield Trust(portal, clock)
    portal.database.close()


def test_one_sign_in_shows_an_adult_in_all_their_schools(trust: Trust) -> None:
    trust.hear(trust.said("amira-1"), trust.said("amira-2", "elm"))
    visitor = trust.enter(AMIRA)
    assert {(member.school.id, member.person_id) for member in visitor.members} == {
        ("oakfield", "amira-1"), ("elm", "amira-2")}
    trust.hear(trust.said("amira-3", "ash"))  # a school that comes later
    assert trust.linked() == {"amira-1", "amira-2", "amira-3"}


def test_an_address_that_two_adults_of_a_school_share_signs_nobody_in(trust: Trust) -> None:
    trust.hear(trust.said("amira-1"), trust.said("karim-1"))
    with pytest.raises(Refused):
        trust.enter(AMIRA)
    assert trust.enter("oakfield:karim-1").given_name == "Karim"
    assert trust.linked() == {"karim-1"}


def test_an_address_that_comes_to_be_shared_is_nobodys_from_then_on(trust: Trust) -> None:
    trust.hear(trust.said("amira-1"))
    trust.enter(AMIRA)
    trust.hear(trust.said("karim-1"))
    assert trust.linked() == set()


def test_an_invitation_outlives_a_shared_address_and_a_changed_one(trust: Trust) -> None:
    trust.hear(trust.said("amira-1"))
    trust.enter("oakfield:amira-1")
    trust.hear(trust.said("karim-1"), trust.said("amira-1", email="new@families.invalid"))
    assert trust.linked() == {"amira-1"}


def test_who_reads_an_address_that_the_school_has_changed_is_that_adult_no_longer(trust: Trust) -> None:
    trust.hear(trust.said("amira-1"), trust.said("amira-2", "elm"))
    trust.enter(AMIRA)
    trust.hear(trust.said("amira-1", email="new@families.invalid"))
    assert trust.linked() == {"amira-2"}
    assert [member.school.id for member in trust.look(trust.session_id).members] == ["elm"]
    trust.hear(trust.said("amira-1"))  # the school takes the change back
    assert trust.linked() == {"amira-1", "amira-2"}


@pytest.mark.parametrize("change", [{"status": "ended"}, {"gone": True}])
def test_who_is_no_longer_here_is_nobody_here(trust: Trust, change: dict[str, Any]) -> None:
    late = trust.said("amira-1")
    trust.hear(trust.said("amira-1"), trust.said("amira-2", "elm"))
    trust.enter(AMIRA)
    trust.hear(trust.said("amira-1", **change), late)
    assert [member.school.id for member in trust.look(trust.session_id).members] == ["elm"]


def test_a_parent_who_works_at_the_school_has_two_hats_that_never_mix(trust: Trust) -> None:
    trust.hear(trust.said("amira-1"), trust.said("amira-9", hat="staff"))
    visitor = trust.enter(AMIRA)
    assert (visitor.hat, visitor.hats) == ("guardian", {"guardian", "staff"})
    assert [member.person_id for member in visitor.members] == ["amira-1"]
