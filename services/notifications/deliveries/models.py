"""One notice on one channel."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.notifications.tables import Base


class Delivery(Tenant, Base):
    """`due_at` is when it may be taken next: of a claimed one, when the claim runs out; at the end there is none.

    So the index of what is still to be done holds nothing else. Deliveries to one recipient with the same `letter_key`
    may share a letter; `letter_id` is the reference of the letter in which it was first tried, and stays.
    """

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    notice_id: Mapped[str] = mapped_column(sa.String(36))
    recipient_id: Mapped[str] = mapped_column(sa.String(36))
    recipient_hat: Mapped[str] = mapped_column(sa.String(10))
    pupil_id: Mapped[str | None] = mapped_column(sa.String(36))
    purpose: Mapped[str] = mapped_column(sa.String(40))
    channel: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(12))
    due_at: Mapped[datetime | None]
    attempts: Mapped[int]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.String(100))
    letter_key: Mapped[str] = mapped_column(sa.String(80))
    letter_id: Mapped[str | None] = mapped_column(sa.String(36))


sa.Index("ix_deliveries_due", Delivery.school_id, Delivery.due_at,
         sqlite_where=Delivery.due_at.is_not(None), postgresql_where=Delivery.due_at.is_not(None))
sa.Index("ix_deliveries_recipient", Delivery.school_id, Delivery.recipient_id,
         sqlite_where=Delivery.due_at.is_not(None), postgresql_where=Delivery.due_at.is_not(None))
sa.Index("ix_deliveries_notice", Delivery.school_id, Delivery.notice_id)
