"""Tables of the locked room: they are only ever added to. The database itself refuses to change or delete a row.

They name no row of another table as a key, so that nothing that is changed elsewhere reaches what is kept here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Matter(Tenant, Base):
    """Something that a member of staff has passed on: what it was, and whose."""

    __tablename__ = "matters"
    __table_args__ = (Index("ix_matters_entry", "school_id", "kind", "entry_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # update | loop | note | ...
    entry_id: Mapped[str] = mapped_column(String(36))
    pupil_id: Mapped[str] = mapped_column(String(36))
    voice: Mapped[str] = mapped_column(String(10))  # child | home | school
    author_id: Mapped[str] = mapped_column(String(36))
    written_at: Mapped[datetime]
    passed_by: Mapped[str] = mapped_column(String(36))
    passed_at: Mapped[datetime]


class MatterEntry(Tenant, Base):
    """One thing that is known of a matter, in the order in which it came."""

    __tablename__ = "matter_entries"
    __table_args__ = (Index("ix_matter_entries_matter", "school_id", "matter_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    matter_id: Mapped[str] = mapped_column(String(36))
    what: Mapped[str] = mapped_column(String(20))  # passed, changed, withdrawn, shared, added; note, answered, handed
    by_id: Mapped[str] = mapped_column(String(36))
    words: Mapped[str]  # the entry's own words, a lead's note, or what the receiving system said
    about: Mapped[str | None] = mapped_column(String(40))  # what kind of update it is
    why: Mapped[str | None]  # why it was passed on
    child_told: Mapped[str | None] = mapped_column(String(20))  # told | not-safe-to-wait
    system: Mapped[str | None]
    reference: Mapped[str | None]
    digest: Mapped[str | None] = mapped_column(String(64))  # of the file that was handed over
    at: Mapped[datetime]


class MatterRead(Tenant, Base):
    """A lead has opened the list, a matter or its file; seen by leads alone."""

    __tablename__ = "matter_reads"
    __table_args__ = (Index("ix_matter_reads_matter", "school_id", "matter_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    matter_id: Mapped[str] = mapped_column(String(36))  # empty for the list
    staff_id: Mapped[str] = mapped_column(String(36))
    what: Mapped[str] = mapped_column(String(20))  # list | matter | file
    read_at: Mapped[datetime]
