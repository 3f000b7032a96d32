"""Whose family has heard from school, and of what: so that nobody is unseen and nobody only in trouble."""
