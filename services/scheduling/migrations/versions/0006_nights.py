"""The night itself: who is here, which talk is on, how late it is, and who was missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from services.scheduling.migrations.columns import an_id, index, instant, maybe, number, table, text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The night itself."""
    op.add_column("appointments", sa.Column("outcome", sa.String(10), nullable=False, server_default=""))
    table("night_arrivals", [an_id("evening_id"), an_id("guardian_id")], [
        instant("arrived_at"), text("noted_by", 36)])
    table("night_desks", [an_id("evening_id"), an_id("staff_id")], [number("minutes_late"), instant("said_at")])
    table("night_talks", [an_id("appointment_id")], [
        an_id("evening_id"), an_id("staff_id"), maybe("began_at", Utc), maybe("ended_at", Utc), instant("changed_at")])
    index("night_talks", "evening", "evening_id")
