"""The private temporary database into which every row is staged once, so that memory stays flat."""

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import NamedTuple

from services.profiles.roster.reading.shapes import ReadingOptions

VALUE_SHOWN = 80
# Nothing here outlives the import, so nothing is made durable; the cache is the one thing that takes memory (16 MB).
PRAGMAS = ("synchronous=OFF", "journal_mode=OFF", "locking_mode=EXCLUSIVE", "temp_store=FILE", "cache_size=-16000")

TABLES = {
    "orgs": "id, name, type, identifier, parent, is_left, line",
    "people": "id, given, family, email, phone, language, voice, grade, upn, is_left, primary_org, line",
    "roles": "person, org, role, is_left, grade, file, line",
    "agents": "person, agent, line",
    "claims": "a, b, kind, pr, restriction, lives, priority, is_left, line",
    "classes": "id, org, title, is_left, line",
    "enrolments_read": "class, org, person, role, is_left, line",
    "known": "person, school, role",
    "problems": "subject_kind, subject, kind, refused, file, line, col, value, reason",
}


class Finding(NamedTuple):
    """A problem with what is needed to tell later whose school it belongs to."""

    kind: str
    file: str
    line: int
    column: str
    value: str
    reason: str
    subject_kind: str = ""
    subject: str = ""
    refused: bool = True


class Writer:
    """Collects rows of one table and inserts them a chunk at a time."""

    __slots__ = ("_chunk", "_connection", "_rows", "_sql", "chunks")

    def __init__(self, connection: sqlite3.Connection, table: str, chunk: int) -> None:
        marks = ",".join("?" * len(TABLES[table].split(",")))
        self._connection = connection
        self._sql = f"INSERT INTO {table} VALUES ({marks})"
        self._rows: list[tuple[object, ...]] = []
        self._chunk = chunk
        self.chunks = 0

    def put(self, row: tuple[object, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) >= self._chunk:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._connection.executemany(self._sql, self._rows)
            self._rows.clear()
            self.chunks += 1


class Stage:
    """Owns the temporary file; `close` deletes it."""

    def __init__(self, options: ReadingOptions) -> None:
        self.options = options
        # A directory that only this user may enter: what is staged is personal.
        self._folder = Path(tempfile.mkdtemp(prefix="roster-", dir=options.temp_dir))
        self.connection = sqlite3.connect(self._folder / "staged.db", isolation_level=None, check_same_thread=False)
        for pragma in (
            "synchronous=OFF",
            "journal_mode=OFF",
            "locking_mode=EXCLUSIVE",
            "temp_store=FILE",
            "cache_size=-16000",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        for table, columns in TABLES.items():
            self.connection.execute(f"CREATE TABLE {table} ({columns})")
        self.connection.execute("BEGIN")
        self.writers = {table: Writer(self.connection, table, options.chunk_rows) for table in TABLES}
        self.counts: dict[str, int] = {}
        self.files: dict[str, str] = {}
        self._done = 0

    def report(self, finding: Finding) -> None:
        self.writers["problems"].put(
            (
                finding.subject_kind,
                finding.subject,
                finding.kind,
                int(finding.refused),
                finding.file,
                finding.line,
                finding.column,
                finding.value[:VALUE_SHOWN],
                finding.reason,
            )
        )

    def progress(self, rows: int) -> None:
        """Told every chunk by the sheet that is being read."""
        self._done += rows
        if self.options.progress is not None:
            self.options.progress(self._done)

    def flush(self) -> None:
        for writer in self.writers.values():
            writer.flush()

    def close(self) -> None:
        self.connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)
