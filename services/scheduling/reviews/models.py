"""Tables of reviews: what was asked for, one adult's review, and when a member of staff can usually talk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class ReviewAsk(Tenant, Base):
    """The last word on whether a partnership is to be looked at again, and when (`chassis.projections`)."""

    __tablename__ = "review_asks"

    partnership_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_ids: Mapped[list[str]]
    staff_ids: Mapped[list[str]]
    from_on: Mapped[date | None]
    by_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(sa.String(10))  # asked | dropped
    version: Mapped[int]


class Review(Tenant, Base):
    """One adult's meeting with one member of staff: a review, or a talk outside evenings (room `meetings`).

    `partnership_id` is the loop that a review is of; of a talk it is the id of its meeting. `times` are instants at
    which it could begin. What was booked and then given back is kept in `was_starts_at`, so that calendars can take it
    out. `sequence` rises with each change, as calendars want; `version` with each fact that is announced about it.
    `is_staffs_alone`: the adult has no part in it any more, and the member of staff sees it as it was.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "partnership_id", "guardian_id"),
        sa.Index("ix_reviews_guardian", "school_id", "guardian_id"),
        sa.Index("ix_reviews_staff", "school_id", "staff_id"),
        sa.Index("ix_reviews_pupil", "school_id", "pupil_id"),
        sa.Index("ix_reviews_ends_at", "school_id", "ends_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), server_default="review")  # review | talk
    partnership_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    from_on: Mapped[date]
    by_on: Mapped[date]
    about: Mapped[str] = mapped_column(sa.String(500), server_default="")  # of a talk, in the words of who asked for it
    prefers: Mapped[str | None] = mapped_column(sa.String(10))  # how, as whoever asked would like it
    times: Mapped[list[str]]
    can: Mapped[list[Any]] = mapped_column(sa.JSON)  # when the adult can, where no time suits: [day, from, to]
    state: Mapped[str] = mapped_column(sa.String(10))  # offered | unsuited | booked | cancelled
    cause: Mapped[str | None] = mapped_column(sa.String(20))
    how: Mapped[str | None] = mapped_column(sa.String(10))  # in-person | phone | video
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    was_starts_at: Mapped[datetime | None]
    was_ends_at: Mapped[datetime | None]
    sequence: Mapped[int]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    is_staffs_alone: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class StaffHours(Tenant, Base):
    """When a member of staff can usually talk with families ([weekday, from, to]), and their room for video calls."""

    __tablename__ = "staff_hours"

    staff_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    windows: Mapped[list[Any]] = mapped_column(sa.JSON)
    link: Mapped[str] = mapped_column(sa.String(300))
    changed_at: Mapped[datetime]
