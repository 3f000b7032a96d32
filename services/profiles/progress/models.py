"""Tables of progress notes and of what home and the child answer."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.profiles.signed import Signed
from services.profiles.tables import Base


class ProgressNote(Signed, Base):
    """What a teacher says of one child, for everybody who helps the child: a strength first."""

    __tablename__ = "progress_notes"
    __table_args__ = (Index("ix_progress_notes_pupil", "school_id", "pupil_id", "id"),
                      Index("ix_progress_notes_written", "school_id", "author_id", "class_id", "written_at"))

    class_id: Mapped[str] = mapped_column(String(36))
    strength: Mapped[str]
    goes: Mapped[str]
    next_step: Mapped[str]
    at_home: Mapped[str]


class ProgressReply(Signed, Base):
    """An answer to a note, for school alone: another home never reads it."""

    __tablename__ = "progress_replies"
    __table_args__ = (Index("ix_progress_replies_note", "school_id", "progress_id", "id"),)

    progress_id: Mapped[str] = mapped_column(String(36))
    words: Mapped[str]
