"""Pupils who sign in."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of the codes that children sign in with."""
    op.create_table(
        "pupil_codes",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", name=op.f("pk_pupil_codes")),
    )
    op.create_index("ix_pupil_codes_code_hash", "pupil_codes", ["school_id", "code_hash"], unique=True)
