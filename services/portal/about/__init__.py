"""Help, accessibility, privacy and language."""
