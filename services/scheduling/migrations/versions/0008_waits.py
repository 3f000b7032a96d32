"""Who waits because a plan did not meet their wish; where held talks are; a class's teachers, found at once."""

from __future__ import annotations

from alembic import op

from services.scheduling.migrations.columns import json, number, text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The rank of a wish that waits, and when its adult cannot come; where held talks are; who teaches a class."""
    for column in (number("rank", "1"), json("not_times", "[]")):
        op.add_column("waiting", column)
    for column in (text("room", 120, ""), text("site", 60, "")):
        op.add_column("engagements", column)
    op.create_index("ix_class_members_role", "class_members", ["school_id", "class_id", "role"])
