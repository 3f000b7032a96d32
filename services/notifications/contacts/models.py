"""Our own copy of what profiles says: people and where they are reached, pupils, the school, and who may do what."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from chassis.permissions import PermissionColumns
from services.notifications.tables import Base


class Contact(Tenant, Base):
    """An adult who can be told things: a guardian or a member of staff."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    hat: Mapped[str] = mapped_column(sa.String(10))
    given_name: Mapped[str] = mapped_column(sa.String(200))
    family_name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(320))
    language: Mapped[str | None] = mapped_column(sa.String(20))
    status: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int]


class Pupil(Tenant, Base):
    """A child, by the given name alone: no more is needed to tell whom something is about."""

    __tablename__ = "pupils"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int]


class School(Tenant, Base):
    """The school itself: its name on letters, its zone for times."""

    __tablename__ = "schools"

    name: Mapped[str] = mapped_column(sa.String(200))
    zone: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int]


class Permission(PermissionColumns, Base):
    __tablename__ = "permissions"
