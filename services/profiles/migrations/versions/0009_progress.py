"""Progress notes and class pages."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of notes, of their answers, and of class pages."""
    op.create_table(
        "progress_notes", *_signed(), _id("class_id"), *_texts("strength", "goes", "next_step", "at_home"),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_progress_notes")))
    op.create_index("ix_progress_notes_pupil", "progress_notes", ["school_id", "pupil_id", "id"])
    op.create_index("ix_progress_notes_written", "progress_notes",
                    ["school_id", "author_id", "class_id", "written_at"])
    op.create_table(
        "progress_replies", *_signed(), _id("progress_id"), *_texts("words"),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_progress_replies")))
    op.create_index("ix_progress_replies_note", "progress_replies", ["school_id", "progress_id", "id"])
    op.create_table(
        "expectations", _school(), _id("id"), _id("class_id"), sa.Column("half_term_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False), _id("written_by"),
        sa.Column("written_at", Utc(), nullable=False), sa.Column("published_version", sa.Integer(), nullable=True),
        *_page(), sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_expectations")),
        sa.UniqueConstraint("school_id", "class_id", "half_term_on",
                            name=op.f("uq_expectations_school_id_class_id_half_term_on")))
    op.create_table(
        "published_expectations", _school(), _id("expectation_id"), sa.Column("version", sa.Integer(), nullable=False),
        _id("class_id"), sa.Column("half_term_on", sa.Date(), nullable=False), _id("published_by"),
        sa.Column("published_at", Utc(), nullable=False), *_page(),
        sa.PrimaryKeyConstraint("school_id", "expectation_id", "version", name=op.f("pk_published_expectations")))
    op.create_index("ix_published_expectations_class", "published_expectations",
                    ["school_id", "class_id", "half_term_on"])


def _school() -> sa.Column[Any]:
    return sa.Column("school_id", sa.String(length=64), nullable=False)


def _id(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=36), nullable=False)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _signed() -> list[sa.Column[Any]]:
    return [_school(), _id("id"), _id("pupil_id"), sa.Column("voice", sa.String(length=10), nullable=False),
            _id("author_id"), sa.Column("audience", sa.String(length=10), nullable=False),
            sa.Column("written_at", Utc(), nullable=False), sa.Column("passed_at", Utc(), nullable=True)]


def _page() -> list[sa.Column[Any]]:
    return _texts("learning", "expects", "routines", "help_one", "help_two", "help_three", "dates")
