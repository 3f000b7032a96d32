"""What a file changes about pairs: who is in which class, and which adult belongs to which child."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.models import Enrolment
from services.profiles.relationships.actions import change_facts
from services.profiles.relationships.models import Relationship
from services.profiles.roster.changes import Changes, Names

SAID = ("kind", "parental_responsibility", "restriction", "lives_with", "priority")


def compare_enrolments(uow: UnitOfWork, names: Names, rows: Iterable[Any],
                       everything: bool) -> tuple[Changes, set[str]]:
    """Put people in and out of classes; also returns the ids of the people whose classes changed."""
    changes, moved, seen = Changes(), set(), set()
    there = {(row.class_id, row.person_id): row for row in uow.all(sa.select(Enrolment))}
    for row in rows:
        class_id = names.find("class", row.class_external_id)
        person_id = names.find("pupil" if row.role == "pupil" else "staff", row.person_external_id)
        if class_id is None or person_id is None:
            changes.counts.refused += 1
        elif row.status == "current" and (class_id, person_id) not in seen:
            seen.add((class_id, person_id))
            if (class_id, person_id) in there:
                changes.counts.unchanged += 1
            else:
                changes.added.append({"class_id": class_id, "person_id": person_id, "role": row.role})
                changes.counts.added += 1
                moved.add(person_id)
        elif row.status != "current" and (class_id, person_id) in there:
            _leave(uow, there[class_id, person_id], changes, moved)
    if everything:
        for place in there.keys() - seen:
            _leave(uow, there[place], changes, moved)
    uow.insert(Enrolment, changes.added)
    return changes, moved


def _leave(uow: UnitOfWork, row: Enrolment, changes: Changes, moved: set[str]) -> None:
    uow.session.delete(row)
    moved.add(row.person_id)
    changes.ended.append(row)
    changes.counts.ended += 1


Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of a pair."""

    place: Place
    values: dict[str, Any]
    is_current: bool


@dataclass(slots=True)
class Pairs(Changes):
    """Changes of pairs, with those that a file newly calls restricted, and how many it would have loosened."""

    flagged: list[tuple[str, str]] = field(default_factory=list)
    kept_strict: int = 0


def compare_relationships(uow: UnitOfWork, names: Names, rows: Iterable[Any], everything: bool,
                          absent: str) -> Pairs:
    """Change pairs to what the file says. `absent` is the word for a file that says nothing of restrictions.

    A file's word counts when it is another than the last file's: what the office knows better stands until then. A file
    tightens and never loosens: once a restriction is known of it is the office's to lift, and a file that says
    nothing of restrictions leaves what is known. Of two rows about one pair the stricter counts.
    """
    changes = Pairs()
    there = {(row.pupil_id, row.guardian_id): row for row in uow.all(sa.select(Relationship))}
    said: dict[Place, Said] = {}
    for row in rows:
        pupil_id = names.find("pupil", row.pupil_external_id)
        guardian_id = names.find("guardian", row.guardian_external_id)
        if pupil_id is None or guardian_id is None:
            changes.counts.refused += 1
            continue
        place = (pupil_id, guardian_id)
        values = {column: getattr(row, column) for column in SAID}
        if place in said:
            before = said[place].values["restriction"]
            said[place].values["restriction"] = max(before, values["restriction"], key=_strictness)
        else:
            said[place] = Said(place, values, row.status == "current")
    for place, found in said.items():
        _word(found.values, there.get(place), absent)
        _apply(uow, there.get(place), found, changes)
    if everything:
        for place in there.keys() - said.keys():
            _apply(uow, there[place], Said(place, {}, False), changes)
    return changes


def _strictness(word: str | None) -> int:
    return ("none", None, "unknown", "restricted").index(word)


def _word(values: dict[str, Any], existing: Relationship | None, absent: str) -> None:
    """A file that says nothing of restrictions leaves what is known of one, and of a new pair has somebody's choice."""
    if values["restriction"] is None:
        known = existing is not None and existing.restriction != "unknown"
        values["restriction"] = existing.restriction if existing is not None and known else absent


def _apply(uow: UnitOfWork, existing: Relationship | None, found: Said, changes: Pairs) -> None:
    place, said, current = found.place, found.values, found.is_current
    if current and said["restriction"] == "restricted" and (existing is None or existing.restriction != "restricted"):
        changes.flagged.append(place)
    if existing is None:
        if current:
            changes.added.append(SimpleNamespace(
                pupil_id=place[0], guardian_id=place[1], status="current", windows={}, allowed=[], file_says=dict(said),
                home_id=None, responsibility_seen=None, checked_by=None, checked_seen=None, pupil_is_current=True,
                since=uow.now, changed_by="roster", **said))
            changes.counts.added += 1
        return
    if current and existing.restriction == "restricted" and said["restriction"] != "restricted":
        said["restriction"] = "restricted"
        changes.kept_strict += 1
    new = {name: value for name, value in said.items() if existing.file_says.get(name) != value}
    if new:
        existing.file_says = dict(said)
    if change_facts(uow, existing, {**new, "status": "current" if current else "ended"}, "roster"):
        (changes.touched if current else changes.ended).append(existing)
        changes.counts.changed += current
        changes.counts.ended += not current
    else:
        changes.counts.unchanged += current
