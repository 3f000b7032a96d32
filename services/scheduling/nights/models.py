"""Tables of nights."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Arrival(Tenant, Base):
    """An adult is here, as the door or they themselves have said."""

    __tablename__ = "night_arrivals"

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    arrived_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(sa.String(36))


class NightDesk(Tenant, Base):
    """How late a teacher said they are; the talks themselves say it too, once they are begun and ended."""

    __tablename__ = "night_desks"

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    minutes_late: Mapped[int]
    said_at: Mapped[datetime]


class NightTalk(Tenant, Base):
    """When an appointment really began and ended; a row from the first time its teacher says anything of it."""

    __tablename__ = "night_talks"
    __table_args__ = (sa.Index("ix_night_talks_evening", "school_id", "evening_id"),)

    appointment_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
