"""What a file changes about pairs: who is in which class, and which adult belongs to which child."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.models import Enrolment
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


def compare_relationships(uow: UnitOfWork, names: Names, rows: Iterable[Any], everything: bool,
                          absent: str) -> Changes:
    """Change pairs to what the file says. `absent` is the word for a file that says nothing of restrictions.

    The office's own word about a pair stands beside the file's and is not touched here: a file never loosens it.
    """
    changes, seen = Changes(), set()
    there = {(row.pupil_id, row.guardian_id): row for row in uow.all(sa.select(Relationship))}
    for row in rows:
        pupil_id = names.find("pupil", row.pupil_external_id)
        guardian_id = names.find("guardian", row.guardian_external_id)
        if pupil_id is None or guardian_id is None:
            changes.counts.refused += 1
            continue
        if (pupil_id, guardian_id) in seen:
            continue
        seen.add((pupil_id, guardian_id))
        said = {column: getattr(row, column) for column in SAID}
        said["restriction"] = said["restriction"] or absent
        _apply(there.get((pupil_id, guardian_id)), (pupil_id, guardian_id), said, row.status == "current", changes)
    if everything:
        for pair in there.keys() - seen:
            _apply(there[pair], pair, {}, False, changes)
    return changes


def _apply(existing: Relationship | None, pair: tuple[str, str], said: dict[str, Any], current: bool,
           changes: Changes) -> None:
    if existing is None:
        if current:
            changes.added.append(SimpleNamespace(pupil_id=pair[0], guardian_id=pair[1], status="current", windows={},
                                                 office_restriction=None, **said))
            changes.counts.added += 1
    elif not current:
        if existing.status == "current":
            existing.status = "ended"
            changes.ended.append(existing)
            changes.counts.ended += 1
    elif existing.status != "current" or any(getattr(existing, name) != value for name, value in said.items()):
        existing.status = "current"
        for name, value in said.items():
            setattr(existing, name, value)
        changes.touched.append(existing)
        changes.counts.changed += 1
    else:
        changes.counts.unchanged += 1
