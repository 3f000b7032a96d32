"""What can be asked of what a child has written. What is not shared is not there, for any adult.

A note for 'school' is for those who teach the child and nobody else of the school: that is what the form tells them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import taught_by
from services.profiles.parts import once_found, part
from services.profiles.people.models import Pupil, StaffMember
from services.profiles.people.queries import get_zone
from services.profiles.relationships.queries import ask
from services.profiles.signed import Stands, readable, signature
from services.profiles.voice.models import Note, NoteRead, SealedOpening, Topic
from services.profiles.voice.rules import ALL, ONLY_ME, SCHOOL, state_of

MOST = 100
TOLD = "told"


def may_read(uow: UnitOfWork, model: Any, caller: Principal) -> sa.ColumnElement[bool]:
    """The child's entries that this caller may read."""
    found = sa.and_(model.school_id == uow.school, readable(model, caller))
    if caller.hat != "staff":
        return found
    return sa.and_(found, sa.or_(model.audience == ALL, model.pupil_id.in_(taught_by(uow, caller.person_id))))


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """The child's notes and topics.

    Of a 'note', kind says for whom it is, and state for staff whether they have read it; of a 'topic', state says for
    whom it is, and more which meeting it is for.
    """
    is_read = sa.exists().where(NoteRead.school_id == uow.school, NoteRead.note_id == Note.id,
                                NoteRead.staff_id == caller.person_id).correlate(Note)
    shown_at = Note.written_at if caller.hat == "pupil" else Note.shared_at
    notes = [Note.pupil_id == pupil_id, may_read(uow, Note, caller)]
    topics = [Topic.pupil_id == pupil_id, Topic.removed_at.is_(None), may_read(uow, Topic, caller)]
    return [part("note", 20, [shown_at.desc(), Note.id.desc()], notes, id=Note.id, written_at=shown_at,
                 voice=Note.voice, author_id=Note.author_id, kind=Note.audience, words=Note.words,
                 state=sa.case((is_read, "read"), else_="new") if caller.hat == "staff" else sa.null()),
            part("topic", 20, [once_found(Topic.id)], topics, id=Topic.id, written_at=Topic.written_at,
                 voice=Topic.voice, author_id=Topic.author_id, kind=Topic.kind, words=Topic.words, state=Topic.audience,
                 more=Topic.about_id)]


def list_notes(uow: UnitOfWork, caller: Principal, pupil_id: str, most: int = MOST) -> list[dict[str, Any]]:
    """What this caller may read of a child's notes, newest first."""
    newest = Note.id if caller.hat == "pupil" else Note.shared_at
    return describe(uow, caller, uow.all(sa.select(Note).where(Note.pupil_id == pupil_id, may_read(uow, Note, caller))
                                         .order_by(newest.desc(), Note.id.desc()).limit(most)))


