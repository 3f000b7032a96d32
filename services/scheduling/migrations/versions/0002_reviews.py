"""Reviews and check-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reviews and check-ins."""
    op.add_column("schools", sa.Column("year", sa.JSON(), nullable=False, server_default="{}"))
