"""Tables of loops: the loop, the words in it, the steps, who was asked to join, and the review meetings of each adult.

A loop is signed by whoever opened it, and its `audience` says who is in it at home: everybody who may see the child,
or its opener alone. What is said inside has an audience of its own, among those who are in.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.signed import Signed
from services.profiles.tables import Base


class Partnership(Signed, Base):
    __tablename__ = "partnerships"
    __table_args__ = (Index("ix_partnerships_pupil", "school_id", "pupil_id", "id"),
                      Index("ix_partnerships_open", "school_id", "closed_at", "review_on"))

    is_child_in: Mapped[bool]
    opening_id: Mapped[str] = mapped_column(String(36))
    lead_id: Mapped[str | None] = mapped_column(String(36))  # who of school leads it
    review_on: Mapped[date]
    review_version: Mapped[int]  # of what was said last of its review meeting
    follows_id: Mapped[str | None] = mapped_column(String(36))  # the loop whose new step this is
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))  # celebration | new-step | left


class Entry(Signed, Base):
    """Words in a loop. An answer's first words are what goes well; `more` holds its others by name."""

    __tablename__ = "partnership_entries"
    __table_args__ = (Index("ix_partnership_entries_loop", "school_id", "partnership_id", "id"),)

    partnership_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))  # answer | view | note | closing | thanks
    words: Mapped[str]
    more: Mapped[dict[str, Any]] = mapped_column(JSON)
    about_id: Mapped[str | None] = mapped_column(String(36))  # the first of two views; the meeting of a note
    version: Mapped[int]
    changed_at: Mapped[datetime | None]


class Step(Signed, Base):
    """What somebody will try: who, what, by when, and whether it was kept."""

    __tablename__ = "partnership_steps"
    __table_args__ = (Index("ix_partnership_steps_loop", "school_id", "partnership_id", "id"),
                      Index("ix_partnership_steps_pupil", "school_id", "pupil_id", "state"))

    partnership_id: Mapped[str] = mapped_column(String(36))
    doer: Mapped[str] = mapped_column(String(10))  # home | school | child
    guardian_id: Mapped[str | None] = mapped_column(String(36))
    view_id: Mapped[str | None] = mapped_column(String(36))  # two views agreed on it
    words: Mapped[str]
    by_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))  # open | kept | not-yet
    marked_at: Mapped[datetime | None]


class Joiner(Signed, Base):
    """A third person whom somebody asked to join: of school (with an id) or from outside (in words alone)."""

    __tablename__ = "partnership_joiners"
    __table_args__ = (Index("ix_partnership_joiners_loop", "school_id", "partnership_id", "id"),
                      Index("ix_partnership_joiners_staff", "school_id", "staff_id", "partnership_id"))

    partnership_id: Mapped[str] = mapped_column(String(36))
    role: Mapped[str] = mapped_column(String(20))
    words: Mapped[str]
    staff_id: Mapped[str | None] = mapped_column(String(36))
    joined_at: Mapped[datetime | None]


class Meeting(Tenant, Base):
    """The latest news of one adult's review meeting; a cancelled one stays, so that older news can't bring it back."""

    __tablename__ = "partnership_meetings"
    __table_args__ = (Index("ix_partnership_meetings_loop", "school_id", "partnership_id"),)

    review_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    partnership_id: Mapped[str] = mapped_column(String(36))
    staff_id: Mapped[str | None] = mapped_column(String(36))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10))  # booked | cancelled
    version: Mapped[int]
    news_at: Mapped[datetime]
    news_id: Mapped[str] = mapped_column(String(36))
