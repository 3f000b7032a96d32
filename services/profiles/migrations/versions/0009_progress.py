"""Progress notes and class pages."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Progress notes and class pages."""
