"""Deadlines as rows: what must happen at a time is a row with `due_at`, swept by the worker.

A sweep claims a due row for a minute, runs its handler in one unit of work that also deletes the row, and goes on.
A handler that fails is tried again later, ever more patiently; a process that dies leaves the row due.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.db import insert_many, timers
from chassis.log import logger
from chassis.unit_of_work import Database, UnitOfWork

TimerHandler = Callable[[UnitOfWork, str], None]
CLAIM = timedelta(seconds=60)
BATCH = 100
log = logger("timers")


def set_timer(uow: UnitOfWork, kind: str, about_id: str, due_at: datetime) -> None:
    """Have the handler of `kind` called with `about_id` at `due_at` or soon after."""
    set_timers(uow, about_id, {kind: due_at})


def set_timers(uow: UnitOfWork, about_id: str, due: Mapping[str, datetime]) -> None:
    """Several deadlines about one thing, by kind."""
    insert_many(uow.connection, timers, [
        {"school_id": uow.school, "id": new_id(), "kind": kind, "about_id": about_id, "due_at": due_at, "attempts": 0}
        for kind, due_at in due.items()])


def clear_timers(uow: UnitOfWork, kind: str, about_id: str) -> None:
    """Forget the deadlines of that kind about that thing."""
    uow.connection.execute(sa.delete(timers).where(
        timers.c.school_id == uow.school, timers.c.kind == kind, timers.c.about_id == about_id))


def sweep(database: Database, handlers: Mapping[str, TimerHandler]) -> int:
    """Run what is due; return how many deadlines were met."""
    now = database.clock.now()
    due = (sa.select(timers.c.school_id, timers.c.id, timers.c.kind, timers.c.about_id, timers.c.attempts)
           .where(timers.c.due_at <= now, sa.or_(timers.c.claimed_until.is_(None), timers.c.claimed_until <= now))
           .order_by(timers.c.due_at).limit(BATCH))
    with database.across_schools("timers look", write=False) as connection:
        rows = connection.execute(due).all()
    return sum(_run(database, handlers, row, now) for row in rows)


def _run(database: Database, handlers: Mapping[str, TimerHandler], row: Any, now: datetime) -> bool:
    mine = (timers.c.school_id == row.school_id, timers.c.id == row.id)
    with database.unit_of_work(row.school_id) as uow:
        claimed = uow.connection.execute(
            sa.update(timers).where(*mine, sa.or_(timers.c.claimed_until.is_(None), timers.c.claimed_until <= now))
            .values(claimed_until=now + CLAIM, attempts=row.attempts + 1)).rowcount
    if claimed != 1:
        return False
    try:
        with database.unit_of_work(row.school_id) as uow:
            handlers[row.kind](uow, row.about_id)
            uow.connection.execute(sa.delete(timers).where(*mine))
    except Exception as error:
        again = now + min(CLAIM * 2**row.attempts, timedelta(hours=1))
        log.error("timer_failed", school=row.school_id, kind=row.kind, reason=type(error).__name__)
        with database.unit_of_work(row.school_id) as uow:
            uow.connection.execute(sa.update(timers).where(*mine).values(due_at=again, claimed_until=None))
        return False
    return True
