"""Who waits because a plan could not meet their wish, in which order; and where held talks are."""

from __future__ import annotations

from alembic import op

from services.scheduling.migrations.columns import json, number, text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The rank of a wish that waits, and when its adult cannot come; where held talks are."""
    for column in (number("rank", "1"), json("not_times", "[]")):
        op.add_column("waiting", column)
    for column in (text("room", 120, ""), text("site", 60, "")):
        op.add_column("engagements", column)
