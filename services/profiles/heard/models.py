"""Tables of contact made: every one, when it was last for each child, and how many of a kind there were in a week.

Who is unheard and what was done are short reads that way: nothing ever looks through the contacts themselves.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Contact(Tenant, Base):
    """Home and school were in touch about a child: when, of what kind, and who of school it was."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_made", "school_id", "made_at"),
                      Index("ix_contacts_pupil", "school_id", "pupil_id", "made_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))  # good-news | worry | talk | note
    staff_id: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime]


class Heard(Tenant, Base):
    """When a child's family last heard from school, of anything, of something good, of a worry, and otherwise."""

    __tablename__ = "heard"

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    last_at: Mapped[datetime]
    last_good_at: Mapped[datetime | None]
    last_worry_at: Mapped[datetime | None]
    last_other_at: Mapped[datetime | None]  # a talk or a note


class ContactCount(Tenant, Base):
    """How often in one week: a half-term is added up of its weeks, so that a school can change its dates.

    It is added up for whole classes, and is shown of no child.
    """

    __tablename__ = "contact_counts"

    week_on: Mapped[date] = mapped_column(Date, primary_key=True)  # its Monday
    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    made: Mapped[int]


class HeardSetting(Tenant, Base):
    """After how many weeks of school without a word a family has not been heard from. Without a row: the usual."""

    __tablename__ = "heard_settings"

    weeks: Mapped[int]
