"""The one transaction of one school: rows and the facts about them, committed together.

There are five edges that open it: a route, the consumer loop, the relay, a timer sweep and an operator's command.
A school is kept apart here by a filter on every ORM read, change and delete, by a stamp on every new row, and on
PostgreSQL by row-level security that reads the school from the transaction itself.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm

from chassis.clock import Clock, new_id
from chassis.db import ACROSS_SCHOOLS, NEW_PLANS, WROTE, Tenant, dump_json, insert_many, make_engine, outbox, write_lock
from chassis.envelope import Fact, Sender, encode, topic_name
from chassis.errors import Invalid, Problem, Stale
from chassis.log import logger

MAX_EVENT_BYTES = 900_000  # below the broker's limit of 1 MiB, so that headers fit too
HERE = sa.bindparam("its_school", type_=sa.String())  # in statements made once: the school of whoever reads
SET_SCHOOL = ("SELECT set_config('tandem.school', %(school)s, true), "
              "set_config('transaction_read_only', %(is_read)s, true), set_config('plan_cache_mode', %(plans)s, true)")
log = logger("unit_of_work")


class UnitOfWork:
    """Open for one school. Actions write through it and record facts; only the edge that opened it commits."""

    def __init__(self, connection: sa.Connection, sender: Sender, now: datetime):
        self.connection = connection
        self.school = sender.school
        self.now = now
        self._sender = sender
        self._facts: list[Fact] = []
        self.notes: dict[str, list[Any]] = {}  # what is left for `Database.before_commit` to see to, by what it is
        self.after_commit: list[Callable[[], None]] = []
        self._session: orm.Session | None = None

    @property
    def session(self) -> orm.Session:
        """The ORM's session, made when first used: bulk work and facts alone do without."""
        if self._session is None:
            self._session = orm.Session(bind=self.connection, autoflush=False, expire_on_commit=False,
                                        info={"school": self.school})
        return self._session

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    def add(self, *rows: Tenant) -> None:
        """New rows; they become this school's, and a row that says it is another's is refused."""
        for row in rows:
            if row.school_id is None:
                row.school_id = self.school
            elif row.school_id != self.school:
                raise RuntimeError("a unit of work never holds two schools")
            self.session.add(row)

    def insert(self, model: type[Tenant], rows: Sequence[dict[str, Any]]) -> None:
        """Many new rows at once, all with the same columns, stamped with the school."""
        insert_many(self.connection, model.__table__,  # type: ignore[attr-defined]
                    [{**row, "school_id": self.school} for row in rows])

    def get(self, model: Any, *key: Any) -> Any:
        """This school's row by the rest of its key, or None."""
        identity = (self.school, *key)
        if orm.util.identity_key(model, identity) in self.session.identity_map:
            return self.session.get(model, identity)
        return self._read_kept(_by_key(model), {f"key_{place}": part for place, part in enumerate(key)}).scalar()

    def all(self, statement: sa.Select[Any], **values: Any) -> Sequence[Any]:
        """The entities or single values that a select yields.

        A statement made once takes its `values` by the names of its bound parameters: putting a statement together
        takes three times as long as reading by it, so whatever is asked for every event or page is made once.
        """
        return self._read(statement, values).scalars().all()

    def rows(self, statement: sa.Select[Any] | sa.CompoundSelect[Any], **values: Any) -> Sequence[sa.Row[Any]]:
        """The rows that a select of several columns yields; `values` as in `all`."""
        return self._read(statement, values).all()

    def _read(self, statement: Any, values: dict[str, Any]) -> sa.Result[Any]:
        return self._read_kept(statement, values) if values else self.session.execute(statement)

    def _read_kept(self, statement: Any, values: dict[str, Any]) -> sa.Result[Any]:
        return self.session.execute(_guarded(statement), {**values, HERE.key: self.school})

    def record(self, *facts: Fact) -> None:
        """Announce facts: they reach the bus if, and only if, this unit of work commits."""
        self._facts.extend(facts)

    def flush(self) -> None:
        """Write what is pending, so that later statements of this unit of work see it."""
        if self._session is not None:
            try:
                self._session.flush()
            except orm.exc.StaleDataError as error:
                raise Stale() from error
        if self._facts:
            insert_many(self.connection, outbox, [self._outbox_row(fact) for fact in self._facts])
            self._facts.clear()
            self.wrote_facts = True

    wrote_facts = False

    def _outbox_row(self, fact: Fact) -> dict[str, Any]:
        event_id = new_id()
        headers, value = encode(fact, self._sender, event_id, self.now)
        if value is not None and len(value) > MAX_EVENT_BYTES // 4 and len(value.encode()) > MAX_EVENT_BYTES:
            raise Invalid("This is too long to be sent. Shorten it and try again.")
        return {"school_id": self.school, "id": event_id, "key": fact.key, "headers": dump_json(headers),
                "topic": topic_name(self.school, self._sender.service, fact.stream), "created_at": self.now,
                "value": None if value is None else value.encode()}


