"""The one-page profile."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the page, its versions and readers, support, and journeys."""
    op.create_table(
        "about_entries",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("widest", sa.String(length=10), nullable=False),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("removed_at", Utc(), nullable=True),
        sa.Column("agreed_voice", sa.String(length=10), nullable=True),
        sa.Column("beside_id", sa.String(length=36), nullable=True),
        sa.Column("beside_voice", sa.String(length=10), nullable=True),
        sa.Column("beside_author_id", sa.String(length=36), nullable=True),
        sa.Column("from_school", sa.String(length=64), nullable=True),
        sa.Column("origin_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("passed_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_about_entries")),
    )
    op.create_index("ix_about_entries_pupil", "about_entries", ["school_id", "pupil_id"], unique=False)
    op.create_table(
        "about_versions",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("agreed_voice", sa.String(length=10), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("passed_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_about_versions")),
    )
    op.create_index("ix_about_versions_entry", "about_versions", ["school_id", "entry_id", "number"], unique=False)
    op.create_index("ix_about_versions_pupil", "about_versions", ["school_id", "pupil_id"], unique=False)
    op.create_table(
        "about_suggestions",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("passed_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_about_suggestions")),
    )
    op.create_index("ix_about_suggestions_entry", "about_suggestions", ["school_id", "entry_id", "state"], unique=False)
    op.create_index("ix_about_suggestions_pupil", "about_suggestions", ["school_id", "pupil_id", "state"], unique=False)
    op.create_table(
        "about_pages",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("review_asked_at", Utc(), nullable=True),
        sa.Column("reviewed_at", Utc(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", name=op.f("pk_about_pages")),
    )
    op.create_table(
        "about_readings",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", Utc(), nullable=True),
        sa.Column("chases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", "staff_id", name=op.f("pk_about_readings")),
    )
    op.create_index("ix_about_readings_staff", "about_readings", ["school_id", "staff_id"], unique=False)
    op.create_table(
        "about_support",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("plan_reference", sa.Text(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=36), nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", name=op.f("pk_about_support")),
    )
    op.create_table(
        "about_journeys",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("to_school", sa.String(length=64), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("agreed_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_about_journeys")),
    )
    op.create_index("ix_about_journeys_pupil", "about_journeys", ["school_id", "pupil_id"], unique=False)
    op.create_index("ix_about_journeys_ticket", "about_journeys", ["school_id", "ticket_hash"], unique=False)
