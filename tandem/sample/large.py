"""A roster as large as asked for, written row by row: to measure with, not to look at."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tandem.sample import names
from tandem.sample.people import Link, Person
from tandem.sample.rows import RosterZip, Row, drama_phone, upn
from tandem.sample.write import BULK, session_row

SHARE_OF_PUPILS, SHARE_OF_STAFF = 0.45, 0.05
CLASS_SIZE = 30
YEAR = 2026


@dataclass(frozen=True, slots=True)
class _Size:
    """Pupil n is in school n % schools; guardian n belongs to pupil n % pupils; staff n to school n % schools."""

    pupils: int
    guardians: int
    staff: int
    schools: int
    seed: int

    def school_of(self, number: int) -> str:
        return f"school-{number % self.schools:04d}"

    def class_of(self, pupil: int) -> str:
        return f"{self.school_of(pupil)}-c{pupil // self.schools // CLASS_SIZE:04d}"

    def teacher_of(self, school: int, class_number: int) -> int:
        held = max(1, (self.staff - school + self.schools - 1) // self.schools)
        return school + class_number % held * self.schools


def write_large(path: Path, users: int, schools: int, seed: int = 7) -> None:
    """About 45 in 100 users are pupils, 50 guardians and 5 staff; the same bytes for the same arguments."""
    pupils, staff = int(users * SHARE_OF_PUPILS), max(schools, int(users * SHARE_OF_STAFF))
    size = _Size(pupils, users - pupils - staff, staff, schools, seed)
    with RosterZip(path) as roster:
        roster.add("academicSessions", [session_row(YEAR)])
        roster.add("orgs", _orgs(size))
        roster.add("courses", [])
        roster.add("classes", _classes(size))
        roster.add("enrollments", _enrolments(size))
        roster.add("users", _users(size))
        roster.add("roles", _roles(size))
        roster.add("relationships", _relationships(size))


def _orgs(size: _Size) -> Iterator[Row]:
    yield ("trust", *BULK, "Large Trust", "district", "", "")
    for number in range(size.schools):
        yield (size.school_of(number), *BULK, f"School {number}", "school", f"{800000 + number}", "trust")


def _classes_of(size: _Size) -> Iterator[tuple[int, int]]:
    for school in range(min(size.schools, size.pupils)):
        held = (size.pupils - school + size.schools - 1) // size.schools
        for number in range((held + CLASS_SIZE - 1) // CLASS_SIZE):
            yield school, number


def _classes(size: _Size) -> Iterator[Row]:
    for school, number in _classes_of(size):
        place = (size.school_of(school), f"year-{YEAR}", "", "", "")
        yield (f"{size.school_of(school)}-c{number:04d}", *BULK, f"Class {number}", "", "", "", "homeroom", "", *place)


def _enrolments(size: _Size) -> Iterator[Row]:
    for school, number in _classes_of(size):
        class_id, teacher = f"{size.school_of(school)}-c{number:04d}", f"s-{size.teacher_of(school, number):06d}"
        yield (f"t-{class_id}", *BULK, class_id, size.school_of(school), teacher, "teacher", "true", "", "")
    for pupil in range(size.pupils):
        place = (size.class_of(pupil), size.school_of(pupil), f"p-{pupil:06d}")
        yield (f"e-{pupil:06d}", *BULK, *place, "student", "false", "", "")


def _users(size: _Size) -> Iterator[Row]:
    rng = random.Random(size.seed)  # noqa: S311 - sample people, no secrets

    def person(mark: str, number: int) -> Person:
        language = rng.choice(names.LANGUAGES)
        return Person(f"{mark}-{number:06d}", rng.choice(names.given(language)), rng.choice(names.family(language)))

    for number in range(size.pupils):
        pupil = person("p", number)
        pupil.school, pupil.year, pupil.upn = size.school_of(number), f"Year {number % 7}", upn(number)
        pupil.agents = [f"g-{g:06d}" for g in range(number, size.guardians, size.pupils)]
        yield pupil.row()
    for number in range(size.guardians):
        adult = person("g", number)
        adult.email, adult.phone = f"guardian{number}@families.example", drama_phone(number)
        adult.language = rng.choice(names.LANGUAGES)
        yield adult.row()
    for number in range(size.staff):
        member = person("s", number)
        member.email, member.school = f"staff{number}@schools.example", size.school_of(number)
        yield member.row()


def _roles(size: _Size) -> Iterator[Row]:
    for number in range(size.pupils):
        yield (f"rp-{number}", *BULK, f"p-{number:06d}", "primary", "student", "", "", size.school_of(number), "")
    for number in range(size.guardians):
        school = size.school_of(number % size.pupils)
        yield (f"rg-{number}", *BULK, f"g-{number:06d}", "primary", "parent", "", "", school, "")
    leaders = ("principal", "siteAdministrator", "ext:safeguardingLead")
    for number in range(size.staff):
        # The first few of each school lead it; where a school has one alone, that one teaches.
        place = number // size.schools - 1
        role = leaders[place] if 0 <= place < len(leaders) else "teacher"
        place_row = ("primary", role, "", "", size.school_of(number), "")
        yield (f"rs-{number}", *BULK, f"s-{number:06d}", *place_row)
        if role != "teacher":
            yield (f"rt-{number}", *BULK, f"s-{number:06d}", "secondary", "teacher", "", "", size.school_of(number), "")


def _relationships(size: _Size) -> Iterator[Row]:
    for number in range(size.guardians):
        pupil = f"p-{number % size.pupils:06d}"
        yield Link(pupil, f"g-{number:06d}", "parent", "yes", priority=1 + number // size.pupils).row()
