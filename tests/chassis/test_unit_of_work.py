"""One school, one transaction: rows and facts together, and never another school's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from chassis.db import outbox
from chassis.envelope import Fact
from chassis.errors import Conflict, Invalid
from chassis.unit_of_work import Database, UnitOfWork
from tests.chassis.house import Base, Scrap, Word, keep_word, words


def facts(database: Database) -> int:
    with database.across_schools("test counts", write=False) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(outbox)) or 0


def test_rows_and_facts_are_committed_together(database: Database) -> None:
    with database.unit_of_work("oakfield") as uow:
        keep_word(uow, "hello")
    assert (words(database), facts(database)) == (["hello"], 1)


def test_an_exception_leaves_neither_rows_nor_facts(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.unit_of_work("oakfield") as uow:
        keep_word(uow, "hello")
        uow.flush()
        raise ZeroDivisionError
    assert (words(database), facts(database)) == ([], 0)


TABLE = Base.metadata.tables["words"]
WRITES: dict[str, Callable[[UnitOfWork], object]] = {
    "a new row": lambda uow: uow.add(Word(id="new", says="hello")),
    "rows by the driver": lambda uow: uow.insert(Word, [{"id": "new", "says": "hello"}]),
    "many rows by the driver": lambda uow: uow.insert(Word, [{"id": name, "says": name} for name in ("new", "newer")]),
    "a change": lambda uow: uow.connection.execute(sa.update(TABLE).values(says="hello")),
    "a change in words": lambda uow: uow.connection.execute(sa.text("UPDATE words SET says = 'hello'")),
    "many changes": lambda uow: uow.connection.execute(
        sa.update(TABLE).where(TABLE.c.id == sa.bindparam("which")).values(says="hello"),
        [{"which": "old"}, {"which": "nobody's"}]),
    "a change in part": lambda uow: _in_part(uow),
    "a removal": lambda uow: uow.connection.execute(sa.delete(TABLE)),
    "a fact": lambda uow: uow.record(Fact("tandem.words.word.kept.v1", "k", 1, {"id": "new"})),
}


def _in_part(uow: UnitOfWork) -> None:
    with uow.connection.begin_nested():
        uow.connection.execute(sa.update(TABLE).values(says="hello"))
    uow.all(sa.select(Word))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_of_what_is_refused_nothing_is_kept_however_it_was_written(
        database: Database, write: Callable[[UnitOfWork], object]) -> None:
    with database.unit_of_work("oakfield") as uow:
        uow.insert(Word, [{"id": "old", "says": "as it was"}])
    with pytest.raises(Conflict), database.unit_of_work("oakfield") as uow:
        uow.all(sa.select(Word).with_for_update())
        write(uow)
        uow.flush()
        raise Conflict("No.")
    assert (words(database), facts(database)) == (["as it was"], 0)


@pytest.mark.parametrize("many", [False, True])
def test_one_row_is_written_as_many_are(database: Database, many: bool) -> None:
    full = {"count": 7, "is_kept": True, "on": date(2026, 11, 27), "raw": b"\x00\xff'", "more": {"é": [1, None, "\\"]},
            "at": datetime(2026, 11, 27, 23, 30, tzinfo=timezone(timedelta(hours=1)))}
    rows = [{"id": "full", **full}, {"id": "empty", **dict.fromkeys(full)}]
    with database.unit_of_work("oakfield") as uow:
        for some in [rows] if many else [[row] for row in rows]:
            uow.insert(Scrap, some)
    with database.unit_of_work("oakfield", write=False) as uow:
        found = {row.id: {name: getattr(row, name) for name in full} for row in uow.all(sa.select(Scrap))}
        missing = uow.all(sa.select(Scrap.id).where(*(getattr(Scrap, name).is_(sa.null()) for name in full)))
    assert found == {"full": full, "empty": dict.fromkeys(full)}
    assert list(missing) == ["empty"]  # and not the word for nothing, in JSON


def test_what_is_refused_before_anything_was_written_forgets_no_prepared_statement(database: Database) -> None:
    if not database.is_postgresql:
        return
    names = sa.text("SELECT count(*) FROM pg_prepared_statements")

    def refuse(times: int, by: type[Exception]) -> int:
        for _time in range(times):
            with pytest.raises(by), database.unit_of_work("oakfield") as uow:
                uow.all(sa.select(Word).with_for_update())
                raise by("No.")
        with database.unit_of_work("oakfield") as uow:
            return int(uow.connection.scalar(names) or 0)

    assert refuse(10, Conflict) > 0
    assert refuse(1, ZeroDivisionError) == 0, "a fault rolls back, and psycopg forgets"


def test_a_school_never_reads_changes_or_deletes_the_rows_of_another(database: Database) -> None:
    with database.unit_of_work("oakfield") as uow:
        word = keep_word(uow, "ours")
    with database.unit_of_work("elm") as uow:
        assert uow.all(sa.select(Word)) == []
        assert uow.get(Word, word.id) is None
        uow.session.execute(sa.update(Word).values(says="taken"))
        uow.session.execute(sa.delete(Word))
    assert words(database) == ["ours"]


def test_a_row_of_another_school_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="two schools"), database.unit_of_work("oakfield") as uow:
        uow.add(Word(school_id="elm", id="1", says="smuggled"))


def test_reads_that_cannot_be_filtered_are_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="through their models"), database.unit_of_work("oakfield") as uow:
        uow.session.execute(sa.select(Word.__table__))
    table = Word.__table__
    once = sa.select(table.c.says).where(table.c.says == sa.bindparam("says"))
    with pytest.raises(RuntimeError, match="through their models"), database.unit_of_work("oakfield") as uow:
        uow.rows(once, says="ours")


def test_a_statement_made_once_gives_each_school_its_own(database: Database) -> None:
    once = sa.select(Word).where(Word.says == sa.bindparam("says"))
    for school in ("oakfield", "elm"):
        with database.unit_of_work(school) as uow:
            uow.add(Word(id=new_id(), says="hello"))
    for school in ("oakfield", "elm", "oakfield"):
        with database.unit_of_work(school) as uow:
            assert [row.school_id for row in uow.all(once, says="hello")] == [school]
    with database.unit_of_work("birch") as uow:
        assert uow.all(once, says="hello") == []
        assert uow.all(once, says="hello", its_school="oakfield") == [], "nobody but the unit of work names the school"


@pytest.mark.parametrize("school", ["", "*"])
def test_a_unit_of_work_without_a_school_is_refused(database: Database, school: str) -> None:
    with pytest.raises(RuntimeError, match="needs its school"), database.unit_of_work(school):
        pass


def test_a_fact_too_large_to_be_sent_is_refused_before_anything_is_kept(database: Database) -> None:
    with pytest.raises(Invalid, match="too long"), database.unit_of_work("oakfield") as uow:
        keep_word(uow, "hello")
        uow.record(Fact("tandem.words.word.kept.v1", "k", 1, {"much": "x" * 1_000_000}))
    assert (words(database), facts(database)) == ([], 0)


def test_row_level_security_holds_with_every_other_lock_taken_off(database: Database) -> None:
    if not database.is_postgresql:
        assert database.engine.dialect.name == "sqlite"  # SQLite has the filter and the stamp alone
        return
    with database.unit_of_work("oakfield") as uow:
        keep_word(uow, "ours")
    with database.unit_of_work("elm") as uow:
        assert uow.connection.execute(sa.text("SELECT count(*) FROM words")).scalar() == 0
        assert uow.connection.execute(sa.text("UPDATE words SET says = 'taken'")).rowcount == 0
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            uow.connection.execute(sa.text("INSERT INTO words (school_id, id, says) VALUES ('oakfield', '9', 'x')"))
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM words")).scalar() == 0
    with database.across_schools("test looks", write=False) as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM words")).scalar() == 0
