"""Meetings outside evenings, and what calendars need of meetings that were given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from services.scheduling.migrations.columns import an_id, index, instant, maybe, table, text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Meetings outside evenings."""
    table("meetings", [an_id("id")], [
        an_id("pupil_id"), an_id("staff_id"), text("asked_by", 10), maybe("appointment_id", sa.String(36)),
        instant("asked_at")],
        sa.UniqueConstraint("school_id", "appointment_id", name="uq_meetings_school_id_appointment_id"))
    index("meetings", "pupil", "pupil_id")
    for column in (text("kind", 10, "review"), text("about", 500, ""), maybe("prefers", sa.String(10)),
                   maybe("was_starts_at", Utc), maybe("was_ends_at", Utc)):
        op.add_column("reviews", column)
