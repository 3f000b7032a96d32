"""The order of what is said of a loop's review meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count what was said; of loops that are there, a wish (1) and perhaps its end (2)."""
    op.add_column("partnerships", sa.Column("review_version", sa.Integer(), nullable=False, server_default="2"))
