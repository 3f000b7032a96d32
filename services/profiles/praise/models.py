"""The table of good news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base

STRENGTHS = {
    "kindness": "Kindness", "perseverance": "Keeping going", "curiosity": "Curiosity", "teamwork": "Working together",
    "creativity": "Creativity", "courage": "Courage", "helpfulness": "Helping others", "honesty": "Honesty",
    "focus": "Concentration", "progress": "Getting better at something",
}


class Praise(Tenant, Base):
    __tablename__ = "praise"
    __table_args__ = (Index("ix_praise_pupil", "school_id", "pupil_id", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36))
    staff_id: Mapped[str] = mapped_column(String(36))
    strength: Mapped[str]
    sentence: Mapped[str]
    sent_at: Mapped[datetime]
