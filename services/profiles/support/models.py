"""The table of support for special needs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Support(Tenant, Base):
    """Whether a child has support for special needs, and how its plan is called: for few."""

    __tablename__ = "about_support"

    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))  # none | sen-support | ehc-plan
    plan_reference: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(36))
    set_at: Mapped[datetime]
