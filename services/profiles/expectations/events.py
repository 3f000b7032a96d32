"""Facts announced here."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Fact
from services.profiles.expectations.models import Expectation


def expectation_published(page: Expectation, pupil_ids: Sequence[str], is_first: bool, after: int) -> Fact:
    """Families may read it. Adults are told when it comes out, and not again of each small change."""
    told = {"to": "adults"} if is_first else {}
    return Fact("tandem.profiles.expectation.published.v1", page.class_id, page.version, {
        "expectation_id": page.id, "class_id": page.class_id, "pupil_ids": list(pupil_ids), **told}, after=after)
