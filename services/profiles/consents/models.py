"""Tables of questions, of whom they are about, and of answers. Every change of an answer is kept for ever."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class Consent(Tenant, Base):
    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    title: Mapped[str]
    words: Mapped[str]
    class_ids: Mapped[list[str]] = mapped_column(JSON)
    needs: Mapped[str]  # one | all
    closes_on: Mapped[date]
    closes_at: Mapped[datetime]  # the end of that day where the school is: bites even if its timer is late
    asked_by: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ConsentPupil(Tenant, Base):
    """Whom a question is about: the children who were in its classes when it was asked."""

    __tablename__ = "consent_pupils"
    __table_args__ = (Index("ix_consent_pupils_pupil", "school_id", "pupil_id", "consent_id"),)

    consent_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)


class ConsentAnswer(Tenant, Base):
    """What an adult says now."""

    __tablename__ = "consent_answers"

    consent_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    answer: Mapped[str]  # yes | no
    note: Mapped[str]
    answered_at: Mapped[datetime]


class ConsentAnswerChange(Tenant, Base):
    """Each answer as it was given, the first one too; only ever added to."""

    __tablename__ = "consent_answer_changes"
    __table_args__ = (Index("ix_consent_answer_changes_consent", "school_id", "consent_id", "pupil_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    consent_id: Mapped[str] = mapped_column(String(36))
    pupil_id: Mapped[str] = mapped_column(String(36))
    guardian_id: Mapped[str] = mapped_column(String(36))
    answer: Mapped[str]
    note: Mapped[str]
    answered_at: Mapped[datetime]
