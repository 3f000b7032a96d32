"""Tables of people: a projection of profiles' state (`chassis.projections`)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from chassis.permissions import PermissionColumns
from services.scheduling.tables import Base


class School(Tenant, Base):
    __tablename__ = "schools"

    name: Mapped[str] = mapped_column(sa.String(200))
    zone: Mapped[str] = mapped_column(sa.String(60))
    year: Mapped[dict[str, Any]] = mapped_column(sa.JSON, server_default="{}")  # terms and closed days
    version: Mapped[int]


class Pupil(Tenant, Base):
    __tablename__ = "pupils"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(200))
    family_name: Mapped[str] = mapped_column(sa.String(200))
    year_group: Mapped[str] = mapped_column(sa.String(20), server_default="")
    status: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int]


class StaffMember(Tenant, Base):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(200))
    family_name: Mapped[str] = mapped_column(sa.String(200))
    roles: Mapped[list[str]]
    status: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int]


class SchoolClass(Tenant, Base):
    __tablename__ = "classes"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int]


class ClassMember(Tenant, Base):
    """Who is in a class now: a row per current person. `role` is pupil, teacher or staff."""

    __tablename__ = "class_members"
    __table_args__ = (sa.Index("ix_class_members_person", "school_id", "person_id"),
                      sa.Index("ix_class_members_role", "school_id", "class_id", "role"))

    class_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(10))


class Permission(PermissionColumns, Base):
    __tablename__ = "permissions"
    __table_args__ = (sa.Index("ix_permissions_holder", "school_id", "holder_id"),)


class Home(Tenant, Base):
    """Which of the child's homes an adult is of, by a name that says nothing; '' where it was not said.

    It is for taking turns, and no page or reply holds it.
    """

    __tablename__ = "homes"

    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    home_id: Mapped[str] = mapped_column(sa.String(36))
    version: Mapped[int]


class Support(Tenant, Base):
    """How often this child's adults and school should speak: 'usual' or 'closer' (`chassis.projections`)."""

    __tablename__ = "supports"

    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    reviews: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int]


class KeepApart(Tenant, Base):
    """Two adults who must not meet: the lesser id first. Of a pair that ended the row stays, and says so."""

    __tablename__ = "keep_apart"
    __table_args__ = (sa.Index("ix_keep_apart_second", "school_id", "second_id"),)

    first_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    second_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int]
