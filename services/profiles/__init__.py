"""Profiles: who is who, who may do what, and what we understand together about a child."""
