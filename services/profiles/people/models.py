"""Tables of people. Ids are ours; what other systems call them stands in `aliases`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base


class School(Tenant, Base):
    __tablename__ = "schools"

    name: Mapped[str]
    zone: Mapped[str]
    accent: Mapped[str]
    year: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")  # terms and closed days (school_year)
    state_version: Mapped[int]  # counts what was published on the state topic; rises under this row's lock
    last_beat_at: Mapped[datetime | None]


class Pupil(Tenant, Base):
    __tablename__ = "pupils"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    year_group: Mapped[str]
    upn: Mapped[str | None]  # a sealed matching key: never in events, URLs, logs or e-mails
    status: Mapped[str]  # current | left


class Guardian(Tenant, Base):
    __tablename__ = "guardians"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str | None]
    prefers_voice: Mapped[bool]
    status: Mapped[str]  # current | ended


class StaffMember(Tenant, Base):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[str]  # current | ended


class Alias(Tenant, Base):
    __tablename__ = "aliases"
    __table_args__ = (Index("ix_aliases_own_id", "school_id", "own_id"),)

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    own_id: Mapped[str] = mapped_column(String(36))
