"""Asking how deliveries went."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.notifications.deliveries.models import Delivery


def list_states(uow: UnitOfWork, notice_ids: Collection[str]) -> dict[str, str]:
    """The state of the newest delivery of each of these notices."""
    rows = uow.rows(sa.select(Delivery.notice_id, Delivery.state)
                    .where(Delivery.notice_id.in_(set(notice_ids))).order_by(Delivery.id))
    return {row.notice_id: row.state for row in rows}
