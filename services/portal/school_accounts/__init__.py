"""Signing in with an account that the school already gives: connected once, then one button."""
