"""What there is to tell one person, newest first, from all their schools."""
