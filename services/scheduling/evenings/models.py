"""Tables of evenings. A booking holds a slot, and its keys decide every race; an appointment is what is remembered."""

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


class Booking(Tenant, Base):
    """Who holds a slot now. One slot has one holder; one adult, and one teacher, is at one place at a time."""

    __tablename__ = "bookings"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "guardian_id", "starts_at"),
        sa.UniqueConstraint("school_id", "staff_id", "starts_at"),
        sa.Index("ix_bookings_pupil", "school_id", "pupil_id"),
    )

    slot_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    appointment_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Appointment(Tenant, Base):
    """A meeting that was booked, and what became of it. `sequence` rises with each change, as calendars want it."""

    __tablename__ = "appointments"
    __table_args__ = (
        sa.Index("ix_appointments_guardian", "school_id", "guardian_id", "starts_at"),
        sa.Index("ix_appointments_staff", "school_id", "staff_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    slot_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(sa.String(120))
    sequence: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(10))  # booked | cancelled
    cause: Mapped[str | None] = mapped_column(sa.String(20))
    changed_at: Mapped[datetime]
