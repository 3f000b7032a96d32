"""Technical rows do not stay for ever: what is old enough to be of no use to anybody is deleted, a little at a time.

The inbox is kept longest: an event that an operator sends again after weeks must still be known as seen. No index
serves this: it would be written with every fact, and old rows stand first in their tables, where a look a few times a
day finds them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.db import dead_letters, idempotency_keys, inbox, outbox
from chassis.unit_of_work import Database

EVERY = timedelta(hours=6)
MOST = 5_000  # rows of a table at a time: no transaction of this is long
OUTBOX = timedelta(days=7)  # after a fact was published
INBOX = timedelta(days=90)  # three times what a topic keeps
DEAD_LETTERS = timedelta(days=90)  # after somebody has decided
IDEMPOTENCY_KEYS = timedelta(days=2)
OLD = (
    (outbox, outbox.c.published_at, OUTBOX),
    (inbox, inbox.c.handled_at, INBOX),
    (dead_letters, dead_letters.c.resolved_at, DEAD_LETTERS),
    (idempotency_keys, idempotency_keys.c.created_at, IDEMPOTENCY_KEYS),
)


class Pruner:
    """Called about once a second by the worker; looks a few times a day, and goes on at once while there is more."""

    def __init__(self, database: Database):
        self._database = database
        self._next: datetime = database.clock.now()

    def prune(self) -> int:
        """Delete what is old; return how many rows that was."""
        now = self._database.clock.now()
        if now < self._next:
            return 0
        gone = 0
        for table, column, kept in OLD:
            key = tuple(table.primary_key)
            some = sa.select(*key).where(column < now - kept).limit(MOST)
            with self._database.across_schools("prune") as connection:
                gone += connection.execute(sa.delete(table).where(sa.tuple_(*key).in_(some))).rowcount
        self._next = now if gone else now + EVERY
        return gone
