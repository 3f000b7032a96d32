"""Codes that children sign in with, made by whoever teaches them."""
