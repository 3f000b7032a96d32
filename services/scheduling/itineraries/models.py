"""Tables of itineraries: what an adult asked for, and the talks that are held for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Itinerary(Tenant, Base):
    """What an adult asked for at an evening. When the time runs out the answers stay.

    `children` are {'pupil_id', 'staff_ids'}, most wanted first. Times are as the school's clock shows them (HH:MM).
    """

    __tablename__ = "itineraries"
    __table_args__ = (sa.Index("uq_itineraries_held", "school_id", "evening_id", "guardian_id", unique=True,
                               sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'")),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[str] = mapped_column(sa.String(10))  # held | kept | let-go | lapsed
    children: Mapped[list[Any]] = mapped_column(sa.JSON)
    earliest: Mapped[str | None] = mapped_column(sa.String(5))
    latest: Mapped[str | None] = mapped_column(sa.String(5))
    not_times: Mapped[list[Any]] = mapped_column(sa.JSON)  # [from, to], when they cannot come
    how: Mapped[str | None] = mapped_column(sa.String(10))
    call_on: Mapped[str] = mapped_column(sa.String(40))
    needs: Mapped[list[str]]
    held_until: Mapped[datetime]
    extended: Mapped[int]
    changed_at: Mapped[datetime]


class ItineraryTalk(Tenant, Base):
    """A talk that is held, or was; `appointment_id` is what holds its time, and becomes the appointment's id."""

    __tablename__ = "itinerary_talks"
    __table_args__ = (sa.Index("ix_itinerary_talks_itinerary", "school_id", "itinerary_id"),)

    appointment_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    itinerary_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    slot_ids: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(sa.String(120))
    how: Mapped[str] = mapped_column(sa.String(10))
