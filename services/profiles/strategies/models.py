"""Tables of strategies, of who stands behind which version, of every step that was taken, and of notes of trying."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.signed import Signed
from services.profiles.tables import Base


class Strategy(Signed, Base):
    """As it stands now; its author is whoever suggested it, and its audience is for all that follows."""

    __tablename__ = "strategies"
    __table_args__ = (Index("ix_strategies_pupil", "school_id", "pupil_id", "id"),
                      Index("ix_strategies_open", "school_id", "ended_at", "pupil_id"))

    kind: Mapped[str] = mapped_column(String(40))
    what: Mapped[str]
    why: Mapped[str]
    at_home: Mapped[str]
    at_school: Mapped[str]
    by_child: Mapped[str]
    version: Mapped[int]
    ended_at: Mapped[datetime | None]  # for everybody; an adult at home ends it for themselves, at their side


class StrategySide(Tenant, Base):
    """Who is behind it: school as a whole, each adult at home for themselves, the child."""

    __tablename__ = "strategy_sides"

    strategy_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    voice: Mapped[str] = mapped_column(String(10), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)  # 'school' for the school
    version: Mapped[int]  # the one that was agreed to last; 0: none
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class StrategyStep(Signed, Base):
    """The history: what was said, agreed, kept and ended, by whom; only ever added to."""

    __tablename__ = "strategy_steps"
    __table_args__ = (Index("ix_strategy_steps_strategy", "school_id", "strategy_id", "id"),)

    strategy_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # suggested | changed | agreed | kept | ended
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the words of this version, where it is a new one
    reason: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str]


class Tried(Signed, Base):
    """How it went, in one word and perhaps a line."""

    __tablename__ = "strategy_notes"
    __table_args__ = (Index("ix_strategy_notes_strategy", "school_id", "strategy_id", "id"),)

    strategy_id: Mapped[str] = mapped_column(String(36))
    how: Mapped[str] = mapped_column(String(20))  # helped | not-yet | not-tried
    line: Mapped[str]
