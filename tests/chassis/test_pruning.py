"""Technical rows go when they are old, and not a day before."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.db import dead_letters, idempotency_keys, inbox, outbox
from chassis.pruning import EVERY, IDEMPOTENCY_KEYS, INBOX, MOST, OUTBOX, Pruner
from chassis.unit_of_work import Database
from tests.fakes import FixedClock

TABLES = (outbox, inbox, dead_letters, idempotency_keys)


def fill(database: Database) -> None:
    """One row of each kind that is done with now, and one that nobody is done with."""
    now = database.clock.now()
    with database.across_schools("test") as connection:
        for published in (now, None):
            connection.execute(sa.insert(outbox).values(
                school_id="oakfield", id=new_id(), topic="t", key="k", headers="[]", created_at=now,
                published_at=published))
        for resolved in (now, None):
            connection.execute(sa.insert(dead_letters).values(
                school_id="oakfield", id=new_id(), direction="in", topic="t", partition=0, position=0, key="k",
                headers="[]", reason="r", attempts=1, state="dead", created_at=now, resolved_at=resolved))
        connection.execute(sa.insert(inbox).values(school_id="oakfield", event_id="e", handled_at=now))
        connection.execute(sa.insert(idempotency_keys).values(
            school_id="oakfield", caller="c", key="k", fingerprint="f", status=200, reply="{}", created_at=now))


def counts(database: Database) -> list[int]:
    with database.across_schools("test", write=False) as connection:
        return [connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]


def test_each_kind_goes_at_its_own_age_and_what_waits_stays(database: Database, clock: FixedClock) -> None:
    fill(database)
    born, pruner = clock.now(), Pruner(database)
    for age, left in ((IDEMPOTENCY_KEYS, [2, 1, 2, 0]), (OUTBOX, [1, 1, 2, 0]), (INBOX, [1, 0, 1, 0])):
        clock.advance(seconds=(born + age - clock.now()).total_seconds())
        pruner.prune()
        before = counts(database)
        clock.advance(seconds=EVERY.total_seconds())
        pruner.prune()
        assert (before != left, counts(database)) == (True, left), age


def test_a_great_deal_goes_a_little_at_a_time(database: Database, clock: FixedClock) -> None:
    rows = [{"school_id": "oakfield", "event_id": str(number), "handled_at": clock.now()} for number in range(MOST + 1)]
    with database.across_schools("test") as connection:
        connection.execute(sa.insert(inbox), rows)
    clock.advance(days=91)
    pruner = Pruner(database)
    assert [pruner.prune() for _ in range(3)] == [MOST, 1, 0]
