"""Tables of evenings."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Evening(Tenant, Base):
    __tablename__ = "evenings"
    __table_args__ = (sa.Index("ix_evenings_starts_at", "school_id", "starts_at"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    held_on: Mapped[date]
    from_time: Mapped[str] = mapped_column(sa.String(5))  # as the school's clock shows it
    to_time: Mapped[str] = mapped_column(sa.String(5))
    slot_minutes: Mapped[int]
    respond_by_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class EveningClass(Tenant, Base):
    __tablename__ = "evening_classes"
    __table_args__ = (sa.Index("ix_evening_classes_class", "school_id", "class_id"),)

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    class_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)


class Slot(Tenant, Base):
    """One teacher, free for one family, at one time."""

    __tablename__ = "slots"
    __table_args__ = (sa.UniqueConstraint("school_id", "evening_id", "staff_id", "starts_at"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
