"""Tables of check-ins: how often, who was spoken with, and what is proposed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base

STILL = sa.text("state NOT IN ('ended', 'held')")


class Cadence(Tenant, Base):
    """A school's wish: talks in a half-term by support, reviews a year with closer support, and most a day."""

    __tablename__ = "cadences"

    usual: Mapped[int]
    closer: Mapped[int]
    reviews: Mapped[int]
    most_a_day: Mapped[int]
    version: Mapped[int]
    swept_at: Mapped[datetime | None]  # up to when meetings that took place are in `spoken`


class Spoken(Tenant, Base):
    """When somebody of school last spoke with an adult of this child: one row a child, whatever the history."""

    __tablename__ = "spoken"

    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    last_spoken_at: Mapped[datetime]
    last_review_at: Mapped[datetime | None]


class SpokenWith(Tenant, Base):
    """When somebody of school last spoke with one adult of this child: a row a pair, whatever the history."""

    __tablename__ = "spoken_with"

    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    last_spoken_at: Mapped[datetime]


class FamilyHours(Tenant, Base):
    """When an adult can usually talk: [weekday, from, to]. One's own; no other adult learns of it."""

    __tablename__ = "family_hours"

    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    windows: Mapped[list[Any]] = mapped_column(sa.JSON)
    changed_at: Mapped[datetime]


class Checkin(Tenant, Base):
    """A talk with one adult: proposed to a teacher, perhaps offered to the adult, declined, held, skipped or ended.

    `note` is the teacher's line once it is held; before that, what the adult has said of when they can talk.

    `since_on` is the stretch of the school year for which it counts: a child has one open proposal in each.
    """

    __tablename__ = "checkins"
    __table_args__ = (
        sa.Index("uq_checkins_open", "school_id", "pupil_id", "since_on", unique=True, sqlite_where=STILL,
                 postgresql_where=STILL),
        sa.Index("ix_checkins_staff", "school_id", "staff_id", "state"),
        sa.Index("ix_checkins_pupil", "school_id", "pupil_id"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    since_on: Mapped[date]
    on_day: Mapped[date]
    starts_at: Mapped[datetime]
    how: Mapped[str] = mapped_column(sa.String(10))  # phone | chat
    state: Mapped[str] = mapped_column(sa.String(10))  # proposed | offered | declined | held | skipped | ended
    note: Mapped[str] = mapped_column(sa.String(280))
    held_on: Mapped[date | None]
    version: Mapped[int]
    changed_at: Mapped[datetime]
