"""Tables of what children write: notes, who has read them, topics for a meeting, and when sealed notes were opened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.signed import Signed
from services.profiles.tables import Base


class Note(Signed, Base):
    """What a child has written. For nobody else ('only-me') until `shared_at`, and again from `withdrawn_at` on."""

    __tablename__ = "child_notes"
    __table_args__ = (Index("ix_child_notes_pupil", "school_id", "pupil_id"),)

    words: Mapped[str]
    shared_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int]


class NoteRead(Tenant, Base):
    """A member of staff says that they have read a note."""

    __tablename__ = "child_note_reads"

    note_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    read_at: Mapped[datetime]


class Topic(Signed, Base):
    """What a child wants to talk about, at the next meeting or at one that `about_id` names."""

    __tablename__ = "child_topics"
    __table_args__ = (Index("ix_child_topics_pupil", "school_id", "pupil_id"),)

    kind: Mapped[str] = mapped_column(String(40))
    words: Mapped[str]
    about_id: Mapped[str | None] = mapped_column(String(36))
    removed_at: Mapped[datetime | None]


class SealedOpening(Tenant, Base):
    """A safeguarding lead has read what a child kept for themselves: who, why, and whether the child knows.

    Rows are added and never taken away; `told_at` is set once, when the child has been told after all.
    """

    __tablename__ = "sealed_openings"
    __table_args__ = (Index("ix_sealed_openings_pupil", "school_id", "pupil_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    staff_id: Mapped[str] = mapped_column(String(36))
    why: Mapped[str]
    child_told: Mapped[str] = mapped_column(String(20))  # told | not-safe-to-wait
    entry_ids: Mapped[list[str]] = mapped_column(JSON)
    opened_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
