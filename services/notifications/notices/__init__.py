"""Notices: what there is to tell one person."""
