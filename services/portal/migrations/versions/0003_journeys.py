"""Pages that travel."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of tickets that wait."""
    op.create_table(
        "journeys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("from_school", sa.String(length=64), nullable=False),
        sa.Column("to_school", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("journey_id", sa.String(length=36), nullable=False),
        sa.Column("ticket", sa.String(length=100), nullable=False),
        sa.Column("agreed_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journeys")),
    )
    op.create_index(op.f("ix_journeys_account_id"), "journeys", ["account_id"], unique=False)
