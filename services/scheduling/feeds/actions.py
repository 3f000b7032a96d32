"""What can be done with feeds."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.feeds.events import feed_ended
from services.scheduling.feeds.models import FeedToken
from services.scheduling.people.queries import list_barred
from services.scheduling.tables import table_of


def make_link(uow: UnitOfWork, guardian_id: str) -> str:
    """A new token for this adult; the one before it stops."""
    token = secrets.token_urlsafe(32)
    row = uow.get(FeedToken, guardian_id)
    if row is None:
        uow.add(FeedToken(guardian_id=guardian_id, token_hash=hash_token(token), created_at=uow.now))
    else:
        row.token_hash, row.created_at = hash_token(token), uow.now
    return token


def end_links(uow: UnitOfWork, guardian_ids: Collection[str]) -> None:
    """Delete the links of those of these adults who may book for nobody any more."""
    if not guardian_ids:
        return
    linked = uow.all(sa.select(FeedToken.guardian_id).where(FeedToken.guardian_id.in_(guardian_ids)))
    barred = sorted(list_barred(uow, linked)) if linked else []
    if barred:
        links = table_of(FeedToken)
        uow.connection.execute(sa.delete(links).where(links.c.school_id == uow.school, links.c.guardian_id.in_(barred)))
        uow.record(*(feed_ended(guardian_id, uow.now, "right_ended") for guardian_id in barred))


def hash_token(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
