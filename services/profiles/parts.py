"""How each room gives its part of a child's page, so that the whole page is one read of the database.

A room's `queries.select_part(uow, caller, pupil_id)` returns selects of the columns here, of what this caller may read;
`child_page` puts them under one another. To build so long a statement takes longer than to run it, so it is built once
for each hat and kept. What it is built with stands for values that are bound at each read, and knows nothing else: a
room that asks it for a row, a role or the time is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NoReturn, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.engine.interfaces import Compiled

from chassis.auth import Principal
from chassis.db import Tenant, Utc
from chassis.unit_of_work import UnitOfWork
from services.profiles.school_year.queries import today_here

COLUMNS: dict[str, Any] = {
    "id": sa.String(36), "written_at": Utc(), "voice": sa.String(10), "author_id": sa.String(36), "kind": sa.String(40),
    "words": sa.String(), "state": sa.String(40), "due_on": sa.Date(), "more": sa.String()}
MOST_KEPT = 16  # three hats of a database; more only where one process has several, as tests do
SCHOOL, PERSON, PUPIL = (sa.bindparam(f"its_{name}", type_=sa.String()) for name in ("school", "person", "pupil"))
TODAY = sa.bindparam("its_today", type_=sa.Date())
BOUND = {bind.key for bind in (SCHOOL, PERSON, PUPIL, TODAY)}
Asking = Callable[[UnitOfWork, Principal, str], sa.Select[Any]]


def part(name: str, most: int, order: Sequence[Any], where: Sequence[Any], **columns: Any) -> sa.Select[Any]:
    """The first `most` rows of a part, in `order`. `where` must name the school: nothing filters a subquery."""
    assert set(columns) <= set(COLUMNS), sorted(set(columns) - set(COLUMNS))
    picked = [sa.cast(columns.get(column, sa.null()), kind).label(column) if column not in columns
              else sa.type_coerce(columns[column], kind).label(column) for column, kind in COLUMNS.items()]
    inner = sa.select(sa.literal(name).label("part"), *picked).where(*where).order_by(*order).limit(most).subquery()
    return sa.select(*inner.c)


def once_found(key: Any) -> sa.ColumnElement[str]:
    """A table's key to order the child's rows by, where no index holds the child's in that order.

    By the bare key SQLite walks through the rows of the whole school, which come in order, until it has met enough of
    the child's; by a value that no index holds it looks for the child's rows and sorts those.
    """
    return sa.func.coalesce(key, "")


def today_of(uow: UnitOfWork) -> Any:
    """The school's day, to compare a column with."""
    return TODAY if isinstance(uow, _AnyUnit) else today_here(uow)


def read_kept(asking: Asking, uow: UnitOfWork, caller: Principal, pupil_id: str) -> Sequence[sa.Row[Any]]:
    """The rows of this select of single columns for this caller, in two reads: the school's day, and the rows."""
    kept = _keep(asking, caller.hat, uow.connection.dialect)
    values = {SCHOOL.key: uow.school, PERSON.key: caller.person_id, PUPIL.key: pupil_id, TODAY.key: today_here(uow)}
    return uow.connection.execute(cast(sa.Executable, kept), values).all()


@lru_cache(maxsize=MOST_KEPT)
def _keep(asking: Asking, hat: str, dialect: sa.Dialect) -> Compiled:
    """The statement as this database takes it, filtered by school just as a unit of work's own session does it."""
    unknown: Any = _Unknown()
    anyone = Principal(unknown, cast(str, SCHOOL), cast(str, PERSON), hat, unknown)
    kept = asking(_AnyUnit(), anyone, cast(str, PUPIL)).options(
        orm.with_loader_criteria(Tenant, lambda model: model.school_id == SCHOOL, include_aliases=True),
    ).compile(dialect=dialect)
    for name, value in kept.params.items():
        if name not in BOUND and not isinstance(value, (str, int, list)):
            raise RuntimeError(f"a statement that is kept cannot hold {value!r}: it would be so for ever")
    return kept


class _Unknown:
    """In the place of what differs from read to read and is bound nowhere."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(f"a statement that is kept is built without {name}: it would be so for ever")


class _AnyUnit(_Unknown, UnitOfWork):
    """In the place of a unit of work: it has a school to compare with, and no rows and no time."""

    def __init__(self) -> None:
        self.school = cast(str, SCHOOL)
