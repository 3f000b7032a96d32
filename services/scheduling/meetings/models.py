"""Tables of meetings. Each adult's part in one, with its times, is a row of reviews, of the kind 'talk'."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Meeting(Tenant, Base):
    """A talk that was asked for; `appointment_id`: the appointment of an evening of which it is the rest."""

    __tablename__ = "meetings"
    __table_args__ = (sa.UniqueConstraint("school_id", "appointment_id"),
                      sa.Index("ix_meetings_pupil", "school_id", "pupil_id"))

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    asked_by: Mapped[str] = mapped_column(sa.String(10))  # guardian | staff | office
    appointment_id: Mapped[str | None] = mapped_column(sa.String(36))
    asked_at: Mapped[datetime]
