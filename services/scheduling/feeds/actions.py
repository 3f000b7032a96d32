"""What can be done with feeds."""

from __future__ import annotations

import hashlib
import secrets

from chassis.unit_of_work import UnitOfWork
from services.scheduling.feeds.models import FeedToken


def make_link(uow: UnitOfWork, guardian_id: str) -> str:
    """A new token for this adult; the one before it stops."""
    token = secrets.token_urlsafe(32)
    row = uow.get(FeedToken, guardian_id)
    if row is None:
        uow.add(FeedToken(guardian_id=guardian_id, token_hash=hash_token(token), created_at=uow.now))
    else:
        row.token_hash, row.created_at = hash_token(token), uow.now
    return token


def hash_token(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
