"""Short transactions over the tables of the whole trust, with the time they happen at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class TrustWork:
    """Open for the whole trust: accounts, sessions, and who they are in which school."""

    session: Session
    now: datetime

    def add(self, *rows: Any) -> None:
        self.session.add_all(rows)

    def get(self, model: type[Any], *key: Any) -> Any:
        return self.session.get(model, key if len(key) > 1 else key[0])

    def all(self, statement: sa.Select[Any]) -> Sequence[Any]:
        return self.session.scalars(statement).all()

    def run(self, statement: sa.Update | sa.Delete) -> int:
        """Change or delete rows; how many."""
        self.session.flush()
        return int(self.session.execute(statement).rowcount)  # type: ignore[attr-defined]


@contextmanager
def trust_work(database: Database, reason: str, write: bool = True) -> Iterator[TrustWork]:
    """One transaction: commits on leaving, rolls back on any exception."""
    with database.trust_wide(reason, write) as session:
        yield TrustWork(session, database.clock.now())
