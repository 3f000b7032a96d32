"""A review in which the adult has no part any more, and which stays as it was for its member of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now both have a part in each."""
    op.add_column("reviews", sa.Column("is_staffs_alone", sa.Boolean, nullable=False, server_default=sa.false()))
