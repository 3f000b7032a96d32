"""Check-ins: a short call or chat between a teacher and a child's adult, so that nobody is forgotten."""