@event.listens_for(orm.Session, "do_orm_execute")
def _keep_to_one_school(state: orm.ORMExecuteState) -> None:
    """Filter every ORM statement by the session's school, and refuse statements that cannot be filtered."""
    school = state.session.info.get("school")
    if school is None:
        return
    if not state.is_orm_statement and not state.is_insert:
        raise RuntimeError("inside a unit of work, read and change rows through their models")
    if (state.is_select or state.is_update or state.is_delete) and "tandem_guarded" not in state.execution_options:
        state.statement = state.statement.options(_only(school))


@functools.lru_cache(maxsize=1000)
def _only(school: str) -> orm.LoaderCriteriaOption:
    """The filter of a school, made once: making it for each statement took a sixth of the statement's time."""
    return orm.with_loader_criteria(Tenant, lambda cls: cls.school_id == school, include_aliases=True)


@functools.lru_cache(maxsize=1000)
def _guarded(statement: Any) -> Any:
    """A statement made once, filtered once: by the school that is bound at each read."""
    here = orm.with_loader_criteria(Tenant, lambda cls: cls.school_id == HERE, include_aliases=True)
    return statement.options(here).execution_options(tandem_guarded=True)


@functools.cache
def _by_key(model: Any) -> sa.Select[Any]:
    """A model's row by its key, which the school leads."""
    _school, *rest = sa.inspect(model).primary_key
    return sa.select(model).where(*(part == sa.bindparam(f"key_{place}", type_=part.type)
                                    for place, part in enumerate(rest)))


class Database:
    """A service's database: makes units of work, and says when facts were committed."""

    def __init__(self, url: str, service: str, clock: Clock):
        self.engine = make_engine(url)
        self.service = service
        self.clock = clock
        self.committed = threading.Event()  # set after each commit that recorded facts: wakes the relay
        self.plans = NEW_PLANS  # on PostgreSQL: see `chassis.db`
        self.before_commit: list[Callable[[UnitOfWork], None]] = []  # what belongs to a transaction, whatever began it
        self._lock = write_lock(self.engine)

    @property
    def is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @property
    def is_busy(self) -> bool:
        """Whether somebody writes now and another writer would have to wait (on SQLite alone)."""
        return self._lock is not None and self._lock.locked()

    @contextmanager
    def unit_of_work(self, school: str, write: bool = True) -> Iterator[UnitOfWork]:
        """One transaction of one school: commits on leaving, rolls back on any exception."""
        if not school or school == ACROSS_SCHOOLS:
            raise RuntimeError("a unit of work needs its school")
        with self._transaction(school, write) as connection:
            uow = UnitOfWork(connection, Sender(self.service, school), self.clock.now())
            try:
                yield uow
                if write:
                    for see_to in self.before_commit:
                        see_to(uow)
                    uow.flush()
                    connection.commit()
            finally:
                uow.close()
        if uow.wrote_facts:
            self.committed.set()
        for then in uow.after_commit:
            then()

    @contextmanager
    def across_schools(self, reason: str, write: bool = True) -> Iterator[sa.Connection]:
        """The worker's technical work on the technical tables of all schools; PostgreSQL gives it no other row."""
        log.debug("across_schools", reason=reason, service=self.service)
        with self._transaction(ACROSS_SCHOOLS, write) as connection:
            yield connection
            if write:
                connection.commit()

    @contextmanager
    def trust_wide(self, reason: str, write: bool = True) -> Iterator[orm.Session]:
        """Work on tables of the whole trust (those without a school, or named at `migrate`): commits on leaving."""
        log.debug("trust_wide", reason=reason, service=self.service)
        with self._transaction(ACROSS_SCHOOLS, write) as connection, \
                orm.Session(bind=connection, autoflush=False, expire_on_commit=False) as session:
            yield session
            if write:
                session.flush()
                connection.commit()

    @contextmanager
    def _transaction(self, school: str, write: bool) -> Iterator[sa.Connection]:
        lock: AbstractContextManager[Any] = self._lock if write and self._lock else nullcontext()
        with lock, self.engine.connect() as connection:
            connection = connection.execution_options(tandem_write=write)
            if self.is_postgresql:
                connection.info[WROTE] = False
                connection.exec_driver_sql(SET_SCHOOL, {
                    "school": school, "is_read": "off" if write else "on", "plans": self.plans})
            try:
                yield connection  # leaving without commit rolls back
            except Problem:
                self._end_unwritten(connection)
                raise
            self._end_unwritten(connection)

    def _end_unwritten(self, connection: sa.Connection) -> None:
        """Commit, where no row was changed: psycopg forgets its prepared statements at each rollback."""
        if self.is_postgresql and not connection.info[WROTE]:
            connection.commit()

    def close(self) -> None:
        self.engine.dispose()
