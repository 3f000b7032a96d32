"""Passing something on to the safeguarding lead, and the lead's own locked room."""
