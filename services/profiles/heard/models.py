"""Tables of contact made: every one, and when it was last for each child, so that who is unheard is a short read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Contact(Tenant, Base):
    """Home and school were in touch about a child: when, of what kind, and who of school it was."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_made", "school_id", "made_at"),
                      Index("ix_contacts_pupil", "school_id", "pupil_id", "made_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))  # good-news | worry | talk | note
    staff_id: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime]


class Heard(Tenant, Base):
    """When a child's family last heard from school, of anything, of something good, and of a worry."""

    __tablename__ = "heard"

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    last_at: Mapped[datetime]
    last_good_at: Mapped[datetime | None]
    last_worry_at: Mapped[datetime | None]
