"""Facts announced here."""

from __future__ import annotations

from chassis.envelope import Fact


def delivery_withdrawn(delivery_id: str, notice_id: str, cause: str) -> Fact:
    """What was on its way will not be sent: the right to it ended, the child left, or what it tells of is over."""
    return Fact("tandem.notifications.delivery.withdrawn.v1", delivery_id, 1,
                {"delivery_id": delivery_id, "notice_id": notice_id, "cause": cause})
