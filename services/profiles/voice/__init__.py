"""The child's own voice: notes that are theirs until they say yes, and what they want to talk about."""
