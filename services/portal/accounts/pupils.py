"""Children who sign in with a code from their teacher: who they are, their codes, and the door.

A child is a visitor like any other, with the hat 'pupil' alone. A child who is in may connect the school's account
(connected.py) and come in by that from then on: the same kind of session, with the same limits.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.clock import new_id
from chassis.envelope import Event
from chassis.projections import keep
from chassis.unit_of_work import UnitOfWork
from services.portal.accounts.actions import open_session
from services.portal.accounts.code_words import WORDS
from services.portal.accounts.connected import forget_accounts, which_are_connected
from services.portal.accounts.events import read_pupil
from services.portal.accounts.models import Account, Draft, Membership, PupilCode, SignedIn
from services.portal.accounts.rules import end_of_school_year, hash_of_code
from services.portal.trust_work import TrustWork

HAT = "pupil"


@dataclass(frozen=True, slots=True)
class ChildEntered:
    """A fresh session of a child, and when they were here before it."""

    session_id: str
    last_here: datetime | None


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Keep who the school's children are.

    Of one who has left, codes, connected accounts, sessions and unsent words end with the news.
    """
    gone = [event.key for event in keep(uow, Membership, events, read_pupil)
            if read_pupil(event)["status"] != "current"]
    if gone:
        accounts = uow.all(sa.select(Membership.account_id).where(
            Membership.person_id.in_(gone), Membership.hat == HAT, Membership.account_id.is_not(None)))
        uow.session.execute(sa.delete(PupilCode).where(PupilCode.pupil_id.in_(gone)))
        forget_accounts(uow.session, accounts)
        _end_sessions(uow.session, accounts)
        uow.session.execute(sa.delete(Draft).where(Draft.account_id.in_(accounts)))


def _end_sessions(session: Session, account_ids: Collection[str]) -> None:
    session.execute(sa.delete(SignedIn).where(SignedIn.account_id.in_(account_ids)))


def make_codes(work: TrustWork, secret: str, pupils: tuple[str, Collection[str]], made_by: str) -> dict[str, str]:
    """A fresh code for each of these (school, pupil ids), in words, this once; what they had before ends."""
    school, made = pupils[0], {}
    end_codes(work, *pupils)
    until = datetime.combine(end_of_school_year(work.now.date()), time(0), UTC)
    for member in _current(work, *pupils):
        code = new_code()
        row = work.get(PupilCode, school, member.person_id)
        if row is None:
            row = PupilCode(school_id=school, pupil_id=member.person_id, used_at=None)
            work.add(row)
        row.code_hash, row.made_by = hash_of_code(secret, school, code), made_by
        row.made_at, row.expires_at = work.now, until
        made[member.person_id] = code
    return made


def new_code() -> str:
    """Two words and six digits, about 39 bits: `otter-maple-482-915`."""
    digits = f"{secrets.randbelow(1_000_000):06d}"
    return "-".join((secrets.choice(WORDS), secrets.choice(WORDS), digits[:3], digits[3:]))


def _current(work: TrustWork, school: str, pupil_ids: Collection[str]) -> Sequence[Membership]:
    return work.all(sa.select(Membership).where(
        Membership.school_id == school, Membership.person_id.in_(pupil_ids), Membership.hat == HAT,
        Membership.status == "current").order_by(Membership.person_id))


def end_codes(work: TrustWork, school: str, pupil_ids: Collection[str]) -> None:
    """Their codes open no door from now on, and whoever is in by one is out.

    So is who has connected an account of theirs: somebody who knew the code may have connected their own.
    """
    work.run(sa.update(PupilCode).where(PupilCode.school_id == school, PupilCode.pupil_id.in_(pupil_ids))
             .values(code_hash=None))
    accounts = [member.account_id for member in _current(work, school, pupil_ids) if member.account_id]
    forget_accounts(work.session, accounts)
    _end_sessions(work.session, accounts)


def list_codes(work: TrustWork, school: str, pupil_ids: Collection[str]) -> dict[str, PupilCode]:
    """The codes that are good now, by child: never their words."""
    rows = work.all(sa.select(PupilCode).where(
        PupilCode.school_id == school, PupilCode.pupil_id.in_(pupil_ids), PupilCode.code_hash.is_not(None),
        PupilCode.expires_at > work.now))
    return {row.pupil_id: row for row in rows}


def list_with_account(work: TrustWork, school: str, pupil_ids: Collection[str]) -> set[str]:
    """The children who have connected an account of theirs elsewhere."""
    accounts = {member.account_id: member.person_id for member in _current(work, school, pupil_ids)
                if member.account_id}
    return {accounts[account_id] for account_id in which_are_connected(work, accounts)}


def sign_in_child(work: TrustWork, secret: str, school: str, code: str, device: str) -> ChildEntered | None:
    """Open a session; None for a school that is not there, a code that never was, and one that has ended alike."""
    row = next(iter(work.all(sa.select(PupilCode).where(
        PupilCode.school_id == school, PupilCode.code_hash == hash_of_code(secret, school, code),
        PupilCode.expires_at > work.now))), None)
    members = _current(work, school, [row.pupil_id if row is not None else ""])
    if row is None or not members:
        return None
    last_here, row.used_at = row.used_at, work.now
    return ChildEntered(_open_session(work, members[0], device), last_here)


def _open_session(work: TrustWork, member: Membership, device: str) -> str:
    if member.account_id is None:
        account = Account(id=new_id(), created_at=work.now)
        work.add(account)
        member.account_id, member.linked_by = account.id, "code"
    return open_session(work, member.account_id, HAT, device)
