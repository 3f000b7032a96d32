"""Tables of who opened a child's record, of requests to have it, and of what was kept out of a pack. Kept for ever."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class RecordRead(Tenant, Base):
    """A member of staff opened something of a child's record."""

    __tablename__ = "record_reads"
    __table_args__ = (Index("ix_record_reads_pupil", "school_id", "pupil_id", "read_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    staff_id: Mapped[str] = mapped_column(String(36))
    role: Mapped[str]
    what: Mapped[str] = mapped_column(String(60))  # page | praise | updates | update:<id> | ...
    read_at: Mapped[datetime]
    is_hidden: Mapped[bool]  # never shown to an adult


class ReadMark(Tenant, Base):
    """A safeguarding lead's word: what this person opens of this kind about this child is never shown."""

    __tablename__ = "read_marks"

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    what: Mapped[str] = mapped_column(String(60), primary_key=True)
    marked_by: Mapped[str] = mapped_column(String(36))
    marked_at: Mapped[datetime]


class AccessRequest(Tenant, Base):
    """An adult asked for everything that is held about a child."""

    __tablename__ = "access_requests"
    __table_args__ = (Index("ix_access_requests_pupil", "school_id", "pupil_id", "guardian_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[datetime]
    asked_on: Mapped[date]  # the day at the school, from which the month runs
    due_on: Mapped[date]
    extended_to: Mapped[date | None]
    extension_reason: Mapped[str | None]
    child_wishes: Mapped[str | None]  # the child's own, for staff alone
    child_asked_by: Mapped[str | None] = mapped_column(String(36))
    state: Mapped[str]  # asked | ready | refused | withdrawn
    reviewed_by: Mapped[str | None] = mapped_column(String(36))
    reviewed_at: Mapped[datetime | None]
    reason: Mapped[str | None]  # why it was refused
    item_keys: Mapped[list[str] | None] = mapped_column(JSON)  # what was reviewed: nothing newer goes out


class AccessRedaction(Tenant, Base):
    """What was kept out of a pack, by whom and why."""

    __tablename__ = "access_redactions"

    request_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    item_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
