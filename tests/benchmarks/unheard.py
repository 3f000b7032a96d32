"""Families not heard from: 1,500 pupils, 20,000 and then 200,000 contacts, every family that is on the list at once.

What is answered is first held against the same answer worked out of the contacts themselves. Beside the time stand a
bare read of 1,500 rows on the same connection, and the read that looks through all contacts, which `heard` spares.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as midnight
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.migrate import create_technical
from chassis.unit_of_work import Database, UnitOfWork
from services.profiles.heard.actions import GOOD_NEWS, NOTE, TALK, WORRY, note_contact
from services.profiles.heard.models import Contact
from services.profiles.heard.queries import Wanted, get_weeks, list_unheard
from services.profiles.heard.rules import heard_by
from services.profiles.people.actions import open_school
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone
from services.profiles.school_year.queries import get_year
from services.profiles.tables import Base
from tests.benchmarks.measure import Figure
from tests.benchmarks.parts import SCHOOL, make_database, sqlite_urls
from tests.parts.postgres import run_postgres

PUPILS, FEW, MANY, EACH, ROUNDS = 1_500, 20_000, 200_000, 250, 15
MOST_MS, FLAT = 50.0, 1.5
KINDS = (NOTE, NOTE, TALK, WORRY, GOOD_NEWS)
HEAD = Principal("", SCHOOL, "head", "staff", frozenset({"head"}))
WORRIES = "MAX(CASE WHEN kind = 'worry' THEN made_at END)"
OTHERS = "MAX(CASE WHEN kind <> 'worry' THEN made_at END)"


def create(database: Database) -> None:
    with database.engine.begin() as connection:
        create_technical(connection)
        Base.metadata.create_all(connection)


def fill(database: Database) -> list[str]:
    """A school and its pupils; nobody has heard anything yet."""
    with database.unit_of_work(SCHOOL) as uow:
        open_school(uow, "A school")
        pupils = [new_id() for _ in range(PUPILS)]
        uow.insert(Pupil, [{"id": one, "given_name": f"Given {number}", "family_name": f"Family {number % 97}",
                            "year_group": "Year 7", "upn": None, "status": "current"}
                           for number, one in enumerate(pupils)])
    return pupils


def live(database: Database, pupils: list[str], contacts: int) -> None:
    """Three years of contact: the first fifty families hear nothing ever, and of late two thirds of the others do.

    So the list is as long whatever lies behind it.
    """
    chance, lately = random.Random(contacts), (pupils[50:550], pupils[550:800], pupils[800:1050])
    turns = (contacts - 1_000) // EACH
    for turn in range(turns):
        ago = timedelta(days=1095 - 1000 * turn / turns)
        with database.unit_of_work(SCHOOL) as uow:
            note_contact(uow, chance.sample(pupils[50:], EACH), chance.choice(KINDS), None, uow.now - ago)
    with database.unit_of_work(SCHOOL) as uow:
        for some, kind in zip(lately, (NOTE, GOOD_NEWS, WORRY), strict=True):
            note_contact(uow, some, kind, None)
        assert uow.session.scalar(sa.select(sa.func.count(Contact.id))) == contacts


def ask(uow: UnitOfWork) -> dict[str, tuple[Any, bool]]:
    """The whole list, as a head sees it."""
    items = list_unheard(uow, HEAD, Wanted(limit=PUPILS))["items"]
    return {item["pupil"]["id"]: (item["since"], item["only_worries"]) for item in items}


def scan(uow: UnitOfWork) -> list[Any]:
    """For each pupil the last contact of all, the last worry and the last of another kind, out of all contacts."""
    return list(uow.connection.execute(sa.text(
        "SELECT p.id, c.last_at, c.worry_at, c.other_at FROM pupils p LEFT JOIN (SELECT pupil_id,"
        f" MAX(made_at) AS last_at, {WORRIES} AS worry_at, {OTHERS} AS other_at"
        " FROM contacts WHERE school_id = :school GROUP BY pupil_id) c"
        " ON c.pupil_id = p.id WHERE p.school_id = :school ORDER BY p.family_name, p.given_name, p.id"),
        {"school": SCHOOL}).all())


def worked_out(uow: UnitOfWork) -> dict[str, tuple[Any, bool]]:
    """What the list must say, by the contacts alone."""
    zone, year = get_zone(uow), get_year(uow)
    today = uow.now.astimezone(zone).date()
    by, half = (datetime.combine(day, midnight(), zone) for day in (
        heard_by(today, get_weeks(uow), year.is_school_day), year.half_term(today)[0]))
    found = {}
    for row in scan(uow):
        last, worry, other = (_read(value) for value in row[1:])
        only_worries = worry is not None and worry >= half and (other is None or other < half)
        if last is None or last < by or only_worries:
            found[row.id] = (None if last is None else last.astimezone(zone).date(), only_worries)
    return found


def _read(value: Any) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def bare(uow: UnitOfWork) -> Any:
    pupils: Any = Pupil.__table__
    return uow.connection.execute(sa.select(pupils.c.id, pupils.c.given_name, pupils.c.family_name).where(
        pupils.c.school_id == SCHOOL)).all()


def timed(databases: Sequence[Database], act: Callable[[UnitOfWork], Any]) -> list[list[float]]:
    """Milliseconds by database, in turn, each in a transaction as a request has it; the first is left out."""
    found: list[list[float]] = [[] for _database in databases]
    for _round in range(ROUNDS + 1):
        for place, database in enumerate(databases):
            with database.unit_of_work(SCHOOL, write=False) as uow:
                began = time.perf_counter()
                act(uow)
                found[place].append((time.perf_counter() - began) * 1000)
    return [times[1:] for times in found]


def prepare(database: Database, contacts: int) -> int:
    """Fill it, hold the answer against the contacts themselves, and say how long the list is."""
    live(database, fill(database), contacts)
    if database.is_postgresql:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE pupils, heard")
    with database.unit_of_work(SCHOOL, write=False) as uow:
        found = ask(uow)
        assert found == worked_out(uow)
    return len(found)


def measure(name: str, databases: Sequence[Database]) -> Figure:
    few, many = databases
    listed = {prepare(few, FEW), prepare(many, MANY)}
    assert len(listed) == 1
    before, after = timed(databases, ask)
    ratio = statistics.median(later / earlier for earlier, later in zip(before, after, strict=True))
    scanned, read = (statistics.median(timed([many], act)[0]) for act in (scan, bare))
    for database in databases:
        database.close()
    middle = statistics.median(after)
    return Figure(name, None, min(after), max(after), ROUNDS,
                  f"{MANY:,} contacts, {listed.pop()} on the list; {ratio:.2f} times that at {FEW:,}; "
                  f"by looking through all contacts {scanned:.0f} ms, a bare read of {PUPILS:,} rows {read:.1f} ms",
                  f"<= {MOST_MS:.0f} ms, at most {FLAT} times that at {FEW:,}",
                  middle <= MOST_MS and ratio <= FLAT, middle, "ms")


def unheard() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        return measure("unheard", [make_database(sqlite_urls(Path(folder), name), "profiles", create)
                                   for name in ("few", "many")])


def unheard_postgresql() -> Figure:
    running = run_postgres()
    try:
        server = next(running)
        return measure("unheard_postgresql", [make_database(server.new_database(name), "profiles", create)
                                              for name in ("few", "many")])
    finally:
        running.close()  # type: ignore[attr-defined]
