"""What can be asked about accounts: who a session is, as whom, in which schools, on which devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from chassis.auth import Principal
from services.portal.accounts.models import Draft, Membership, SchoolName, SignedIn
from services.portal.accounts.rules import hash_of
from services.portal.trust_work import TrustWork

OPERATOR = "trust-it"


@dataclass(frozen=True, slots=True)
class School:
    """A school as screens name it."""

    id: str
    name: str
    accent: str | None

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def initials_of(name: str) -> str:
    """The two letters that stand for a school or a trust in a small square."""
    return "".join(word[0] for word in name.replace("'", "").split()[:2]).upper()


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a person in a school."""

    school: School
    person_id: str
    hat: str
    given_name: str
    family_name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is here, under which hat; `members` are the entries of that hat alone, so that hats never mix."""

    account_id: str
    session_hash: str
    hat: str
    language: str | None
    members: tuple[Member, ...]
    hats: frozenset[str]
    needs_note: bool = field(default=False)  # the last use was noted a while ago

    @property
    def given_name(self) -> str:
        return self.members[0].given_name if self.members else ""

    def is_any(self, *who: str) -> bool:
        return self.hat in who or any(member.roles.intersection(who) for member in self.members)

    def member_of(self, school: str) -> Member | None:
        return next((member for member in self.members if member.school.id == school), None)

    def principals(self, *roles: str) -> list[Principal]:
        """Who this is in each of their schools, or in those where they have one of these roles."""
        return [Principal(self.account_id, member.school.id, member.person_id, member.hat, member.roles)
                for member in self.members if not roles or member.roles.intersection(roles)]

    def principal(self, school: str) -> Principal | None:
        """Who this is in a school; None in schools that are not theirs."""
        if self.hat == "operator":
            return Principal(self.account_id, school, OPERATOR, "operator", frozenset())
        member = self.member_of(school)
        return None if member is None else Principal(
            self.account_id, school, member.person_id, member.hat, member.roles)


@dataclass(frozen=True, slots=True)
class Device:
    """A place somebody is signed in at."""

    id_hash: str
    name: str
    seen_at: datetime
    is_this: bool


def find_visitor(work: TrustWork, session_id: str, note_after: datetime) -> Visitor | None:
    """Who holds this session, if it lives and they still are somebody here."""
    row = work.get(SignedIn, hash_of(session_id))
    if row is None or row.expires_at <= work.now:
        return None
    members = _members(work, row.account_id)
    if row.hat == "operator":
        return Visitor(row.account_id, row.id_hash, "operator", row.language, (), frozenset({"operator"}),
                       row.seen_at < note_after)
    hats = frozenset(member.hat for member in members)
    if not hats:
        return None
    hat = row.hat if row.hat in hats else sorted(hats)[0]
    mine = tuple(member for member in members if member.hat == hat)
    return Visitor(row.account_id, row.id_hash, hat, row.language, mine, hats, row.seen_at < note_after)


def was_account(work: TrustWork, session_id: str) -> str | None:
    """Whose session this was, even if it has ended by idleness: their unsent words are kept for them."""
    row = work.get(SignedIn, hash_of(session_id))
    return None if row is None else str(row.account_id)


def _members(work: TrustWork, account_id: str) -> list[Member]:
    rows = work.session.execute(
        sa.select(Membership, SchoolName.name, SchoolName.accent)
        .outerjoin(SchoolName, SchoolName.school_id == Membership.school_id)
        .where(Membership.account_id == account_id, Membership.status == "current")
        .order_by(Membership.school_id, Membership.person_id)).all()
    return [Member(School(row.school_id, name or row.school_id, accent), row.person_id, row.hat, row.given_name,
                   row.family_name, frozenset(row.roles)) for row, name, accent in rows]


def list_devices(work: TrustWork, visitor: Visitor) -> list[Device]:
    """Where this account is signed in, the newest use first."""
    rows = work.all(sa.select(SignedIn).where(SignedIn.account_id == visitor.account_id,
                                              SignedIn.expires_at > work.now).order_by(SignedIn.seen_at.desc()))
    return [Device(row.id_hash, row.device, row.seen_at, row.id_hash == visitor.session_hash) for row in rows]


def list_school_names(work: TrustWork, schools: Sequence[str]) -> list[School]:
    """These schools by name, in the order of their names; one that has not said its name goes by its id."""
    known = {row.school_id: row for row in work.all(sa.select(SchoolName).where(SchoolName.school_id.in_(schools)))}
    named = [School(school, known[school].name if school in known else school,
                    known[school].accent if school in known else None) for school in schools]
    return sorted(named, key=lambda school: school.name)


def find_draft(work: TrustWork, account_id: str, about: str) -> dict[str, str]:
    """What somebody has written so far, or nothing."""
    row = work.get(Draft, account_id, about)
    return dict(row.answers) if row is not None else {}
