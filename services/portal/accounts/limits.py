"""How often something may be tried from one place: counted in a table, so that all processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.errors import TooMany
from services.portal.accounts.models import Tries
from services.portal.accounts.rules import hash_of
from services.portal.trust_work import TrustWork


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries within `within` from the first one on."""

    name: str
    most: int
    within: timedelta


def refuse_if_over(work: TrustWork, limit: Limit, place: str) -> None:
    """TooMany when this place has used up its tries; counts nothing.

    For doors where only what was wrong is counted: a whole class comes in from one place at once.
    """
    row = work.get(Tries, hash_of(f"{limit.name}:{place}"))
    if row is not None and row.count >= limit.most and row.began_at + limit.within > work.now:
        raise _too_many(row, limit, work)


def _too_many(row: Tries, limit: Limit, work: TrustWork) -> TooMany:
    wait = row.began_at + limit.within - work.now
    return TooMany(retry_after_s=max(1, int(wait.total_seconds())))


def count_try(work: TrustWork, limit: Limit, place: str) -> None:
    """Note a try from a place (an IP address, an e-mail address); TooMany when it was one too many."""
    key = hash_of(f"{limit.name}:{place}")
    row = work.get(Tries, key)
    if row is None:
        work.add(Tries(place=key, began_at=work.now, count=1))
        work.session.flush()
    elif row.began_at + limit.within <= work.now:
        row.began_at, row.count = work.now, 1
    elif row.count >= limit.most:
        raise _too_many(row, limit, work)
    else:
        row.count += 1
