"""Tables of resources: what there is of each at an evening, and which appointment uses it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Resource(Tenant, Base):
    """So many units of a kind, from one instant to another. An interpreter has a language."""

    __tablename__ = "resources"
    __table_args__ = (sa.Index("ix_resources_evening", "school_id", "evening_id"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    kind: Mapped[str] = mapped_column(sa.String(20))  # interpreter | bsl | step-free | longer | creche
    language: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(120))  # for the office: who or where it is
    units: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class ResourceUse(Tenant, Base):
    """An appointment has one unit, for its time."""

    __tablename__ = "resource_uses"
    __table_args__ = (sa.Index("ix_resource_uses_appointment", "school_id", "appointment_id"),)

    resource_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    appointment_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
