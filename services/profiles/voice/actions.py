"""What can be done with what a child writes: keep it, change it, share it, take it back, and open what is sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team
from services.profiles.relationships.queries import ask
from services.profiles.signed import Passed, pass_on
from services.profiles.voice.events import note_shared, note_withdrawn, topic_picked
from services.profiles.voice.models import Note, NoteRead, SealedOpening, Topic
from services.profiles.voice.queries import TOLD, find_note, find_topic, list_sealed, waits_for_reader, whole_words
from services.profiles.voice.rules import (
    ALL,
    ONLY_ME,
    OWN,
    SCHOOL,
    refusal_to_change,
    refusal_to_share,
    refusal_to_withdraw,
)

KIND = "note"


@dataclass(frozen=True, slots=True)
class PickTopic:
    """What a child wants to talk about."""

    kind: str
    words: str
    audience: str
    about_id: str | None


def write_note(uow: UnitOfWork, pupil_id: str, words: str, audience: str) -> Note:
    """Keep a note in the child's own voice; told to nobody unless the child has said who may read it."""
    note = Note(**_signed(uow, pupil_id, audience), words=words, shared_at=None, withdrawn_at=None, version=1)
    team = _team(uow, pupil_id, audience)
    uow.add(note)
    if audience != ONLY_ME:
        note.shared_at = uow.now
        uow.record(note_shared(uow, note, team))
    uow.flush()
    return note


def _signed(uow: UnitOfWork, pupil_id: str, audience: str) -> dict[str, Any]:
    return {"id": new_id(), "pupil_id": pupil_id, "voice": "child", "author_id": pupil_id, "audience": audience,
            "written_at": uow.now, "passed_at": None}


def _team(uow: UnitOfWork, pupil_id: str, audience: str) -> list[str]:
    """Who teaches the child. What is for the teacher alone needs one, or it would be for nobody and look sent."""
    team = [member.id for member in list_team(uow, pupil_id)] if audience != ONLY_ME else []
    if audience == SCHOOL and not team:
        raise Invalid(errors={"/audience": "No teacher is down as yours just now. Choose somebody else, or keep it."})
    return team


def _find_own(uow: UnitOfWork, caller: Principal, model: type[Any], entry_id: str) -> Any:
    row = uow.get(model, entry_id)
    if row is None or caller.hat != "pupil" or row.author_id != caller.person_id:
        raise NotFound()
    ask(uow, caller, "reply", row.pupil_id)
    return row


def change_note(uow: UnitOfWork, caller: Principal, note_id: str, words: str, version: int | None) -> None:
    """Other words, while nobody else can read them; Stale when it was changed since `version`."""
    note: Note = _find_own(uow, caller, Note, note_id)
    if version is None:
        raise Invalid("Say which version you have changed: If-Match.")
    if version != note.version:
        raise Stale()
    _refuse(refusal_to_change(note.audience))
    note.words, note.version = words, note.version + 1
    uow.session.execute(sa.delete(NoteRead).where(NoteRead.note_id == note_id))


def share_note(uow: UnitOfWork, caller: Principal, note_id: str, audience: str) -> None:
    """The child says yes: from now on these may read it."""
    note: Note = _find_own(uow, caller, Note, note_id)
    _refuse(refusal_to_share(note.audience, audience))
    team, is_new = _team(uow, note.pupil_id, audience), note.audience == ONLY_ME
    note.audience, note.version = audience, note.version + 1
    if is_new:
        note.shared_at, note.withdrawn_at = uow.now, None
    if is_new and note.passed_at is None:
        uow.record(note_shared(uow, note, team))


def withdraw_note(uow: UnitOfWork, caller: Principal, note_id: str) -> None:
    """From now on nobody else can read it; who has read it has read it."""
    note: Note = _find_own(uow, caller, Note, note_id)
    _refuse(refusal_to_withdraw(note.audience))
    note.audience, note.withdrawn_at, note.version = ONLY_ME, uow.now, note.version + 1
    if note.passed_at is None:
        uow.record(note_withdrawn(uow, note))


def _refuse(reason: str) -> None:
    if reason:
        raise Conflict(reason)


