"""What ends with an adult's right to see a child: links and codes not used yet, words kept for the child's pages.

A session may go on: its pages ask the services at every click. A link is put in doubt in the transaction that brings
the news, and opens nothing from then on. Whether this adult has something to come for elsewhere in the trust is looked
up right after, for the whole trust: then the link is good again, otherwise it is deleted. Whoever uses a link is asked
the same once more (`still_opens`), for what a doubt can't see: a right that ends by the clock, a link that was being
made while the news came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.permissions import Permissions, open_at
from chassis.unit_of_work import Database, UnitOfWork
from services.portal.accounts.events import access_ended
from services.portal.accounts.models import Draft, Identifier, Membership, Permission, SignInRequest
from services.portal.accounts.queries import OPERATOR
from services.portal.trust_work import TrustWork, trust_work

PERMISSIONS = Permissions(Permission, "profiles")
SEE = "see"
UNUSED = ("new", "sending", "sent")
BATCH = 100
Pair = tuple[str, str]  # a pupil and a guardian


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Keep who may do what; what was open to an adult who has lost sight of a child ends in this transaction."""
    pupils = {event.key.partition(":")[0] for event in events}
    saw = {(row.about_id, row.holder_id) for row in _rights(uow, Permission.about_id, pupils)
           if open_at(row.windows, SEE, uow.now)}
    unseeing = [pair for pair, windows in PERMISSIONS.store(uow, events).items()
                if not open_at(windows, SEE, uow.now)]
    if unseeing:
        _end(uow, unseeing)
    lost = [pair for pair in unseeing if pair in saw]
    if lost:
        versions = {event.key: event.version for event in events}
        uow.record(*(access_ended(guardian, pupil, versions[f"{pupil}:{guardian}"]) for pupil, guardian in lost))


def _rights(uow: UnitOfWork, column: sa.orm.InstrumentedAttribute[str], ids: Collection[str]) -> Sequence[Any]:
    return uow.rows(sa.select(Permission.about_id, Permission.holder_id, Permission.windows).where(column.in_(ids)))


def _end(uow: UnitOfWork, unseeing: Sequence[Pair]) -> None:
    """Of who never saw a child there may be a link as well: while nothing is heard of an adult, a link opens."""
    guardians = {guardian for _pupil, guardian in unseeing}
    members = {row.person_id: row for row in uow.all(
        sa.select(Membership).where(Membership.person_id.in_(guardians), Membership.hat == "guardian"))}
    for pupil, guardian in unseeing:
        if guardian in members and members[guardian].account_id:
            _drop_words(uow, members[guardian].account_id, pupil)
    seeing = {row.holder_id for row in _rights(uow, Permission.holder_id, guardians)
              if open_at(row.windows, SEE, uow.now)}
    _doubt_links(uow, [row for row in members.values() if row.person_id not in seeing])


def _drop_words(uow: UnitOfWork, account_id: str, pupil_id: str) -> None:
    """Forget what was being written about a child, but for what the same person writes as staff."""
    uow.session.execute(sa.delete(Draft).where(
        Draft.account_id == account_id, Draft.about.contains(pupil_id, autoescape=True),
        ~Draft.about.startswith("/staff/"), ~Draft.about.startswith("/office/")))


def _doubt_links(uow: UnitOfWork, members: Sequence[Membership]) -> None:
    accounts = {row.account_id for row in members if row.account_id}
    addresses = {row.email for row in members if row.email}
    addresses.update(uow.all(sa.select(Identifier.value).where(Identifier.account_id.in_(accounts))))
    uow.session.execute(
        sa.update(SignInRequest)
        .where(SignInRequest.state.in_(UNUSED), sa.or_(SignInRequest.account_id.in_(accounts),
                                                       SignInRequest.address.in_(addresses)))
        .values(is_doubted=True), execution_options={"synchronize_session": False})


def settle_doubts(database: Database) -> int:
    """Decide on links that are in doubt; called about once a second by the worker.

    They are held while the rights are read: news that comes meanwhile waits, and puts them in doubt again.
    """
    doubted = sa.select(SignInRequest).where(SignInRequest.is_doubted).order_by(SignInRequest.id).limit(BATCH)
    with trust_work(database, "links in doubt", write=False) as work:
        if not work.all(doubted):
            return 0
    with trust_work(database, "settle links in doubt") as work:
        rows = work.all(doubted.with_for_update())
        for row in rows:
            if has_reason(work, _entries(work, row)):
                row.is_doubted = False
            else:
                work.session.delete(row)
    return len(rows)


def still_opens(work: TrustWork, row: SignInRequest) -> bool:
    """Whether whoever would come in by this link has something to come for; trust IT always has."""
    return row.account_id == OPERATOR or has_reason(work, _entries(work, row))


def _entries(work: TrustWork, row: SignInRequest) -> Sequence[Membership]:
    """The entries, in all schools, of whoever would come in by this link."""
    reader = work.get(Identifier, "email", row.address) if row.address else None
    accounts = {row.account_id, reader.account_id if reader else None} - {None}
    return work.all(sa.select(Membership).where(Membership.status == "current", sa.or_(
        Membership.account_id.in_(accounts), Membership.email == row.address if row.address else sa.false())))


def has_reason(work: TrustWork, entries: Sequence[Membership]) -> bool:
    """Whether there is something to sign in for: work at a school, or a child to see.

    An adult of whom no right has been heard yet is new, and is not turned away.
    """
    if any(entry.hat == "staff" for entry in entries):
        return True
    rows = work.session.execute(
        sa.select(Permission.school_id, Permission.holder_id, Permission.windows, Permission.is_held)
        .where(Permission.holder_id.in_([entry.person_id for entry in entries]))).all()
    heard = {(row.school_id, row.holder_id) for row in rows}
    seeing = {(row.school_id, row.holder_id) for row in rows
              if not row.is_held and open_at(row.windows, SEE, work.now)}
    return any((entry.school_id, entry.person_id) in seeing or (entry.school_id, entry.person_id) not in heard
               for entry in entries)
