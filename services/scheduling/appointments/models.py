"""Tables of appointments: an appointment is what is remembered; its guests are who comes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Appointment(Tenant, Base):
    """A meeting that was booked, as its teacher sees it. It stands as long as somebody comes.

    `sequence` rises with each change of it, as calendars want; `version` with each fact that is announced about it.
    """

    __tablename__ = "appointments"
    __table_args__ = (sa.Index("ix_appointments_staff", "school_id", "staff_id", "starts_at"),
                      sa.Index("ix_appointments_ends_at", "school_id", "ends_at"))

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    slot_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(sa.String(120))
    room: Mapped[str] = mapped_column(sa.String(120), server_default="")
    link: Mapped[str] = mapped_column(sa.String(300), server_default="")  # where a video call is, for who comes so
    needs: Mapped[list[str]] = mapped_column(sa.JSON, server_default="[]")  # keys of resources
    sequence: Mapped[int]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(10))  # booked | cancelled
    outcome: Mapped[str] = mapped_column(sa.String(10), server_default="")  # held | missed; '' while nobody has said
    changed_at: Mapped[datetime]


class Guest(Tenant, Base):
    """One adult's part in an appointment: who booked it, and who comes along where a family comes together.

    State, cause and sequence are this adult's own, so that nothing of what another does can be seen in them.
    """

    __tablename__ = "appointment_guests"
    __table_args__ = (
        sa.Index("ix_appointment_guests_guardian", "school_id", "guardian_id", "starts_at"),
        sa.Index("ix_appointment_guests_pupil", "school_id", "pupil_id", "starts_at"),
        sa.Index("uq_appointment_guests_place", "school_id", "guardian_id", "starts_at", unique=True,
                 sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'")),
    )

    appointment_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_booker: Mapped[bool]
    how: Mapped[str] = mapped_column(sa.String(10))  # in-person | phone | video
    call_on: Mapped[str] = mapped_column(sa.String(40), server_default="")  # shown to who sits there alone
    sequence: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(10))  # booked | cancelled
    cause: Mapped[str | None] = mapped_column(sa.String(20))
    booked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
