"""What can be asked of good news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Pupil, StaffMember
from services.profiles.praise.models import Praise


def list_praise(uow: UnitOfWork, pupil_ids: Sequence[str], most: int = 20) -> list[dict[str, Any]]:
    """Good news about these children, newest first."""
    rows = uow.rows(
        sa.select(Praise, StaffMember, Pupil.given_name).join(StaffMember, StaffMember.id == Praise.staff_id)
        .join(Pupil, Pupil.id == Praise.pupil_id).where(Praise.pupil_id.in_(pupil_ids))
        .order_by(Praise.id.desc()).limit(most))
    return [{"id": praise.id, "pupil_id": praise.pupil_id, "strength": praise.strength, "sentence": praise.sentence,
             "staff_name": f"{member.given_name} {member.family_name}", "sent_at": praise.sent_at,
             "pupil_given_name": given_name} for praise, member, given_name in rows]
