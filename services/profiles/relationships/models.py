"""Tables of relationships and of the office's word about restrictions. Nothing of the latter is ever deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Relationship(Tenant, Base):
    __tablename__ = "relationships"
    __table_args__ = (Index("ix_relationships_guardian", "school_id", "guardian_id"),)

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str]
    parental_responsibility: Mapped[str]  # yes | no | unknown
    restriction: Mapped[str]  # what the roster says: none | restricted | unknown
    lives_with: Mapped[str]  # yes | no | shared | unknown
    priority: Mapped[int | None]
    status: Mapped[str]  # current | ended
    office_restriction: Mapped[str | None]  # the office's word that holds now; its history is in restrictions
    windows: Mapped[dict[str, Any]] = mapped_column(JSON)  # the rights as they were last published


class Restriction(Tenant, Base):
    __tablename__ = "restrictions"
    __table_args__ = (Index("ix_restrictions_pair", "school_id", "pupil_id", "guardian_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    restriction: Mapped[str]  # none | restricted
    evidence: Mapped[str]
    review_on: Mapped[date | None]
    entered_by: Mapped[str] = mapped_column(String(36))
    entered_at: Mapped[datetime]
