"""Consents: one question to every home of some classes, answered by one adult or by all, each adult alone."""
