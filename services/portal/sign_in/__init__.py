"""Signing in by a link or a code."""
