"""What can be done with a roster: import one school of a file, in one unit of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me import actions as about_me
from services.profiles.classes.events import class_described
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.classes.queries import list_whole_school_staff
from services.profiles.partnerships import actions as partnerships
from services.profiles.people.events import (
    guardian_described,
    publish_state,
    pupil_described,
    staff_described,
    state_version,
)
from services.profiles.people.models import Guardian, Pupil, StaffMember
from services.profiles.relationships.actions import (
    FACTS,
    change_facts,
    recompute_rights,
    warn_when_nobody_is_left,
)
from services.profiles.relationships.events import raise_alert
from services.profiles.relationships.models import Relationship
from services.profiles.relationships.queries import list_pairs, list_without_home
from services.profiles.restrictions.actions import flag_from_roster
from services.profiles.roster.changes import Changes, Kind, Names, compare
from services.profiles.roster.pairs import Pairs, compare_enrolments, compare_relationships
from services.profiles.roster.reading import Staged
from services.profiles.strategies import actions as strategies
from services.profiles.voice import actions as voice
from services.profiles.wellbeing import actions as wellbeing

# What of each room was still open about a child who has left.
END_ABOUT = (wellbeing.end_updates_about, about_me.end_about, strategies.end_about, partnerships.end_about,
             voice.end_about)
MOST_PUPILS_ENDED = 0.05
MOST_PAIRS_CHANGED = 0.20
MOST_WARNINGS = 50  # of one import: more than that is read in its report
MOST_NAMED = 200
PUPILS = Kind("pupil", Pupil, ("given_name", "family_name", "year_group", "upn"), "left")
GUARDIANS = Kind("guardian", Guardian, ("given_name", "family_name", "email", "phone", "language", "prefers_voice"),
                 "ended")
STAFF = Kind("staff", StaffMember, ("given_name", "family_name", "email", "roles"), "ended")
CLASSES = Kind("class", SchoolClass, ("title",), "ended")


class NotNow(Exception):
    """The school's changes are known, and must not be kept: a dry run, or more than the caps allow."""

    def __init__(self, report: dict[str, Any], waiting: bool):
        super().__init__("nothing was kept")
        self.report = report
        self.waiting = waiting


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import; `restrictions_absent` is a named person's choice for a file that says nothing of restrictions.

    `tells_unplaced`: this school's report also has what is wrong in rows that belong to no school of the file.
    """

    dry_run: bool = False
    confirm: bool = False
    restrictions_absent: str = "unknown"
    tells_unplaced: bool = True


def import_school(uow: UnitOfWork, staged: Staged, external_id: str, options: ImportOptions) -> dict[str, Any]:
    """Change the school to what the file says and return the report; NotNow leaves everything as it was."""
    before = _current(uow)
    names = Names(uow)
    names.note("school", external_id, uow.school)
    whole = not staged.is_delta
    kinds = staged.kinds_present
    people = whole and "users" in kinds
    pupils = compare(uow, names, PUPILS, staged.pupils(external_id), people)
    guardians = compare(uow, names, GUARDIANS, staged.guardians(external_id), people)
    staff = compare(uow, names, STAFF, staged.staff(external_id), people)
    classes = compare(uow, names, CLASSES, staged.classes(external_id), whole and "classes" in kinds)
    uow.flush()
    enrolments, moved = compare_enrolments(uow, names, staged.enrolments(external_id), whole and "enrollments" in kinds)
    pairs = compare_relationships(uow, names, staged.relationships(external_id), people, options.restrictions_absent)
    names.keep()
    parts = {"pupils": pupils, "guardians": guardians, "staff": staff, "classes": classes,
             "enrolments": enrolments, "relationships": pairs}
    places = (external_id, None) if options.tells_unplaced else (external_id,)
    report = _report(uow.school, staged, places, parts)
    waiting = not options.confirm and _beyond_caps(before, pupils, pairs)
    _publish_people(uow, parts, moved)
    losers = _change_pairs(uow, pairs, pupils)
    report["tightens"], report["kept_strict"] = _named(uow, losers), pairs.kept_strict
    if options.dry_run or waiting:
        raise NotNow(report, waiting)
    _warn(uow, losers)
    about_me.note_new_team(uow, _new_to_somebody(uow, enrolments))
    _say_who_left(uow, [pupil.id for pupil in pupils.ended], enrolments.ended)
    return report


def _new_to_somebody(uow: UnitOfWork, enrolments: Changes) -> set[str]:
    """The children whom somebody new teaches: those who joined a class, and those of a class that a teacher joined."""
    joined = {row["person_id"] for row in enrolments.added if row["role"] == "pupil"}
    classes = {row["class_id"] for row in enrolments.added if row["role"] == "teacher"}
    if classes:
        joined.update(uow.all(sa.select(Enrolment.person_id).where(
            Enrolment.class_id.in_(classes), Enrolment.role == "pupil")))
    return joined


def _current(uow: UnitOfWork) -> tuple[int, int]:
    count = sa.func.count()
    return (uow.session.scalar(sa.select(count).select_from(Pupil).where(Pupil.status == "current")) or 0,
            uow.session.scalar(sa.select(count).select_from(Relationship).where(Relationship.status == "current")) or 0)


def _beyond_caps(before: tuple[int, int], pupils: Changes, pairs: Changes) -> bool:
    """Whether the file would end or change so much that a person must look first."""
    return (pupils.counts.ended > before[0] * MOST_PUPILS_ENDED
            or pairs.counts.changed + pairs.counts.ended > before[1] * MOST_PAIRS_CHANGED)


def _publish_people(uow: UnitOfWork, parts: dict[str, Changes], moved: set[str]) -> None:
    """Publish the snapshots of everybody who changed, or whose classes did."""
    uow.flush()
    classes_of: dict[str, list[str]] = defaultdict(list)
    for row in uow.rows(sa.select(Enrolment.person_id, Enrolment.class_id)):
        classes_of[row.person_id].append(row.class_id)
    pupils, staff = _changed(parts["pupils"]), _changed(parts["staff"])
    known = {person.id for person in (*pupils, *staff)}
    others = moved - known
    if others:
        pupils += [row for row in uow.all(sa.select(Pupil)) if row.id in others]
        staff += [row for row in uow.all(sa.select(StaffMember)) if row.id in others]
    snapshots = [class_described(found) for found in _changed(parts["classes"])]
    snapshots += [guardian_described(guardian) for guardian in _changed(parts["guardians"])]
    snapshots += [staff_described(member, classes_of[member.id]) for member in staff]
    snapshots += [pupil_described(pupil, classes_of[pupil.id]) for pupil in pupils]
    if snapshots:
        publish_state(uow, snapshots)


def _changed(changes: Changes) -> list[Any]:
    return [*changes.added, *changes.touched, *changes.ended]


def _change_pairs(uow: UnitOfWork, pairs: Pairs, pupils: Changes) -> list[Any]:
    """Publish rights that changed; a pupil who left takes away every right about them. Returns who lost something."""
    left = {pupil.id for pupil in pupils.ended}
    back = {pupil.id for pupil in pupils.touched}
    concerned: dict[tuple[str, str], Any] = {(row.pupil_id, row.guardian_id): row for row in _changed(pairs)}
    for row in list_pairs(uow, left | back) if left | back else ():
        change_facts(uow, row, {"pupil_is_current": row.pupil_id not in left}, "roster")
        concerned.setdefault((row.pupil_id, row.guardian_id), row)
    for row in list_without_home(uow):
        concerned.setdefault((row.pupil_id, row.guardian_id), row)
    gone = set(uow.all(sa.select(Pupil.id).where(Pupil.status != "current")))
    for row in pairs.added:
        row.pupil_is_current = row.pupil_id not in gone
    flag_from_roster(uow, pairs.flagged)
    uow.flush()
    losers = recompute_rights(uow, concerned.values(), "roster", "roster")
    uow.insert(Relationship, [{name: getattr(row, name) for name in (
        "pupil_id", "guardian_id", *FACTS, "windows", "allowed", "file_says", "home_id")} for row in pairs.added])
    uow.flush()
    return losers


def _warn(uow: UnitOfWork, losers: Sequence[Any]) -> None:
    """Whoever must know hears that a file has tightened something, or left nobody for a child."""
    for row in losers[:MOST_WARNINGS]:
        if row.pupil_is_current and row.status == "current":
            raise_alert(uow, "tightened", (row.pupil_id, row.guardian_id), "office", "dsl")
    for pupil_id in sorted({row.pupil_id for row in losers if row.pupil_is_current})[:MOST_WARNINGS]:
        warn_when_nobody_is_left(uow, pupil_id)


def _say_who_left(uow: UnitOfWork, pupil_ids: Sequence[str], ended: Sequence[Enrolment]) -> None:
    """End what was open about them, and announce it with the staff who must know."""
    if not pupil_ids:
        return
    for end_about in END_ABOUT:
        end_about(uow, sorted(pupil_ids))
    places = [*ended, *uow.all(sa.select(Enrolment))]
    teachers, whole_school = defaultdict(set), list_whole_school_staff(uow)
    for place in places:
        if place.role == "teacher":
            teachers[place.class_id].add(place.person_id)
    after = state_version(uow)
    for pupil_id in sorted(pupil_ids):
        taught_by = {teacher for place in places if place.person_id == pupil_id for teacher in teachers[place.class_id]}
        uow.record(Fact("tandem.profiles.pupil.left.v1", pupil_id, 1, {
            "pupil_id": pupil_id, "staff_ids": sorted(taught_by | whole_school)}, after=after))


def _report(school: str, staged: Staged, places: Sequence[str | None], parts: dict[str, Changes]) -> dict[str, Any]:
    report: dict[str, Any] = {"school": school}
    for name, changes in parts.items():
        changes.counts.refused += sum(staged.refused_counts(place).get(name, 0) for place in places)
        report[name] = asdict(changes.counts)
    problems = sorted(problem for place in places for problem in staged.problems(place))
    report["problems"] = [problem._asdict() for problem in problems]
    return report


def _named(uow: UnitOfWork, losers: Sequence[Any]) -> list[dict[str, str]]:
    """The pairs that lose something by this file, by name, for the office to look at before it goes on."""
    here = [row for row in losers if row.pupil_is_current][:MOST_NAMED]
    pupils = {row.id: row for row in uow.all(sa.select(Pupil).where(Pupil.id.in_({row.pupil_id for row in here})))}
    adults = {row.id: row for row in uow.all(
        sa.select(Guardian).where(Guardian.id.in_({row.guardian_id for row in here})))}
    return [{"pupil": f"{pupils[row.pupil_id].given_name} {pupils[row.pupil_id].family_name}",
             "guardian": f"{adults[row.guardian_id].given_name} {adults[row.guardian_id].family_name}"} for row in here]
