"""What each adult has chosen, and the secret by which a letter's reader may say "no more of these"."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.notifications.tables import Base


class Preference(Tenant, Base):
    """One adult's own choice. Who has chosen nothing has no row."""

    __tablename__ = "preferences"

    person_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(10))
    good_news: Mapped[str] = mapped_column(sa.String(12), server_default="as-it-comes")
    language: Mapped[str | None] = mapped_column(sa.String(20))
    changed_at: Mapped[datetime]


class UnsubscribeToken(Tenant, Base):
    """What letters to one adult carry. It is kept as it is, because every letter to come must carry it too."""

    __tablename__ = "unsubscribe_tokens"
    __table_args__ = (sa.UniqueConstraint("school_id", "token"),)

    person_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(50))
