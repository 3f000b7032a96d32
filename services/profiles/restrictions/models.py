"""Tables of restrictions, of what children hold back, and of adults who must not meet. Nothing is ever deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


@declarative_mixin
class Entry:
    """Who entered it and when, and how it was lifted: one asks, and a second member of staff confirms."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    entered_by: Mapped[str] = mapped_column(String(36))
    entered_at: Mapped[datetime]
    lift_reason: Mapped[str | None]
    lift_asked_by: Mapped[str | None] = mapped_column(String(36))
    lift_asked_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(36))
    lifted_at: Mapped[datetime | None]


class Restriction(Entry, Tenant, Base):
    """One order or agreement about a pair. `takes` is what it takes at least; `rules.TAKEN` knows the kinds."""

    __tablename__ = "restrictions"
    __table_args__ = (Index("ix_restrictions_pair", "school_id", "pupil_id", "guardian_id"),)

    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(40))
    takes: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(10))  # office | roster | merge
    document: Mapped[str | None]  # what was seen; the document itself stays in the school's file
    reference: Mapped[str | None]
    seen_by: Mapped[str | None]
    seen_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    until_on: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    review_on: Mapped[date | None]


class KeepApart(Entry, Tenant, Base):
    """Two adults who must not meet; `first_id` is the smaller id."""

    __tablename__ = "keep_apart"
    __table_args__ = (Index("ix_keep_apart_first", "school_id", "first_id"),
                      Index("ix_keep_apart_second", "school_id", "second_id"))

    first_id: Mapped[str] = mapped_column(String(36))
    second_id: Mapped[str] = mapped_column(String(36))
    document: Mapped[str | None]


class Held(Tenant, Base):
    """Rights that a child of 16 or over, or one who is Gillick-competent, holds back from an adult."""

    __tablename__ = "held_rights"
    __table_args__ = (Index("ix_held_rights_pair", "school_id", "pupil_id", "guardian_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    rights: Mapped[list[str]] = mapped_column(JSON)
    basis: Mapped[str] = mapped_column(String(20))  # sixteen | gillick
    agreed_by: Mapped[str] = mapped_column(String(36))
    agreed_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(36))
    ended_at: Mapped[datetime | None]
