"""The relationship rule: which adult may do what for which child."""