def list_new(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """Notes shared by children whom this member of staff teaches, and that they have not yet said they have read."""
    mine = sa.select(NoteRead.note_id).where(NoteRead.school_id == uow.school, NoteRead.staff_id == caller.person_id)
    here = sa.select(Pupil.id).where(Pupil.school_id == uow.school, Pupil.status == "current")
    return describe(uow, caller, uow.all(
        sa.select(Note).where(Note.audience.in_((ALL, SCHOOL)), Note.passed_at.is_(None), Note.pupil_id.in_(here),
                              Note.pupil_id.in_(taught_by(uow, caller.person_id)), Note.id.not_in(mine))
        .order_by(Note.shared_at, Note.id).limit(MOST)))


def find_note(uow: UnitOfWork, caller: Principal, note_id: str) -> Note:
    """A note that this caller may read; NotFound otherwise."""
    found: Note = _find(uow, caller, Note, note_id)
    return found


def find_topic(uow: UnitOfWork, caller: Principal, topic_id: str) -> Topic:
    found: Topic = _find(uow, caller, Topic, topic_id)
    return found


def _find(uow: UnitOfWork, caller: Principal, model: Any, entry_id: str) -> Any:
    found = uow.all(sa.select(model).where(model.id == entry_id, may_read(uow, model, caller)))
    if not found:
        raise NotFound()
    ask(uow, caller, "see", found[0].pupil_id)
    return found[0]


def see_passed(uow: UnitOfWork, entry_id: str) -> Stands:
    """How a note or a topic stands now that it was passed on. What the child keeps again is nobody's to read here."""
    note: Note | None = uow.get(Note, entry_id)
    if note is not None:
        return Stands(note.words, note.author_id, note.audience == ONLY_ME)
    topic: Topic | None = uow.get(Topic, entry_id)
    if topic is None:
        raise NotFound()
    return Stands(whole_words(topic), topic.author_id, topic.removed_at is not None)


def whole_words(row: Note | Topic) -> str:
    return row.words if isinstance(row, Note) else f"{row.kind}: {row.words}"


def waits_for_reader(uow: UnitOfWork, note_id: str) -> bool:
    """Whether a child who shares a note that was passed on sees that nobody has read it as it stands."""
    note: Note | None = uow.get(Note, note_id)
    return note is not None and note.passed_at is not None and note.audience != ONLY_ME and not uow.all(
        sa.select(NoteRead.staff_id).where(NoteRead.note_id == note_id).limit(1))


def get_note(uow: UnitOfWork, caller: Principal, note_id: str) -> dict[str, Any]:
    return describe(uow, caller, [find_note(uow, caller, note_id)])[0]


def describe(uow: UnitOfWork, caller: Principal, notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Notes as this caller sees them: an adult learns when it was shared, and not how it stood before."""
    names = {pupil.id: pupil for pupil in uow.all(sa.select(Pupil).where(Pupil.id.in_({
        note.pupil_id for note in notes})))} if notes else {}
    read = _read_by(uow, [note.id for note in notes]) if caller.hat == "pupil" else {}
    found = []
    for note in notes:
        signed = signature(caller, note, {note.author_id: names[note.author_id].given_name})
        item = {"id": note.id, "pupil_id": note.pupil_id, "pupil": names[note.pupil_id], "words": note.words,
                "audience": note.audience, "signature": signed}
        if caller.hat == "pupil":
            item |= {"state": state_of(note.audience, note.withdrawn_at), "version": note.version,
                     "read_by": read.get(note.id, [])}
        else:
            signed["at"] = note.shared_at
        found.append(item)
    return found


def _read_by(uow: UnitOfWork, note_ids: Sequence[str]) -> dict[str, list[str]]:
    """Who of school has said that they have read each of these, by name."""
    found: dict[str, list[str]] = {}
    if note_ids:
        for note_id, given, family in uow.rows(
                sa.select(NoteRead.note_id, StaffMember.given_name, StaffMember.family_name)
                .join(StaffMember, StaffMember.id == NoteRead.staff_id).where(NoteRead.note_id.in_(note_ids))
                .order_by(NoteRead.read_at, NoteRead.staff_id)):
            found.setdefault(note_id, []).append(f"{given} {family}")
    return found


def list_topics(uow: UnitOfWork, caller: Principal, pupil_id: str, most: int = MOST) -> list[dict[str, Any]]:
    """What the child wants to talk about, in the order it was picked."""
    rows = uow.all(sa.select(Topic).where(Topic.pupil_id == pupil_id, Topic.removed_at.is_(None),
                                          may_read(uow, Topic, caller)).order_by(Topic.id).limit(most))
    pupil: Pupil = uow.get(Pupil, pupil_id)
    return [{"id": row.id, "pupil_id": pupil_id, "kind": row.kind, "words": row.words, "audience": row.audience,
             "about_id": row.about_id, "signature": signature(caller, row, {pupil_id: pupil.given_name})}
            for row in rows]


def list_openings(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[dict[str, Any]]:
    """When a safeguarding lead opened what the child kept for themselves: the child learns of it once it is told."""
    rows = uow.all(sa.select(SealedOpening).where(SealedOpening.pupil_id == pupil_id).order_by(SealedOpening.id))
    if caller.hat == "pupil":
        return [{"opened_at": row.opened_at} for row in rows if row.child_told == TOLD or row.told_at is not None]
    return [{"id": row.id, "opened_at": row.opened_at, "why": row.why, "child_told": row.child_told,
             "told_at": row.told_at, "staff_id": row.staff_id} for row in rows]


def list_sealed(uow: UnitOfWork, pupil_id: str) -> list[Note | Topic]:
    """What the child has kept for themselves: for a safeguarding lead's opening alone."""
    return [*uow.all(sa.select(Note).where(Note.pupil_id == pupil_id, Note.audience == ONLY_ME).order_by(Note.id)),
            *uow.all(sa.select(Topic).where(Topic.pupil_id == pupil_id, Topic.audience == ONLY_ME,
                                            Topic.removed_at.is_(None)).order_by(Topic.id))]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """What of this belongs in what is held for an adult: what the child has shared with everybody."""
    adult, zone = Principal("", uow.school, guardian_id, "guardian"), get_zone(uow)
    return [{"key": f"{kind}:{item['id']}", "section": "In the child's own words", "says": {
        "Words": item["words"] or item.get("kind", ""),
        "On": item["signature"]["at"].astimezone(zone).strftime("%d %B %Y")}}
        for kind, items in (("note", list_notes(uow, adult, pupil_id, 10_000)),
                            ("topic", list_topics(uow, adult, pupil_id, 10_000))) for item in items]
