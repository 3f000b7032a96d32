"""Good news once a week."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each adult may have the good news of a week in one letter."""
    op.add_column("preferences", sa.Column("good_news", sa.String(length=12), nullable=False,
                                           server_default="as-it-comes"))
