"""Addresses by when they were last shown to be read."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find who came in the last minutes."""
    op.create_index("ix_identifiers_verified_at", "identifiers", ["verified_at"], unique=False)
