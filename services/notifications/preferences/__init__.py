"""Preferences: how each adult wants to be told."""
