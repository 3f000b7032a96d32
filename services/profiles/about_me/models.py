"""Tables of the one-page profile: entries with every version of their words, suggestions, who has read it, journeys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.signed import Signed
from services.profiles.tables import Base


class AboutEntry(Signed, Base):
    """What stands on the page in one voice. An entry `beside` another is the other view where two differ."""

    __tablename__ = "about_entries"
    __table_args__ = (Index("ix_about_entries_pupil", "school_id", "pupil_id"),)

    section: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    widest: Mapped[str] = mapped_column(String(10))  # all | school: the most that its audience may become
    begun_at: Mapped[datetime]  # when its first words were written; written_at is of the words that stand
    removed_at: Mapped[datetime | None]
    agreed_voice: Mapped[str | None] = mapped_column(String(10))  # with whom these words were agreed
    beside_id: Mapped[str | None] = mapped_column(String(36))
    beside_voice: Mapped[str | None] = mapped_column(String(10))  # whose entry that is: they always read this one
    beside_author_id: Mapped[str | None] = mapped_column(String(36))
    from_school: Mapped[str | None] = mapped_column(String(64))
    origin_id: Mapped[str | None] = mapped_column(String(36))  # what it was called there


class AboutVersion(Signed, Base):
    """Words that stand or once stood, for whom they were meant, and how they came: nothing is overwritten."""

    __tablename__ = "about_versions"
    __table_args__ = (Index("ix_about_versions_entry", "school_id", "entry_id", "number"),
                      Index("ix_about_versions_pupil", "school_id", "pupil_id"))

    entry_id: Mapped[str] = mapped_column(String(36))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(String(20))  # added | changed | agreed | kept-both | removed | arrived
    agreed_voice: Mapped[str | None] = mapped_column(String(10))


class AboutSuggestion(Signed, Base):
    """Other words for an entry of another voice, waiting for its author or decided."""

    __tablename__ = "about_suggestions"
    __table_args__ = (Index("ix_about_suggestions_pupil", "school_id", "pupil_id", "state"),
                      Index("ix_about_suggestions_entry", "school_id", "entry_id", "state"))

    entry_id: Mapped[str] = mapped_column(String(36))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))  # open | agreed | kept-both | declined | withdrawn | lapsed
    decided_at: Mapped[datetime | None]


class AboutPage(Tenant, Base):
    """The page as a whole: its version rises with every change that staff may read."""

    __tablename__ = "about_pages"

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int]
    changed_at: Mapped[datetime]
    review_asked_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None] = mapped_column(String(36))


class AboutReading(Tenant, Base):
    """Which version of a child's page a member of staff has read, and how often one who is new was reminded."""

    __tablename__ = "about_readings"
    __table_args__ = (Index("ix_about_readings_staff", "school_id", "staff_id"),)

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int]  # 0: none yet
    read_at: Mapped[datetime | None]
    chases: Mapped[int]


class AboutJourney(Tenant, Base):
    """A page that may go to another school of the trust, as it stood when its adult agreed."""

    __tablename__ = "about_journeys"
    __table_args__ = (Index("ix_about_journeys_ticket", "school_id", "ticket_hash"),
                      Index("ix_about_journeys_pupil", "school_id", "pupil_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    to_school: Mapped[str] = mapped_column(String(64))
    ticket_hash: Mapped[str] = mapped_column(String(64))
    snapshot: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))  # open | used | withdrawn
    agreed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
