"""What the reader takes and what it gives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

KnownPerson = tuple[str, str, str]
"""External id of a person, external id of a school, and 'pupil', 'guardian' or a staff role there."""


class Refused(Exception):
    """The whole file cannot be read; `reason` says why and what to do, in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read.

    `known_people` is asked only for a file that holds changes alone (delta): there a person's school and role may
    stand in what was imported earlier. Without it references to people outside a delta cannot be checked.
    """

    past_dates_end: bool = False
    today: date | None = None
    progress: Callable[[int], None] | None = None
    known_people: Callable[[], Iterable[KnownPerson]] | None = None
    max_unpacked: int = 2 * 1024**3
    max_ratio: int = 200
    max_entries: int = 200
    chunk_rows: int = 1_000
    temp_dir: Path | None = None


class Problem(NamedTuple):
    """One thing wrong in the file. `value` is cut, and empty where the column is secret."""

    file: str
    line: int
    column: str
    value: str
    reason: str


class StagedSchool(NamedTuple):
    """A school of the file; the name is empty where a delta names the school by its id alone."""

    external_id: str
    name: str
    identifier: str


class Pupil(NamedTuple):
    """A pupil of one school."""

    external_id: str
    given_name: str
    family_name: str
    year_group: str
    upn: str | None
    status: str


class Guardian(NamedTuple):
    """An adult with at least one related pupil in the school."""

    external_id: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str | None
    prefers_voice: bool
    status: str


class StaffMember(NamedTuple):
    """A member of staff of one school, with every role held there."""

    external_id: str
    given_name: str
    family_name: str
    email: str | None
    roles: tuple[str, ...]
    status: str


class Class(NamedTuple):
    """A class of one school."""

    external_id: str
    title: str
    status: str


class Enrolment(NamedTuple):
    """A person's place in a class: 'pupil' or 'teacher'."""

    class_external_id: str
    person_external_id: str
    role: str
    status: str


class Relationship(NamedTuple):
    """A pupil and an adult. `restriction` None: the file has no such column, so nothing was said."""

    pupil_external_id: str
    guardian_external_id: str
    kind: str
    parental_responsibility: str
    restriction: str | None
    lives_with: str
    priority: int | None
    status: str
