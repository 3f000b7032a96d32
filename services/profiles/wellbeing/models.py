"""Tables of updates from home, what they said before, who may know of them, who has read them, and what is promised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Update(Tenant, Base):
    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_pupil", "school_id", "pupil_id"),
                      Index("ix_updates_promised", "school_id", "ended_at", "promised_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str]
    words: Mapped[str]
    audience: Mapped[str]  # class | year | named | safeguarding
    until: Mapped[str]  # week | half-term | i-say
    expires_at: Mapped[datetime | None]
    shared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    words_version: Mapped[int] = mapped_column(default=1, server_default="1")  # since which version the words stand
    changed_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]  # by when school has said that somebody reads it
    chased: Mapped[int] = mapped_column(default=0, server_default="0")  # how often school was reminded
    passed_at: Mapped[datetime | None]  # when it was passed on to a safeguarding lead


class UpdateVersion(Tenant, Base):
    """What an update said before its author changed it; only ever added to."""

    __tablename__ = "update_versions"

    update_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str]
    audience: Mapped[str]
    until: Mapped[str]
    staff_ids: Mapped[list[str]] = mapped_column(JSON)  # who might know
    written_at: Mapped[datetime]


class Reader(Tenant, Base):
    """A member of staff who may know of an update, and when and how they acknowledged it."""

    __tablename__ = "update_readers"
    __table_args__ = (Index("ix_update_readers_staff", "school_id", "staff_id"),)

    update_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_version: Mapped[int | None]
    reply: Mapped[str | None]
    left_at: Mapped[datetime | None]  # its author no longer lets them know


class Promise(Tenant, Base):
    """Within how many school hours this school says that somebody reads an update. Without a row: the usual."""

    __tablename__ = "update_promises"

    hours: Mapped[int]
    changed_by: Mapped[str] = mapped_column(String(36))
    changed_at: Mapped[datetime]