def mark_read(uow: UnitOfWork, caller: Principal, note_id: str) -> None:
    """A member of staff says that they have read it; saying so twice changes nothing."""
    note = find_note(uow, caller, note_id)
    if uow.get(NoteRead, note.id, caller.person_id) is None:
        uow.add(NoteRead(note_id=note.id, staff_id=caller.person_id, read_at=uow.now))


def pick_topic(uow: UnitOfWork, pupil_id: str, command: PickTopic) -> Topic:
    """Put something on the list of what the child wants to talk about."""
    if command.kind == OWN and not command.words.strip():
        raise Invalid(errors={"/words": "Write what you want to talk about."})
    _team(uow, pupil_id, command.audience)
    topic = Topic(**_signed(uow, pupil_id, command.audience), kind=command.kind, words=command.words,
                  about_id=command.about_id, removed_at=None)
    uow.add(topic)
    if command.audience in (ALL, SCHOOL):
        uow.record(topic_picked(uow, topic))
    uow.flush()
    return topic


def remove_topic(uow: UnitOfWork, caller: Principal, topic_id: str) -> None:
    topic: Topic = _find_own(uow, caller, Topic, topic_id)
    if topic.removed_at is not None:
        raise NotFound()
    topic.removed_at = uow.now


def open_sealed(uow: UnitOfWork, caller: Principal, pupil_id: str, why: str, child_told: str) -> dict[str, Any]:
    """What a child keeps for themselves, for a safeguarding lead, this once; who opened it and why is kept for good."""
    sealed = list_sealed(uow, pupil_id)
    opening = SealedOpening(id=new_id(), pupil_id=pupil_id, staff_id=caller.person_id, why=why, child_told=child_told,
                            entry_ids=[row.id for row in sealed], opened_at=uow.now, told_at=None)
    uow.add(opening)
    uow.flush()
    return {"opening_id": opening.id, "items": [
        {"id": row.id, "kind": row.kind if isinstance(row, Topic) else KIND, "words": row.words, "at": row.written_at}
        for row in sealed]}


def tell_child(uow: UnitOfWork, caller: Principal, opening_id: str) -> None:
    """A lead has told the child after all: from now on the child's own page says so."""
    opening: SealedOpening | None = uow.get(SealedOpening, opening_id)
    if opening is None:
        raise NotFound()
    ask(uow, caller, "see", opening.pupil_id)
    if opening.child_told == TOLD or opening.told_at is not None:
        raise Conflict("The child has been told already.")
    opening.told_at = uow.now


def divert_read(uow: UnitOfWork, caller: Principal, entry_id: str) -> Passed:
    """Pass it on by somebody who may read it: for the child a note is read by them, as on any other day.

    Who may see the child and not read this has nothing to pass on.
    """
    if uow.get(Note, entry_id) is None:
        find_topic(uow, caller, entry_id)
    else:
        mark_read(uow, caller, entry_id)
    return divert_entry(uow, entry_id)


def divert_entry(uow: UnitOfWork, entry_id: str) -> Passed:
    """Off everybody's screens but the child's own. What no adult can read, no adult can pass on."""
    row: Note | Topic | None = uow.get(Note, entry_id) or uow.get(Topic, entry_id)
    if row is None or row.passed_at is not None or row.audience == ONLY_ME:
        raise NotFound()
    if isinstance(row, Note):
        uow.record(note_withdrawn(uow, row))
    return pass_on(uow, row, KIND, whole_words(row))


def answer_passed(uow: UnitOfWork, note_id: str, staff_id: str) -> None:
    """A lead has read a note that the child has shared anew: the child sees the name of who passed the first one on."""
    if not waits_for_reader(uow, note_id):
        raise Conflict("The child sees already that this was read, or keeps it for now.")
    uow.add(NoteRead(note_id=note_id, staff_id=staff_id, read_at=uow.now))


def end_about(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """The children have left: nothing waits for a meeting any more. Their notes stay as they are."""
    for topic in uow.all(sa.select(Topic).where(Topic.pupil_id.in_(sorted(pupil_ids)), Topic.removed_at.is_(None))):
        topic.removed_at = uow.now
