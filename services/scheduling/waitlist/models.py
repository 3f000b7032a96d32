"""Tables of the waiting list: who waits for whom, and what was offered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Waiting(Tenant, Base):
    """One adult waits to talk with one teacher about one child; `instead_of` the appointment that they have.

    Times are as the school's clock shows them (HH:MM). `rank` is how much they wish it among their own wishes: 1 is the
    most.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        sa.Index("uq_waiting_live", "school_id", "evening_id", "guardian_id", "pupil_id", "staff_id", unique=True,
                 sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_waiting_staff", "school_id", "staff_id", "state"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[str] = mapped_column(sa.String(10))  # waiting | met | left | ended
    instead_of: Mapped[str | None] = mapped_column(sa.String(36))
    earliest: Mapped[str | None] = mapped_column(sa.String(5))
    latest: Mapped[str | None] = mapped_column(sa.String(5))
    not_times: Mapped[list[Any]] = mapped_column(sa.JSON, server_default="[]")  # [from, to], when they cannot come
    rank: Mapped[int] = mapped_column(server_default="1")
    how: Mapped[str | None] = mapped_column(sa.String(10))
    call_on: Mapped[str] = mapped_column(sa.String(40))
    needs: Mapped[list[str]]
    since: Mapped[datetime]
    changed_at: Mapped[datetime]


class Offer(Tenant, Base):
    """A time that is held for one who waits. Its id holds the time, and is the appointment's if it is a new one."""

    __tablename__ = "offers"
    __table_args__ = (
        sa.Index("uq_offers_open", "school_id", "waiting_id", unique=True,
                 sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")),
        sa.Index("ix_offers_guardian", "school_id", "guardian_id", "state"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    waiting_id: Mapped[str] = mapped_column(sa.String(36))
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[str] = mapped_column(sa.String(10))  # open | accepted | declined | expired | withdrawn
    slot_ids: Mapped[list[Any]] = mapped_column(sa.JSON)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    appointment_id: Mapped[str | None] = mapped_column(sa.String(36))
    ended_at: Mapped[datetime | None]
