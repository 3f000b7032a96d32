"""Tables of diaries: which meeting holds a teacher's time, and where adults are beside their appointments."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Booking(Tenant, Base):
    """Who holds a time now: a meeting, one that is to come of a held itinerary, or an offer.

    One slot has one holder, and one teacher is at one place at a time: a slot at which several sit is held once for
    each of them. A longer talk holds several slots. A time outside of an evening has its meeting's id in the place of
    a slot's.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "staff_id", "starts_at"),
        sa.Index("ix_bookings_holder", "school_id", "appointment_id"),
    )

    slot_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    appointment_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Engagement(Tenant, Base):
    """An adult's place in a meeting that is no appointment of an evening, or not yet; '' in no room: nobody walks."""

    __tablename__ = "engagements"
    __table_args__ = (sa.Index("uq_engagements_place", "school_id", "guardian_id", "starts_at", unique=True),)

    meeting_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    booked_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(sa.String(120), server_default="")
    site: Mapped[str] = mapped_column(sa.String(60), server_default="")
