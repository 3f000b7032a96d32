"""What can be asked of progress notes: a child's, those that a class still waits for, and what is held for an adult."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import enrolled_in, list_classes, list_classes_of, list_pupils
from services.profiles.parts import part
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone
from services.profiles.progress.models import ProgressNote, ProgressReply
from services.profiles.progress.rules import BEFORE_THE_END, is_in_sight
from services.profiles.relationships.queries import ask
from services.profiles.school_year.queries import get_year, today_here
from services.profiles.signed import readable, sign

MOST = 30


def list_notes(uow: UnitOfWork, caller: Principal, pupil_id: str, most: int = MOST) -> list[dict[str, Any]]:
    """Notes about a child, newest first, with those answers that this caller may read."""
    notes = uow.all(sa.select(ProgressNote).where(
        ProgressNote.pupil_id == pupil_id, readable(ProgressNote, caller)).order_by(ProgressNote.id.desc()).limit(most))
    titles = {item.id: item.title for item in list_classes_of(uow, pupil_id)}
    return describe(uow, caller, notes, titles)


def show_note(uow: UnitOfWork, caller: Principal, progress_id: str) -> dict[str, Any]:
    """One note as this caller may read it; NotFound for everybody else."""
    note = find_note(uow, caller, progress_id)
    ask(uow, caller, "see", note.pupil_id)
    return describe(uow, caller, [note], {item.id: item.title for item in list_classes_of(uow, note.pupil_id)})[0]


def find_note(uow: UnitOfWork, caller: Principal, progress_id: str) -> ProgressNote:
    """A note by its id; whether the caller may see the child is asked by whoever calls this."""
    found = uow.all(sa.select(ProgressNote).where(ProgressNote.id == progress_id, readable(ProgressNote, caller)))
    if not found:
        raise NotFound()
    note: ProgressNote = found[0]
    return note


def describe(uow: UnitOfWork, caller: Principal, notes: Sequence[ProgressNote],
             titles: dict[str, str]) -> list[dict[str, Any]]:
    """Notes and their answers, signed; two reads for any number of them."""
    answers = uow.all(sa.select(ProgressReply).where(
        ProgressReply.progress_id.in_([note.id for note in notes]), readable(ProgressReply, caller))
        .order_by(ProgressReply.id)) if notes else []
    signed = dict(zip([row.id for row in (*notes, *answers)], sign(uow, caller, [*notes, *answers]), strict=True))
    by_note: dict[str, list[dict[str, Any]]] = {}
    for row in answers:
        by_note.setdefault(row.progress_id, []).append(
            {"id": row.id, "words": row.words, "signature": signed[row.id]})
    return [{"id": note.id, "pupil_id": note.pupil_id, "class_id": note.class_id,
             "class_title": titles.get(note.class_id), "strength": note.strength, "goes": note.goes,
             "next_step": note.next_step, "at_home": note.at_home, "signature": signed[note.id],
             "replies": by_note.get(note.id, [])} for note in notes]


def list_class(uow: UnitOfWork, caller: Principal, class_id: str) -> dict[str, Any]:
    """The children of a class that the caller teaches, by name, and for whom the caller has written this half-term."""
    taught = next((item for item in list_classes(uow, caller.person_id, frozenset()) if item.id == class_id), None)
    if taught is None:
        raise NotFound()
    begins, ends, due_on = _half_term(uow)
    written = {row.pupil_id: row.written_at for row in uow.rows(_written(uow, caller, begins).where(
        ProgressNote.class_id == class_id))}
    return {"id": taught.id, "title": taught.title, "begins_on": begins, "ends_on": ends, "due_on": due_on,
            "items": [{"pupil": pupil, "written_at": written.get(pupil.id)} for pupil in list_pupils(uow, class_id)]}


def list_due(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """The caller's classes with children of whom the caller has written nothing this half-term, once that is in sight.

    As many reads for one class as for ten.
    """
    begins, _ends, due_on = _half_term(uow)
    if not is_in_sight(due_on, today_here(uow)):
        return []
    taught = list_classes(uow, caller.person_id, frozenset())
    written = {(row.class_id, row.pupil_id) for row in uow.rows(_written(uow, caller, begins))}
    children = enrolled_in(uow, [item.id for item in taught])
    rows = uow.rows(sa.select(children.c.class_id, children.c.person_id)
                    .join(Pupil, Pupil.id == children.c.person_id).where(Pupil.status == "current"))
    waiting = {row.class_id for row in rows if (row.class_id, row.person_id) not in written}
    return [{"class_id": item.id, "title": item.title, "due_on": due_on} for item in taught if item.id in waiting]


def _half_term(uow: UnitOfWork) -> tuple[date, date, date]:
    """First and last day of the half-term, and the day by which its notes are due."""
    year = get_year(uow)
    begins, ends = year.half_term(today_here(uow))
    return begins, ends, year.school_days_before(ends, BEFORE_THE_END)


def _written(uow: UnitOfWork, caller: Principal, since: date) -> sa.Select[Any]:
    """(class, child, when last) of what the caller has written since the morning of a day."""
    at = datetime.combine(since, time(), get_zone(uow)).astimezone(UTC)
    return (sa.select(ProgressNote.class_id, ProgressNote.pupil_id,
                      sa.func.max(ProgressNote.written_at).label("written_at"))
            .where(ProgressNote.author_id == caller.person_id, ProgressNote.written_at >= at)
            .group_by(ProgressNote.class_id, ProgressNote.pupil_id))


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """The newest notes: the strength, and the next step beside it."""
    return [part("progress", 3, [ProgressNote.id.desc()],
                 [ProgressNote.school_id == uow.school, ProgressNote.pupil_id == pupil_id,
                  readable(ProgressNote, caller)],
                 id=ProgressNote.id, written_at=ProgressNote.written_at, voice=ProgressNote.voice,
                 author_id=ProgressNote.author_id, words=ProgressNote.strength, more=ProgressNote.next_step)]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """For an adult's copy of the record: each note, and the adult's own answers."""
    adult = Principal("", uow.school, guardian_id, "guardian")
    return [{"key": f"progress:{note['id']}", "section": "progress", "says": _says(note)}
            for note in list_notes(uow, adult, pupil_id, 10_000)]


def _says(note: dict[str, Any]) -> dict[str, str]:
    says = {"When": f"{note['signature']['at']:%d %B %Y}", "From": note["signature"]["by"] or "",
            "A strength": note["strength"], "How it goes": note["goes"], "The next step": note["next_step"],
            "How home can help": note["at_home"]}
    answers = "\n".join(answer["words"] for answer in note["replies"])
    return {**says, "What you answered": answers} if answers else says
