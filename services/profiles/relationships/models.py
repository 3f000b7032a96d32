"""Tables of relationships, of what they were before, and of who changed what. Nothing is ever deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


@declarative_mixin
class Facts:
    """What is known of an adult and a child, since when, and by whose word."""

    kind: Mapped[str]
    parental_responsibility: Mapped[str]  # yes | no | unknown
    responsibility_seen: Mapped[str | None]  # how it was seen: what document, by whom
    restriction: Mapped[str]  # the last word of a roster file: none | restricted | unknown
    checked_by: Mapped[str | None]  # who looked when a file did not know, and found no restriction
    checked_seen: Mapped[str | None]  # what they looked at
    lives_with: Mapped[str]  # yes | no | shared | unknown
    priority: Mapped[int | None]
    status: Mapped[str]  # current | ended
    pupil_is_current: Mapped[bool]
    since: Mapped[datetime]
    changed_by: Mapped[str]  # a member of staff, or 'roster'


class Relationship(Facts, Tenant, Base):
    __tablename__ = "relationships"
    __table_args__ = (Index("ix_relationships_guardian", "school_id", "guardian_id"),)

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    windows: Mapped[dict[str, Any]] = mapped_column(JSON)  # the rights as they were last published
    file_says: Mapped[dict[str, Any]] = mapped_column(JSON)  # the last roster's words
    allowed: Mapped[list[str]] = mapped_column(JSON)  # those that were open when somebody was last told
    home_id: Mapped[str | None] = mapped_column(String(36))  # the home as it was last published


class PastRelationship(Facts, Tenant, Base):
    """What a pair was from `since` to `until`."""

    __tablename__ = "past_relationships"
    __table_args__ = (Index("ix_past_relationships_pair", "school_id", "pupil_id", "guardian_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    until: Mapped[datetime]


class RightsChange(Tenant, Base):
    """Who changed what about a pair, or about a child (no guardian), or about the school's policy (neither)."""

    __tablename__ = "rights_changes"
    __table_args__ = (Index("ix_rights_changes_pair", "school_id", "pupil_id", "guardian_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str | None] = mapped_column(String(36))
    guardian_id: Mapped[str | None] = mapped_column(String(36))
    what: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    lost: Mapped[list[str]] = mapped_column(JSON)
    gained: Mapped[list[str]] = mapped_column(JSON)


class CareOrder(Tenant, Base):
    """A child who is looked after: the local authority that shares responsibility, from when until when."""

    __tablename__ = "care_orders"
    __table_args__ = (Index("ix_care_orders_pupil", "school_id", "pupil_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    authority: Mapped[str]
    entered_by: Mapped[str] = mapped_column(String(36))
    entered_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(36))
    ended_at: Mapped[datetime | None]
