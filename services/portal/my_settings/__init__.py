"""Language and devices."""
