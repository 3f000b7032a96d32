"""What the school holds about one's child, who opened it, and asking to have it."""
