"""Accounts elsewhere that open one here."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of connected accounts."""
    op.create_table(
        "connected_accounts",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("connected_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_connected_accounts")),
    )
    op.create_index("ix_connected_accounts_account_id", "connected_accounts", ["account_id", "provider"], unique=True)
