"""What can be asked of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.profiles.policy.models import PolicyVersion


def list_versions(uow: UnitOfWork, known_at: datetime | None = None) -> Sequence[PolicyVersion]:
    """The versions that had been entered at an instant, in the order of their numbers."""
    wanted = sa.select(PolicyVersion).order_by(PolicyVersion.number)
    return uow.all(wanted if known_at is None else wanted.where(PolicyVersion.entered_at <= known_at))


def list_effective(versions: Sequence[PolicyVersion], at: datetime) -> Sequence[PolicyVersion]:
    """Those that hold at an instant or may hold later; what a begun version has replaced can never hold again."""
    begun = max((row.number for row in versions if row.starts_at <= at), default=0)
    return [row for row in versions if row.number >= begun]
