"""Tables of planning: a plan and how far it is, what each wish got in it, and changes that wait for a yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class Plan(Tenant, Base):
    """One search for a timetable. `rounds` and `millis` are what it took so far, `idle` minutes that families wait.

    `claimed_until`: the worker that searches says so again and again; when it no longer does, another begins anew.
    """

    __tablename__ = "plans"
    __table_args__ = (sa.Index("ix_plans_evening", "school_id", "evening_id"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[str] = mapped_column(sa.String(10))  # queued | running | ready | published | stopped | failed
    seed: Mapped[int]
    budget_s: Mapped[int]
    rounds_asked: Mapped[int | None]
    aims: Mapped[list[str]]
    requested_by: Mapped[str] = mapped_column(sa.String(36))
    stop_asked: Mapped[bool]
    created_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    rounds: Mapped[int]
    millis: Mapped[int]
    unmet: Mapped[int]
    idle: Mapped[int]
    summary: Mapped[dict[str, Any]]


class PlanWish(Tenant, Base):
    """What a wish got in a plan, and why. Wishes of adults who come together share a `talk_id`.

    `slot_ids` are in order of time; `adults` are who would come; `appointment_id` is set when the plan is published.
    """

    __tablename__ = "plan_wishes"
    __table_args__ = (sa.Index("ix_plan_wishes_guardian", "school_id", "guardian_id", "evening_id"),)

    plan_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    wish_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    guardian_id: Mapped[str] = mapped_column(sa.String(36))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    staff_id: Mapped[str] = mapped_column(sa.String(36))
    rank: Mapped[int]
    please_come: Mapped[bool]
    code: Mapped[str] = mapped_column(sa.String(40))
    facts: Mapped[dict[str, Any]]
    talk_id: Mapped[str | None] = mapped_column(sa.String(36))
    slot_ids: Mapped[list[str]]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    adults: Mapped[list[str]]
    appointment_id: Mapped[str | None] = mapped_column(sa.String(36))


class Replan(Tenant, Base):
    """Changes for lost times, as they were found at `basis`: what stood then, as one hash."""

    __tablename__ = "replans"
    __table_args__ = (sa.Index("ix_replans_evening", "school_id", "evening_id"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    evening_id: Mapped[str] = mapped_column(sa.String(36))
    cause: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(sa.String(10))  # ready | confirmed
    measure: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]]  # moved: appointment -> slot ids; dropped: appointments; lost: slots
    basis: Mapped[str] = mapped_column(sa.String(64))
    requested_by: Mapped[str] = mapped_column(sa.String(36))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
