"""Which home of a child each adult is of, and when somebody of school last spoke with each adult."""

from __future__ import annotations

from alembic import op

from services.scheduling.migrations.columns import an_id, instant, number, table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of homes nothing is known until profiles says it; who was spoken with is known of check-ins that were held."""
    table("homes", [an_id("pupil_id"), an_id("guardian_id")], [an_id("home_id"), number("version")])
    table("spoken_with", [an_id("pupil_id"), an_id("guardian_id")], [instant("last_spoken_at")])
    op.execute("INSERT INTO spoken_with (school_id, pupil_id, guardian_id, last_spoken_at) "
               "SELECT school_id, pupil_id, guardian_id, MAX(changed_at) FROM checkins WHERE state = 'held' "
               "GROUP BY school_id, pupil_id, guardian_id")
