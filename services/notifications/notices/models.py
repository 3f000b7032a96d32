"""What there is to tell one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.notifications.tables import Base


class Notice(Tenant, Base):
    """One thing for one adult. It carries ids, dates and keys; never words about a child."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "event_id", "recipient_id", "pupil_id"),
        sa.Index("ix_notices_mine", "school_id", "recipient_id", "id"),
        sa.Index("ix_notices_pair", "school_id", "pupil_id", "recipient_id"),
        sa.Index("ix_notices_about", "school_id", "about_id"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(sa.String(36))
    recipient_hat: Mapped[str] = mapped_column(sa.String(10))
    pupil_id: Mapped[str | None] = mapped_column(sa.String(36))
    kind: Mapped[str] = mapped_column(sa.String(40))
    about_id: Mapped[str] = mapped_column(sa.String(36))
    data: Mapped[dict[str, Any]]
    event_id: Mapped[str] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_cause: Mapped[str | None] = mapped_column(sa.String(20))
