"""Rosters: who is at which school, read from the files that schools really have."""
