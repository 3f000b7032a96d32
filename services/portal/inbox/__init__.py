"""What there is to tell."""
