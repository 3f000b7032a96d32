"""Contact made, and the school's own calendar."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of contact, and a place for the school's terms."""
    op.add_column("schools", sa.Column("year", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "contacts",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_made", "contacts", ["school_id", "made_at"], unique=False)
    op.create_index("ix_contacts_pupil", "contacts", ["school_id", "pupil_id", "made_at"], unique=False)
    op.create_table(
        "heard",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("last_at", Utc(), nullable=False),
        sa.Column("last_good_at", Utc(), nullable=True),
        sa.Column("last_worry_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", name=op.f("pk_heard")),
    )
