"""Versions of a school's policy. Without one the trust's defaults hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class PolicyVersion(Tenant, Base):
    """Of the versions that have begun the one with the highest number holds: a later decision wins."""

    __tablename__ = "policy_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    overrides: Mapped[dict[str, Any]] = mapped_column(JSON)  # kind -> rights; a kind that is not here has the trust's
    starts_at: Mapped[datetime]
    reason: Mapped[str]
    entered_by: Mapped[str] = mapped_column(String(36))
    entered_at: Mapped[datetime]
