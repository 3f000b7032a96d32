"""The locked room: what was passed on to a safeguarding lead, kept as it was, added to and handed over."""
