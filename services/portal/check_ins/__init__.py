"""Check-ins: short talks with families, done in one tap; when a family can talk; and how often school wishes to."""
