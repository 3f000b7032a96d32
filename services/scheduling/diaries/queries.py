"""What can be asked of diaries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.models import Booking, Engagement


def held_slots() -> sa.Subquery:
    """school_id and slot_id of each time that a meeting holds now, once, to join to."""
    return sa.select(Booking.school_id, Booking.slot_id).distinct().subquery("held_slot")


BUSY = sa.select(Booking.staff_id, Booking.starts_at, Booking.ends_at).where(
    Booking.staff_id.in_(sa.bindparam("staff", expanding=True)), Booking.ends_at > sa.bindparam("after"),
).order_by(Booking.starts_at)


def list_busy(uow: UnitOfWork, staff_ids: Collection[str],
              after: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    """When each of these teachers is somewhere, from that instant on."""
    found: dict[str, list[tuple[datetime, datetime]]] = {staff_id: [] for staff_id in staff_ids}
    for row in uow.rows(BUSY, staff=list(staff_ids), after=after):
        found[row.staff_id].append((row.starts_at, row.ends_at))
    return found


def engagements() -> sa.Subquery:
    """Where adults are beside their appointments, to look among.

    school_id, meeting_id, guardian_id, starts_at, ends_at, booked_at, room and site.
    """
    return sa.select(Engagement.school_id, Engagement.meeting_id, Engagement.guardian_id, Engagement.starts_at,
                     Engagement.ends_at, Engagement.booked_at, Engagement.room,
                     Engagement.site).subquery("engagement")


def slot_held(school_id: Any, holder_id: Any) -> sa.ScalarSelect[Any]:
    """The slot that this meeting holds, or one of several, as a value in another question; NULL where it holds none."""
    return sa.select(sa.func.min(Booking.slot_id)).where(
        Booking.school_id == school_id, Booking.appointment_id == holder_id).scalar_subquery()


def list_held(uow: UnitOfWork, holder_id: str) -> list[str]:
    """The slots that a meeting, or who waits for one, holds, in order."""
    return list(uow.all(sa.select(Booking.slot_id).where(Booking.appointment_id == holder_id)
                        .group_by(Booking.slot_id).order_by(sa.func.min(Booking.starts_at))))
