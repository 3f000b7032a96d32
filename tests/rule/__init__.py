"""The relationship rule as a model, against the real services."""
