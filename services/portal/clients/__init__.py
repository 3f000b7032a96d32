"""Typed clients of the services, over one port."""
