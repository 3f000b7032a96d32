"""Talks: asking for one, going on with one of an evening, writing down what was agreed, and an evening in numbers."""
