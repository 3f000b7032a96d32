"""Tables of good news, and of the strengths that a school names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.signed import Signed
from services.profiles.tables import Base


class Praise(Signed, Base):
    __tablename__ = "praise"
    __table_args__ = (Index("ix_praise_pupil", "school_id", "pupil_id", "id"),)

    strength: Mapped[str]  # a key of the trust's list or of `strengths`
    sentence: Mapped[str]


class Strength(Tenant, Base):
    """What a school has made of the trust's list: an own word for a strength, one of its own, or one taken off.

    A row is never deleted: good news that names it keeps its word.
    """

    __tablename__ = "strengths"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str | None] = mapped_column(String(60))  # None: the trust's own
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
