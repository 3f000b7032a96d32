"""The home-school agreement: read and answered by each for themselves; written and published by the office or head."""
