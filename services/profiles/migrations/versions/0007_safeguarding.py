"""Updates in full, and the locked room."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Updates in full, and the locked room."""
