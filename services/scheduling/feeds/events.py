"""Facts announced about feeds."""

from __future__ import annotations

from datetime import datetime

from chassis.envelope import Fact


def feed_ended(guardian_id: str, at: datetime, cause: str) -> Fact:
    """An adult's link opens nothing any more. Links leave no row behind: the instant is the version."""
    return Fact("tandem.scheduling.feed.ended.v1", guardian_id, int(at.timestamp() * 1000),
                {"guardian_id": guardian_id, "cause": cause})
