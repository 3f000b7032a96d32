"""The child's own voice."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of notes, of who has read them, of topics, and of sealed notes that were opened."""
    op.create_table(
        "child_notes", *_signed(), _text("words", None), _instant("shared_at", True), _instant("withdrawn_at", True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_child_notes")))
    op.create_index("ix_child_notes_pupil", "child_notes", ["school_id", "pupil_id"], unique=False)
    op.create_table(
        "child_note_reads", _text("school_id", 64), _text("note_id"), _text("staff_id"), _instant("read_at"),
        sa.PrimaryKeyConstraint("school_id", "note_id", "staff_id", name=op.f("pk_child_note_reads")))
    op.create_table(
        "child_topics", *_signed(), _text("kind", 40), _text("words", None), _text("about_id", 36, True),
        _instant("removed_at", True), sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_child_topics")))
    op.create_index("ix_child_topics_pupil", "child_topics", ["school_id", "pupil_id"], unique=False)
    op.create_table(
        "sealed_openings", _text("school_id", 64), _text("id"), _text("pupil_id"), _text("staff_id"),
        _text("why", None), _text("child_told", 20), sa.Column("entry_ids", sa.JSON(), nullable=False),
        _instant("opened_at"), _instant("told_at", True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_sealed_openings")))
    op.create_index("ix_sealed_openings_pupil", "sealed_openings", ["school_id", "pupil_id"], unique=False)


def _text(name: str, length: int | None = 36, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _instant(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Utc(), nullable=nullable)


def _signed() -> tuple[sa.Column[Any], ...]:
    return (_text("school_id", 64), _text("id"), _text("pupil_id"), _text("voice", 10), _text("author_id"),
            _text("audience", 10), _instant("written_at"), _instant("passed_at", True))
