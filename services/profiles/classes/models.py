"""Tables of classes and enrolments."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class SchoolClass(Tenant, Base):
    __tablename__ = "classes"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    title: Mapped[str]
    status: Mapped[str]  # current | ended


class Enrolment(Tenant, Base):
    __tablename__ = "enrolments"
    __table_args__ = (Index("ix_enrolments_person", "school_id", "person_id"),)

    class_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    role: Mapped[str]  # pupil | teacher
