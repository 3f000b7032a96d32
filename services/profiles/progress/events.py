"""Facts announced here."""

from __future__ import annotations

from chassis.envelope import Fact
from services.profiles.progress.models import ProgressNote


def progress_written(note: ProgressNote, after: int) -> Fact:
    """A teacher has said how it goes: each home hears separately."""
    return Fact("tandem.profiles.progress.written.v1", note.pupil_id, 1, {
        "progress_id": note.id, "pupil_id": note.pupil_id, "staff_id": note.author_id, "to": "adults"}, after=after)


def progress_replied(note: ProgressNote, reply_id: str, after: int) -> Fact:
    """Home or the child has answered: for the teacher who wrote."""
    return Fact("tandem.profiles.progress.replied.v1", note.pupil_id, 1, {
        "progress_id": note.id, "pupil_id": note.pupil_id, "staff_ids": [note.author_id],
        "entry_id": reply_id}, after=after)
