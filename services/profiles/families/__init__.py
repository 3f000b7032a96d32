"""The office's view: a family's adults and rights on one screen, and what must be looked at."""
