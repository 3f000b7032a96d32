"""A roster file staged for import: what it says of each school, in order of the file's own ids."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from services.profiles.roster.reading.checks import upn_is_sound
from services.profiles.roster.reading.container import open_container
from services.profiles.roster.reading.forms import Form, load
from services.profiles.roster.reading.settle import Settling, settle
from services.profiles.roster.reading.shapes import (
    Class,
    Enrolment,
    Guardian,
    Problem,
    Pupil,
    ReadingOptions,
    Refused,
    Relationship,
    StaffMember,
    StagedSchool,
)
from services.profiles.roster.reading.staging import Stage
from services.profiles.roster.reading.words import GUARDIAN_ROLES, PUPIL, RESTRICTION_NAMES

PROBLEMS_KEPT = 1_000
STATUS_NAMES = ("current", "left")

PUPILS = """SELECT p.id, p.given, p.family, CASE WHEN h.grade <> '' THEN h.grade ELSE p.grade END, p.upn,
    p.is_left OR h.is_left FROM held h CROSS JOIN people p ON p.id = h.person
    WHERE h.school = ? AND h.role = 'pupil' ORDER BY h.person"""
GUARDIANS = """SELECT p.id, p.given, p.family, p.email, p.phone, p.language, p.voice, p.is_left
    FROM guardian_at g CROSS JOIN people p ON p.id = g.person WHERE g.school = ? ORDER BY g.person"""
STAFF = """SELECT p.id, p.given, p.family, p.email, h.roles, p.is_left OR h.is_left FROM (
      SELECT person, MIN(is_left) AS is_left, CASE WHEN MIN(is_left) THEN group_concat(role)
        ELSE group_concat(CASE WHEN NOT is_left THEN role END) END AS roles
      FROM held WHERE school = ? AND role <> 'pupil' GROUP BY person) h
    JOIN people p ON p.id = h.person ORDER BY p.id"""
CLASSES = """SELECT c.id, c.title, c.is_left FROM classes c JOIN school_of s ON s.org = c.org
    WHERE s.school = ? ORDER BY c.id"""
ENROLMENTS = "SELECT class, person, role, is_left FROM enrolled WHERE school = ? ORDER BY class, person, role"
REFUSED = """SELECT kind, col, (SELECT role FROM roles WHERE person = subject LIMIT 1), COUNT(*)
    FROM problem_at WHERE school IS ? AND refused GROUP BY 1, 2, 3"""
RELATIONSHIPS = """SELECT r.pupil, r.guardian, r.kind, r.pr, r.restriction, r.lives, r.priority,
      r.is_left OR COALESCE(p.is_left, 0) OR COALESCE(g.is_left, 0)
    FROM held h CROSS JOIN related r ON r.pupil = h.person
    LEFT JOIN people p ON p.id = r.pupil LEFT JOIN people g ON g.id = r.guardian
    WHERE h.school = ? AND h.role = 'pupil' ORDER BY h.person, r.guardian"""


class Staged:
    """Close it, or use it in a `with`: it holds a private temporary file. Each iterator is a stream of its own."""

    def __init__(self, stage: Stage, form: Form) -> None:
        self._stage = stage
        self._run = stage.connection.execute
        self.form = form.name
        self.is_delta = form.is_delta
        self.says_restrictions = form.says_restrictions
        self.kinds_present = form.kinds_present
        self.counts = dict(stage.counts)

    def __enter__(self) -> "Staged":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stage.close()

    def schools(self) -> list[StagedSchool]:
        """Organisations of type school; a school that is marked as deleted has nothing to import and is not listed."""
        return [
            StagedSchool(*row)
            for row in self._run(
                """SELECT DISTINCT s.school, COALESCE(o.name, ''), COALESCE(o.identifier, '') FROM school_of s
                   LEFT JOIN orgs o ON o.id = s.school WHERE NOT COALESCE(o.is_left, 0) ORDER BY s.school"""
            )
        ]

    def pupils(self, school: str) -> Iterator[Pupil]:
        for row in self._run(PUPILS, (school,)):
            yield Pupil(row[0], row[1], row[2], row[3], row[4], STATUS_NAMES[row[5]])

    def guardians(self, school: str) -> Iterator[Guardian]:
        for row in self._run(GUARDIANS, (school,)):
            yield Guardian(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), STATUS_NAMES[row[7]])

    def staff(self, school: str) -> Iterator[StaffMember]:
        for row in self._run(STAFF, (school,)):
            roles = tuple(sorted(row[4].split(",")))
            yield StaffMember(row[0], row[1], row[2], row[3], roles, STATUS_NAMES[row[5]])

    def classes(self, school: str) -> Iterator[Class]:
        for row in self._run(CLASSES, (school,)):
            yield Class(row[0], row[1], STATUS_NAMES[row[2]])

    def enrolments(self, school: str) -> Iterator[Enrolment]:
        for row in self._run(ENROLMENTS, (school,)):
            yield Enrolment(row[0], row[1], row[2], STATUS_NAMES[row[3]])

    def relationships(self, school: str) -> Iterator[Relationship]:
        for row in self._run(RELATIONSHIPS, (school,)):
            restriction = None if row[4] is None else RESTRICTION_NAMES[row[4]]
            yield Relationship(row[0], row[1], row[2], row[3], restriction, row[5], row[6], STATUS_NAMES[row[7]])

    def problems(self, school: str | None) -> list[Problem]:
        """The first thousand by file and line; None: those that belong to no school of the file."""
        rows = self._run(
            "SELECT file, line, col, value, reason FROM problem_at WHERE school IS ? ORDER BY file, line, col LIMIT ?",
            (school, PROBLEMS_KEPT),
        )
        # Some systems use the UPN as their id: it is not repeated here either.
        return [Problem(row[0], row[1], row[2], "" if upn_is_sound(row[3]) else row[3], row[4]) for row in rows]

    def problem_count(self, school: str | None) -> int:
        """All of them, also those beyond the thousand that are kept."""
        return int(self._run("SELECT COUNT(*) FROM problem_at WHERE school IS ?", (school,)).fetchone()[0])

    def refused_counts(self, school: str | None) -> dict[str, int]:
        """How many rows were left out, by what they would have been: pupils, guardians, staff, classes, ..."""
        found: Counter[str] = Counter()
        for kind, column, role, count in self._run(REFUSED, (school,)):
            found[_would_be(kind, column, role or "")] += count
        return dict(found)


def _would_be(kind: str, column: str, role: str) -> str:
    """What a row that was left out was about."""
    if kind in ("classes", "enrolments", "relationships"):
        return kind
    if kind == "agents":
        return "relationships"
    if kind == "rows":  # of a plain CSV: a pupil and an adult each
        return "guardians" if column.startswith("adult") else "pupils"
    if kind in ("users", "roles") and role:
        return "pupils" if role == PUPIL else "guardians" if role in GUARDIAN_ROLES else "staff"
    return kind


def stage(source: BinaryIO | Path, options: ReadingOptions | None = None) -> Staged:
    """Reads the whole file once. Raises Refused, and nothing else, where the file cannot be read."""
    options = options or ReadingOptions()
    if options.past_dates_end and options.today is None:
        raise ValueError("past_dates_end needs to be told what day it is")
    container = open_container(source, options)
    try:
        desk = Stage(options)
        try:
            form = load(container, desk)
            _settle(desk, form)
        except sqlite3.OperationalError as error:
            desk.close()
            if "full" not in str(error):
                raise
            raise Refused("There is not enough room on the disk to read this file.") from error
        except BaseException:
            desk.close()
            raise
    finally:
        container.close()
    return Staged(desk, form)


def _settle(desk: Stage, form: Form) -> None:
    known = desk.options.known_people if form.is_delta else None
    if known is not None:
        put = desk.writers["known"].put
        for person in known():
            put(person)
    desk.flush()
    settle(desk, Settling(form.is_delta, known is not None, form.name == "plain", form.says_restrictions))
