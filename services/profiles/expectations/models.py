"""Tables of the class page: the draft that staff write, and each page as it was published."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


@declarative_mixin
class ClassPageWords:
    """Half a page, in its parts."""

    learning: Mapped[str]
    expects: Mapped[str]
    routines: Mapped[str]
    help_one: Mapped[str]
    help_two: Mapped[str]
    help_three: Mapped[str]
    dates: Mapped[str]


class Expectation(ClassPageWords, Tenant, Base):
    """A class's page of one half-term as it stands for staff; families read what was published of it."""

    __tablename__ = "expectations"
    __table_args__ = (UniqueConstraint("school_id", "class_id", "half_term_on",
                                       name="uq_expectations_school_id_class_id_half_term_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    class_id: Mapped[str] = mapped_column(String(36))
    half_term_on: Mapped[date]  # the first day of the half-term
    version: Mapped[int]
    written_by: Mapped[str] = mapped_column(String(36))
    written_at: Mapped[datetime]
    published_version: Mapped[int | None]


class PublishedExpectation(ClassPageWords, Tenant, Base):
    """A page as it went out; only ever added to."""

    __tablename__ = "published_expectations"
    __table_args__ = (Index("ix_published_expectations_class", "school_id", "class_id", "half_term_on"),)

    expectation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[str] = mapped_column(String(36))
    half_term_on: Mapped[date]
    published_by: Mapped[str] = mapped_column(String(36))
    published_at: Mapped[datetime]
