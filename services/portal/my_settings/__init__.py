"""One's own details, devices that are signed in, and how to put things right."""
