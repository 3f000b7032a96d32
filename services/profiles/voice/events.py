"""Facts announced here: ids alone, and never that something was written which is not shared."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version
from services.profiles.voice.models import Note, Topic


def note_shared(uow: UnitOfWork, note: Note, staff_ids: Sequence[str]) -> Fact:
    """School can read a note that a child has written: who teaches the child is told."""
    return Fact("tandem.profiles.note.shared.v1", note.pupil_id, 1, {
        "note_id": note.id, "pupil_id": note.pupil_id, "staff_ids": list(staff_ids)}, after=state_version(uow))


def note_withdrawn(uow: UnitOfWork, note: Note) -> Fact:
    """School can read it no more: what told of it is taken back. It does not say why, or by whom."""
    return Fact("tandem.profiles.note.withdrawn.v1", note.pupil_id, 1, {
        "note_id": note.id, "pupil_id": note.pupil_id}, after=state_version(uow))


def topic_picked(uow: UnitOfWork, topic: Topic) -> Fact:
    """A child wants to talk about something, and lets it be known; nobody is told before the meeting."""
    about = {"about_id": topic.about_id} if topic.about_id else {}
    return Fact("tandem.profiles.topic.picked.v1", topic.pupil_id, 1, {
        "topic_id": topic.id, "pupil_id": topic.pupil_id, **about}, after=state_version(uow))
