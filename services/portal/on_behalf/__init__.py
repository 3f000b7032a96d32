"""The office at a parents' evening for a family who rings or writes: all that a parent does, on their behalf."""
