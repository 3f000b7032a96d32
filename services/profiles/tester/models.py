"""Who has looked at rights: kept for ever, and never shown to a family, because a look could hint at a restriction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class RightsLook(Tenant, Base):
    __tablename__ = "rights_looks"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    what: Mapped[str] = mapped_column(String(20))  # families | family | tester | history | checks
    pupil_id: Mapped[str | None] = mapped_column(String(36))
    guardian_id: Mapped[str | None] = mapped_column(String(36))
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
