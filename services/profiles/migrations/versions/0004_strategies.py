"""Strategies and agreements."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=36), nullable=False)


def _school() -> sa.Column[Any]:
    return sa.Column("school_id", sa.String(length=64), nullable=False)


def _signed() -> list[sa.Column[Any]]:
    """The columns of what somebody has signed."""
    return [_school(), _id("id"), _id("pupil_id"), sa.Column("voice", sa.String(length=10), nullable=False),
            _id("author_id"), sa.Column("audience", sa.String(length=10), nullable=False),
            sa.Column("written_at", Utc(), nullable=False), sa.Column("passed_at", Utc(), nullable=True)]


def _words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables of strategies and of agreements."""
    _make_strategies()
    _make_agreements()


def _make_strategies() -> None:
    op.create_table(
        "strategies", *_signed(), sa.Column("kind", sa.String(length=40), nullable=False),
        *_words("what", "why", "at_home", "at_school", "by_child"), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_strategies")))
    op.create_index("ix_strategies_pupil", "strategies", ["school_id", "pupil_id", "id"], unique=False)
    op.create_index("ix_strategies_open", "strategies", ["school_id", "ended_at", "pupil_id"], unique=False)
    op.create_table(
        "strategy_sides", _school(), _id("strategy_id"), sa.Column("voice", sa.String(length=10), nullable=False),
        _id("person_id"), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreed_at", Utc(), nullable=True), sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "strategy_id", "voice", "person_id", name=op.f("pk_strategy_sides")))
    op.create_table(
        "strategy_steps", *_signed(), _id("strategy_id"), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False), sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True), *_words("words"),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_strategy_steps")))
    op.create_index("ix_strategy_steps_strategy", "strategy_steps", ["school_id", "strategy_id", "id"], unique=False)
    op.create_table(
        "strategy_notes", *_signed(), _id("strategy_id"), sa.Column("how", sa.String(length=20), nullable=False),
        *_words("line"), sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_strategy_notes")))
    op.create_index("ix_strategy_notes_strategy", "strategy_notes", ["school_id", "strategy_id", "id"], unique=False)


def _make_agreements() -> None:
    op.create_table(
        "agreements", _school(), _id("id"), sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("school", "home", "child")),
        sa.Column("revision", sa.Integer(), nullable=False), _id("written_by"),
        sa.Column("written_at", Utc(), nullable=False), sa.Column("published_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_agreements")))
    op.create_index("ix_agreements_number", "agreements", ["school_id", "number"], unique=True)
    op.create_table(
        "agreement_answers", *_signed(), _id("agreement_id"), sa.Column("answer", sa.String(length=20), nullable=False),
        *_words("words"), sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_agreement_answers")))
    op.create_index("ix_agreement_answers_pupil", "agreement_answers",
                    ["school_id", "pupil_id", "agreement_id", "voice", "author_id"], unique=True)
