"""Which home of the child each adult was last said to be of."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was said yet: the next import of a roster, or a change of the pair, says it."""
    op.add_column("relationships", sa.Column("home_id", sa.String(length=36), nullable=True))
