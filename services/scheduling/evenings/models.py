"""Tables of evenings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Evening(Tenant, Base):
    """An evening. Of one that is booked families choose times; of one that is planned they say what they wish, until
    `respond_by_on`, and then everybody's times are made at once: it is `open` before that, and `planned` after.
    """

    __tablename__ = "evenings"
    __table_args__ = (sa.Index("ix_evenings_starts_at", "school_id", "starts_at"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    way: Mapped[str] = mapped_column(sa.String(10), server_default="book")  # book | plan
    state: Mapped[str] = mapped_column(sa.String(10), server_default="open")  # draft | open | planned | cancelled
    aims: Mapped[list[str]] = mapped_column(sa.JSON, server_default="[]")  # what a plan seeks, most important first
    years: Mapped[list[str]] = mapped_column(sa.JSON, server_default="[]")  # invited whole, as they are when it opens
    copied_from: Mapped[str | None] = mapped_column(sa.String(36))
    version: Mapped[int] = mapped_column(server_default="1")
    held_on: Mapped[date]
    from_time: Mapped[str] = mapped_column(sa.String(5))  # as the school's clock shows it
    to_time: Mapped[str] = mapped_column(sa.String(5))
    slot_minutes: Mapped[int]
    respond_by_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    walk_room_minutes: Mapped[int] = mapped_column(server_default="2")  # from room to room
    walk_site_minutes: Mapped[int] = mapped_column(server_default="10")  # and from one site of the school to another


class EveningClass(Tenant, Base):
    __tablename__ = "evening_classes"
    __table_args__ = (sa.Index("ix_evening_classes_class", "school_id", "class_id"),)

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    class_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)


class EveningPupil(Tenant, Base):
    """A child who is invited beside those of the evening's classes: by year, or one by one."""

    __tablename__ = "evening_pupils"
    __table_args__ = (sa.Index("ix_evening_pupils_pupil", "school_id", "pupil_id"),)

    evening_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)


class Block(Tenant, Base):
    """A run of slots of one teacher in one room; `staff_id` is whose slots they are, `block_staff` all who sit there.
    `beside` are those of them who are not the owner: a talk here is in the diary of each.

    After `run` talks one after another there is a break (0: none). `open_to` is 'taught' (the children of those who sit
    there) or 'all' who are invited. `link` is the room for video calls.
    """

    __tablename__ = "evening_blocks"
    __table_args__ = (sa.Index("ix_evening_blocks_evening", "school_id", "evening_id"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    slot_minutes: Mapped[int]
    gap_minutes: Mapped[int]
    run: Mapped[int]
    break_minutes: Mapped[int]
    room: Mapped[str] = mapped_column(sa.String(120))
    site: Mapped[str] = mapped_column(sa.String(60))
    is_step_free: Mapped[bool]
    ways: Mapped[list[Any]] = mapped_column(sa.JSON)  # in-person | phone | video, the usual way first
    link: Mapped[str] = mapped_column(sa.String(300))
    open_to: Mapped[str] = mapped_column(sa.String(10))
    beside: Mapped[list[str]] = mapped_column(sa.JSON, server_default="[]")
    version: Mapped[int] = mapped_column(server_default="1")


class BlockStaff(Tenant, Base):
    """Who sits in a block."""

    __tablename__ = "block_staff"
    __table_args__ = (sa.Index("ix_block_staff_staff", "school_id", "staff_id"),)

    block_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    staff_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))


class Slot(Tenant, Base):
    """One teacher, free for one family, at one time."""

    __tablename__ = "slots"
    __table_args__ = (sa.UniqueConstraint("school_id", "evening_id", "staff_id", "starts_at"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    block_id: Mapped[str] = mapped_column(sa.String(36), server_default="")
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
