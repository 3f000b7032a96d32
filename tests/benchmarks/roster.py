"""Importing 100,000 users, validation, difference and facts included, against a bare csv.reader over the same file."""

from __future__ import annotations

import csv
import io
import resource
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from chassis.clock import SystemClock
from chassis.web import Service
from services.profiles.wiring import build
from tandem.databases import migrate_service
from tandem.sample import write_large
from tests.benchmarks.measure import Figure, rate
from tests.fakes import Keys
from tests.parts.postgres import run_postgres

USERS, SCHOOLS, ROUNDS = 100_000, 100, 1
CHUNK = 1024 * 1024


def floor(file: Path) -> float:
    """Users a second, when every cell is read and nothing is done with it."""

    def read() -> None:
        rows = 0
        with zipfile.ZipFile(file) as roster:
            for name in roster.namelist():
                with roster.open(name) as member:
                    rows += sum(1 for _row in csv.reader(io.TextIOWrapper(member, "utf-8", newline="")))
        assert rows > USERS

    return rate(USERS, read)


def product(urls: tuple[str, str], file: Path) -> float:
    """Users a second, from a queued file to its end."""
    migrate_service("profiles", urls[0], str(sa.make_url(urls[1]).username) if urls[0] != urls[1] else None)
    schools: list[str] = []
    service: Service = build(urls[1], Keys(SystemClock()).public, SystemClock(), lambda: list(schools), schools.append)
    _queue(service, file)
    found = rate(USERS, lambda: _run(service))
    _verify(service, schools)
    service.database.close()
    return found


def _queue(service: Service, file: Path) -> None:
    from services.profiles.roster.running import receive_roster

    content = file.read_bytes()
    with service.database.unit_of_work("trust") as uow:
        receive_roster(uow, [content[at:at + CHUNK] for at in range(0, len(content), CHUNK)],
                       {"create_schools": True, "restrictions_absent": "none"}, "bench")


def _run(service: Service) -> None:
    while not sum(labour() for labour in service.labours):
        raise AssertionError("there was nothing to import")


def _verify(service: Service, schools: list[str]) -> None:
    assert len(schools) == SCHOOLS
    people = 0
    for school in schools:
        with service.database.unit_of_work(school, write=False) as uow:
            people += sum(int(uow.connection.scalar(sa.text(
                f"SELECT count(*) FROM {table} WHERE school_id = :school"), {"school": school}) or 0)
                for table in ("pupils", "guardians", "staff"))
    assert people >= USERS, f"{people} of {USERS} came in"


@contextmanager
def large_file() -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.zip"
        write_large(file, USERS, SCHOOLS)
        yield Path(folder), file


def roster_sqlite() -> Figure:
    with large_file() as (folder, file):
        url = f"sqlite:///{folder / 'profiles.db'}"
        return _figure("roster_sqlite", (url, url), file)


def roster_postgresql() -> Figure:
    running = run_postgres()
    try:
        with large_file() as (_folder, file):
            return _figure("roster_postgresql", next(running).new_database("roster"), file)
    finally:
        running.close()  # type: ignore[attr-defined]


def _figure(name: str, urls: tuple[str, str], file: Path) -> Figure:
    """One round: it takes a while, and a second import changes nothing."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = product(urls, file) / floor(file)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    return Figure(name, ratio, ratio, ratio, ROUNDS, f"csv.reader over the same zip; memory grew by {grown:.0f} MB",
                  ">= 0.1", ratio >= 0.1)
