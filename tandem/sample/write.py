"""Writes the sample trust as a OneRoster 1.2.1 zip."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tandem.sample.people import Trust
from tandem.sample.rows import RosterZip, Row
from tandem.sample.trust import SCHOOLS, TRUST_ID, TRUST_NAME, build_trust

BULK = ("", "")


def write_sample(path: Path, seed: int = 7, today: date | None = None) -> None:
    """The same bytes for the same seed and school year; `today` only says which school year it is."""
    trust = build_trust(seed)
    day = today or date.today()
    start = day.year if day.month >= 8 else day.year - 1
    with RosterZip(path) as roster:
        roster.add("academicSessions", [session_row(start)])
        roster.add("orgs", _orgs())
        roster.add("courses", _courses(trust, start))
        roster.add("classes", _classes(trust, start))
        roster.add("enrollments", _enrolments(trust))
        roster.add("users", (person.row() for person in trust.people.values()))
        roster.add("roles", _roles(trust))
        roster.add("relationships", (link.row() for link in trust.links))


def session_row(start: int) -> Row:
    title = f"School year {start} to {start + 1}"
    return (f"year-{start}", *BULK, title, "schoolYear", f"{start}-09-01", f"{start + 1}-07-31", "", start + 1)


def _orgs() -> Iterator[Row]:
    yield (TRUST_ID, *BULK, TRUST_NAME, "district", "", "")
    for school in SCHOOLS:
        yield (school.id, *BULK, school.name, "school", school.identifier, TRUST_ID)


def _courses(trust: Trust, start: int) -> Iterator[Row]:
    for school in trust.schools:
        yield (f"{school.id}-tutor", *BULK, f"year-{start}", "Class time", "", "", school.id, "", "")


def _classes(trust: Trust, start: int) -> Iterator[Row]:
    for class_id, title, school, year in trust.classes:
        place = (school, f"year-{start}", "", "", "")
        yield (class_id, *BULK, title, year, f"{school}-tutor", "", "homeroom", "", *place)


def _enrolments(trust: Trust) -> Iterator[Row]:
    for number, (class_id, school, person, role) in enumerate(trust.enrolments):
        primary = "true" if role == "teacher" else "false"
        yield (f"e-{number:05d}", *BULK, class_id, school, person, role, primary, "", "")


def _roles(trust: Trust) -> Iterator[Row]:
    for number, (person, role_type, role, school) in enumerate(trust.roles):
        yield (f"r-{number:05d}", *BULK, person, role_type, role, "", "", school, "")
