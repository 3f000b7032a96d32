"""Tables of wishes: a teacher's mark for a child, an adult's form for an evening, and whom they wish to talk with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class TeacherMark(Tenant, Base):
    """'please-come' or 'no-need', with a kind sentence for the child's adults."""

    __tablename__ = "teacher_marks"
    __table_args__ = (sa.Index("ix_teacher_marks_pupil", "school_id", "pupil_id"),)

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    mark: Mapped[str] = mapped_column(sa.String(12))  # please-come | no-need
    sentence: Mapped[str] = mapped_column(sa.String(300))
    changed_at: Mapped[datetime]


class WishForm(Tenant, Base):
    """How one adult comes to one evening. Times are as the school's clock shows them (HH:MM).

    `not_times` are [from, to] at which they cannot come; `elsewhere` are instants at which they are at another school
    of the trust ([start, end, site]). `needs` are keys of resources: 'bsl', 'step-free', 'longer', 'creche', and
    'interpreter:<language>'. `pupil_ids` are the children of whom it speaks, also of those with no wish.
    """

    __tablename__ = "wish_forms"
    __table_args__ = (sa.Index("ix_wish_forms_guardian", "school_id", "guardian_id"),)

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    comes: Mapped[str] = mapped_column(sa.String(10))  # yes | cannot
    earliest: Mapped[str | None] = mapped_column(sa.String(5))
    latest: Mapped[str | None] = mapped_column(sa.String(5))
    not_times: Mapped[list[Any]] = mapped_column(sa.JSON)
    elsewhere: Mapped[list[Any]] = mapped_column(sa.JSON)
    how: Mapped[str] = mapped_column(sa.String(10))  # in-person | phone | video
    call_on: Mapped[str] = mapped_column(sa.String(40))
    needs: Mapped[list[str]]
    pupil_ids: Mapped[list[str]]
    entered_by: Mapped[str] = mapped_column(sa.String(10))  # guardian | office
    version: Mapped[int]
    changed_at: Mapped[datetime]


class Wish(Tenant, Base):
    """One adult's wish to talk with one teacher about one child. `rank` 1 is the most wanted of that child."""

    __tablename__ = "wishes"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "evening_id", "guardian_id", "pupil_id", "staff_id"),
        sa.Index("ix_wishes_pupil", "school_id", "pupil_id"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    rank: Mapped[int]
    talk_about: Mapped[str] = mapped_column(sa.String(500))
    changed_at: Mapped[datetime]


class WishReminder(Tenant, Base):
    """That those who had not answered were asked once more: the row keeps anybody from being asked again."""

    __tablename__ = "wish_reminders"

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    reminded_at: Mapped[datetime]
