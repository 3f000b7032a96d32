"""Tables of feeds."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class FeedToken(Tenant, Base):
    """An adult's one link. Only a hash of its token is kept, so that a copy of this table opens nothing."""

    __tablename__ = "feed_tokens"
    __table_args__ = (sa.UniqueConstraint("school_id", "token_hash"),)

    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
