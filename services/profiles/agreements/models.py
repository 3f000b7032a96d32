"""Tables of the agreement's versions and of what each has said to each. A version that was published never changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.signed import Signed
from services.profiles.tables import Base


class Agreement(Tenant, Base):
    """One version; the one without a day of publishing is being written."""

    __tablename__ = "agreements"
    __table_args__ = (Index("ix_agreements_number", "school_id", "number", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int]
    school: Mapped[list[str]] = mapped_column(JSON)  # what each promises, line by line
    home: Mapped[list[str]] = mapped_column(JSON)
    child: Mapped[list[str]] = mapped_column(JSON)
    revision: Mapped[int]  # of the draft
    written_by: Mapped[str] = mapped_column(String(36))
    written_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class AgreementAnswer(Signed, Base):
    """What an adult says about one child, or the child: for themselves alone."""

    __tablename__ = "agreement_answers"
    __table_args__ = (Index("ix_agreement_answers_pupil", "school_id", "pupil_id", "agreement_id", "voice", "author_id",
                            unique=True),)

    agreement_id: Mapped[str] = mapped_column(String(36))
    answer: Mapped[str] = mapped_column(String(20))  # agreed | not-now
    words: Mapped[str]
