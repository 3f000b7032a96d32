"""One question to a copy of 100,000 pairs, against the bare read of its row by the primary key on the same connection.

The bare read is what nobody can do without: the same driver and SQLAlchemy's Core, the row's windows as JSON. What the
question adds is how old the copy is, the dates, and whether the pair is held. The answers are verified first.
"""

from __future__ import annotations

import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.db import freshness
from chassis.permissions import Answer, Permissions
from chassis.unit_of_work import Database, UnitOfWork
from tests.benchmarks.measure import Figure, at_most, compare, rate
from tests.benchmarks.parts import SCHOOL, make_database, sqlite_urls
from tests.chassis.house import Permission, create
from tests.parts.postgres import run_postgres

PAIRS, CHUNK, CHECKED, ASKED, ROUNDS = 100_000, 5_000, 1_000, 2_000, 9
PURPOSES = ("see", "receive", "reply", "book", "attend", "consent", "collect")
PERMISSIONS = Permissions(Permission, "owners")
Pair = tuple[str, str]
DAY = timedelta(days=1)
MOST = 1.5


def windows_of(number: int, now: datetime) -> dict[str, Any]:
    """What a pair may: all of it, half of it, nothing, until yesterday, or since yesterday."""
    yesterday, always = (now - DAY).isoformat(), [[None, None]]
    return ({purpose: always for purpose in PURPOSES}, {"see": always, "receive": always}, {},
            {"see": [[None, yesterday]]}, {purpose: [[yesterday, None]] for purpose in PURPOSES})[number % 5]


def expect(number: int) -> Answer:
    """What `see` must be answered; every hundredth pair is held."""
    if number % 100 == 99:
        return Answer.HELD
    return Answer.ALLOWED if number % 5 in (0, 1, 4) else Answer.REFUSED


def fill(database: Database) -> list[Pair]:
    """100,000 pairs of random ids, in the order of their numbers."""
    pairs = [(new_id(), new_id()) for _ in range(PAIRS)]
    random.Random(1).shuffle(pairs)
    with database.unit_of_work(SCHOOL) as uow:
        for begin in range(0, PAIRS, CHUNK):
            uow.insert(Permission, [
                {"about_id": about, "holder_id": holder, "windows": windows_of(number, uow.now), "version": number,
                 "is_held": number % 100 == 99}
                for number, (about, holder) in enumerate(pairs[begin:begin + CHUNK], begin)])
        uow.connection.execute(sa.insert(freshness).values(
            school_id=SCHOOL, source="owners", version=PAIRS, as_of=uow.now + DAY))
    return pairs


def verify(uow: UnitOfWork, pairs: list[Pair]) -> None:
    for number in random.sample(range(PAIRS), CHECKED):
        about, holder = pairs[number]
        assert PERMISSIONS.may(uow, holder, "see", about) is expect(number), number
        assert PERMISSIONS.may(uow, about, "see", holder) is Answer.REFUSED
        if expect(number) is not Answer.HELD and number % 5 == 3:
            assert PERMISSIONS.may(uow, holder, "see", about, uow.now - 2 * DAY) is Answer.ALLOWED


def measure(name: str, database: Database) -> Figure:
    pairs = fill(database)
    table = Permission.__table__
    bare = sa.select(table.c.windows).where(
        table.c.school_id == sa.bindparam("school"), table.c.about_id == sa.bindparam("about"),
        table.c.holder_id == sa.bindparam("holder"))
    with database.unit_of_work(SCHOOL, write=False) as uow:
        verify(uow, pairs)

        def ask() -> None:
            for about, holder in random.choices(pairs, k=ASKED):
                PERMISSIONS.may(uow, holder, "see", about)

        def read() -> None:
            for about, holder in random.choices(pairs, k=ASKED):
                uow.connection.execute(bare, {"school": SCHOOL, "about": about, "holder": holder}).first()

        # how long a question takes of how long a read takes is their rates the other way round
        return at_most(compare(name, lambda: rate(ASKED, read), lambda: rate(ASKED, ask),
                               "a question's time / a bare primary-key read's, 100,000 pairs", 0, ROUNDS), MOST)


def may_sqlite() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        return measure("may_sqlite", make_database(sqlite_urls(Path(folder), "words"), "words", create))


def may_postgresql() -> Figure:
    running = run_postgres()
    try:
        return measure("may_postgresql", make_database(next(running).new_database("words"), "words", create))
    finally:
        running.close()  # type: ignore[attr-defined]
