"""What can be done: write a note, answer it, and pass an answer on to a safeguarding lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_classes, list_pupils
from services.profiles.heard.actions import NOTE, note_contact
from services.profiles.people.events import state_version
from services.profiles.progress.events import progress_replied, progress_written
from services.profiles.progress.models import ProgressNote, ProgressReply
from services.profiles.progress.queries import find_note
from services.profiles.relationships.queries import ask
from services.profiles.signed import ALL, SCHOOL, Passed, move_signed, pass_on, voice_of


def write_note(uow: UnitOfWork, caller: Principal, pupil_id: str, words: Mapping[str, str]) -> ProgressNote:
    """Keep a teacher's note and announce it: every adult with the right to receive hears, each home separately."""
    class_id = words["class_id"]
    _require_taught(uow, caller, class_id, pupil_id)
    note = ProgressNote(
        id=new_id(), pupil_id=pupil_id, voice=voice_of(caller), author_id=caller.person_id, audience=ALL,
        written_at=uow.now, passed_at=None, class_id=class_id, strength=words["strength"], goes=words["goes"],
        next_step=words["next_step"], at_home=words["at_home"])
    uow.add(note)
    uow.record(progress_written(note, state_version(uow)))
    note_contact(uow, [pupil_id], NOTE, caller.person_id)
    uow.flush()
    return note


def _require_taught(uow: UnitOfWork, caller: Principal, class_id: str, pupil_id: str) -> None:
    mine = {item.id for item in list_classes(uow, caller.person_id, frozenset())}
    if class_id not in mine or pupil_id not in {pupil.id for pupil in list_pupils(uow, class_id)}:
        raise Invalid(errors={"/class_id": "Choose a class in which you teach this child."})


def reply(uow: UnitOfWork, caller: Principal, progress_id: str, words: str) -> ProgressNote:
    """Keep an answer, for school alone, and tell the teacher who wrote."""
    note = find_note(uow, caller, progress_id)
    ask(uow, caller, "reply", note.pupil_id)
    answer = ProgressReply(
        id=new_id(), pupil_id=note.pupil_id, voice=voice_of(caller), author_id=caller.person_id, audience=SCHOOL,
        written_at=uow.now, passed_at=None, progress_id=note.id, words=words)
    uow.add(answer)
    uow.record(progress_replied(note, answer.id, state_version(uow)))
    uow.flush()
    return note


def divert_entry(uow: UnitOfWork, entry_id: str) -> Passed:
    """Take an answer off everybody's screens but its author's, and hand over what it said."""
    found: ProgressReply | None = uow.session.scalars(
        sa.select(ProgressReply).where(ProgressReply.id == entry_id).with_for_update()).one_or_none()
    if found is None or found.passed_at is not None:
        raise NotFound()
    passed = pass_on(uow, found, "reply", found.words)
    uow.flush()
    return replace(passed, about_id=found.progress_id, is_whole=False)


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: the answers of the one are the other's."""
    move_signed(uow, ProgressReply, from_id, to_id)
