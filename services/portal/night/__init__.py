"""The night of an evening: a teacher's run of it, a family's way through it, and the door."""
