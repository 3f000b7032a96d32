"""Tables of reception: adults by name, a projection of profiles' state, and what was asked at the door."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class DoorAdult(Tenant, Base):
    """An adult by name alone: there is no address or number to be read here."""

    __tablename__ = "door_adults"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(200))
    family_name: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int]


class DoorCall(Tenant, Base):
    """An answer that was given: who asked, about whom if we know them, and what was said. No names."""

    __tablename__ = "door_calls"
    __table_args__ = (sa.Index("ix_door_calls_called_at", "school_id", "called_at"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str | None] = mapped_column(sa.String(36))
    guardian_id: Mapped[str | None] = mapped_column(sa.String(36))
    asked_for: Mapped[str] = mapped_column(sa.String(10))
    answer: Mapped[str] = mapped_column(sa.String(10))
    asked_by: Mapped[str] = mapped_column(sa.String(36))
    asked_at: Mapped[datetime]
    called_at: Mapped[datetime | None]  # when a colleague was called; none for an ask while one is on the way
