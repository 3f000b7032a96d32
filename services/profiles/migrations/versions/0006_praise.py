"""Good news from every voice, the school's own strengths, and contact made as counts."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What staff had sent keeps its author and its time: the columns are renamed, so that no row is rewritten."""
    op.execute("ALTER TABLE praise RENAME COLUMN staff_id TO author_id")
    op.execute("ALTER TABLE praise RENAME COLUMN sent_at TO written_at")
    op.add_column("praise", sa.Column("voice", sa.String(length=10), nullable=False, server_default="school"))
    op.add_column("praise", sa.Column("audience", sa.String(length=10), nullable=False, server_default="all"))
    op.add_column("praise", sa.Column("passed_at", Utc(), nullable=True))
    op.create_table(
        "strengths",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=True),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("retired_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "key", name=op.f("pk_strengths")),
    )
    op.add_column("heard", sa.Column("last_other_at", Utc(), nullable=True))
    op.execute(  # whoever had good news before contact was noted has been heard of
        "INSERT INTO heard (school_id, pupil_id, last_at, last_good_at) SELECT school_id, pupil_id, MAX(written_at), "
        "MAX(written_at) FROM praise WHERE true GROUP BY school_id, pupil_id ON CONFLICT DO NOTHING")
    op.create_table(
        "contact_counts",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "week_on", "pupil_id", "kind", name=op.f("pk_contact_counts")),
    )
    op.create_table(
        "heard_settings",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_heard_settings")),
    )
