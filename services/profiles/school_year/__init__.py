"""When school is open: terms, half-terms and days that are closed."""
