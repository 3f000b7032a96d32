"""Expectations: half a page from each class each half-term, what is learned there and how home can help."""
