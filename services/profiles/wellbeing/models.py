"""Tables of updates from home, who may know of them, and who has read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Update(Tenant, Base):
    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_pupil", "school_id", "pupil_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str]
    words: Mapped[str]
    audience: Mapped[str]  # class | year | safeguarding
    until: Mapped[str]  # week | half-term | i-say
    expires_at: Mapped[datetime | None]
    shared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Reader(Tenant, Base):
    """A member of staff who may know of an update, and when and how they acknowledged it."""

    __tablename__ = "update_readers"
    __table_args__ = (Index("ix_update_readers_staff", "school_id", "staff_id"),)

    update_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    acknowledged_at: Mapped[datetime | None]
    reply: Mapped[str | None]
