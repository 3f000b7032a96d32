"""Accounts elsewhere that open one here: connected by somebody who is in already, then used alone.

Whose account elsewhere it is comes as a key (`rules.hash_of_identity`). One that is not connected makes none here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from services.portal.accounts.actions import hats_of, open_session
from services.portal.accounts.models import ConnectedAccount
from services.portal.trust_work import TrustWork

HATS = ("guardian", "staff", "pupil")  # the first that somebody has is the one they come in under


@dataclass(frozen=True, slots=True)
class CameIn:
    """A fresh session, as what, and when this way in was used before."""

    session_id: str
    account_id: str
    hat: str
    last_used: datetime


def sign_in_by_account(work: TrustWork, key: str, hats: Collection[str], device: str) -> CameIn | None:
    """Open a session; None for an account that nobody has connected, and for who is nobody here any more, alike."""
    row = work.get(ConnectedAccount, key)
    theirs = hats_of(work, row.account_id).intersection(hats) if row is not None else set()
    if row is None or not theirs:
        return None
    hat = next(hat for hat in HATS if hat in theirs)
    last_used, row.used_at = row.used_at, work.now
    return CameIn(open_session(work, row.account_id, hat, device), row.account_id, hat, last_used)


def connect(work: TrustWork, account_id: str, provider: str, key: str) -> bool:
    """Let the account elsewhere open this one, in place of another of the same provider.

    False when it opens somebody else's. One whose owner here has left opens nothing, and is free again.
    """
    row = work.get(ConnectedAccount, key)
    if row is not None and row.account_id != account_id and hats_of(work, row.account_id):
        return False
    work.run(sa.delete(ConnectedAccount).where(sa.or_(
        ConnectedAccount.key_hash == key,
        sa.and_(ConnectedAccount.account_id == account_id, ConnectedAccount.provider == provider))))
    work.add(ConnectedAccount(key_hash=key, account_id=account_id, provider=provider, connected_at=work.now,
                              used_at=work.now))
    try:
        work.session.flush()
    except sa.exc.IntegrityError as error:  # two at once: the table's own key has decided
        raise Conflict() from error
    return True


def list_connected(work: TrustWork, account_id: str) -> Sequence[ConnectedAccount]:
    return work.all(sa.select(ConnectedAccount).where(ConnectedAccount.account_id == account_id)
                    .order_by(ConnectedAccount.provider))


def which_are_connected(work: TrustWork, account_ids: Collection[str]) -> set[str]:
    return set(work.all(sa.select(ConnectedAccount.account_id).where(ConnectedAccount.account_id.in_(account_ids))))


def disconnect(work: TrustWork, account_id: str, provider: str) -> bool:
    """Whether there was one."""
    return work.run(sa.delete(ConnectedAccount).where(ConnectedAccount.account_id == account_id,
                                                      ConnectedAccount.provider == provider)) > 0


def forget_accounts(session: Session, account_ids: Collection[str]) -> None:
    """Nothing elsewhere opens these any more."""
    session.execute(sa.delete(ConnectedAccount).where(ConnectedAccount.account_id.in_(account_ids)))
