"""Partnerships."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def signed() -> list[sa.Column]:
    """The columns of everything that is signed."""
    return [
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("passed_at", Utc(), nullable=True),
    ]


def upgrade() -> None:
    """Make the tables of loops."""
    op.create_table(
        "partnerships", *signed(),
        sa.Column("is_child_in", sa.Boolean(), nullable=False),
        sa.Column("opening_id", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("follows_id", sa.String(length=36), nullable=True),
        sa.Column("reminded_at", Utc(), nullable=True),
        sa.Column("overdue_at", Utc(), nullable=True),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_partnerships")),
    )
    op.create_index("ix_partnerships_pupil", "partnerships", ["school_id", "pupil_id", "id"], unique=False)
    op.create_index("ix_partnerships_open", "partnerships", ["school_id", "closed_at", "review_on"], unique=False)
    op.create_table(
        "partnership_entries", *signed(),
        sa.Column("partnership_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column("about_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_partnership_entries")),
    )
    op.create_index("ix_partnership_entries_loop", "partnership_entries", ["school_id", "partnership_id", "id"],
                    unique=False)
    op.create_table(
        "partnership_steps", *signed(),
        sa.Column("partnership_id", sa.String(length=36), nullable=False),
        sa.Column("doer", sa.String(length=10), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=True),
        sa.Column("view_id", sa.String(length=36), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("marked_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_partnership_steps")),
    )
    op.create_index("ix_partnership_steps_loop", "partnership_steps", ["school_id", "partnership_id", "id"],
                    unique=False)
    op.create_index("ix_partnership_steps_pupil", "partnership_steps", ["school_id", "pupil_id", "state"],
                    unique=False)
    op.create_table(
        "partnership_joiners", *signed(),
        sa.Column("partnership_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("joined_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_partnership_joiners")),
    )
    op.create_index("ix_partnership_joiners_loop", "partnership_joiners", ["school_id", "partnership_id", "id"],
                    unique=False)
    op.create_index("ix_partnership_joiners_staff", "partnership_joiners", ["school_id", "staff_id", "partnership_id"],
                    unique=False)
    op.create_table(
        "partnership_meetings",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("partnership_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", Utc(), nullable=True),
        sa.Column("ends_at", Utc(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("news_at", Utc(), nullable=False),
        sa.Column("news_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "review_id", "guardian_id", name=op.f("pk_partnership_meetings")),
    )
    op.create_index("ix_partnership_meetings_loop", "partnership_meetings", ["school_id", "partnership_id"],
                    unique=False)
