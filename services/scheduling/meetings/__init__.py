"""Meetings outside evenings: somebody asks for a talk, or what an evening had no time for goes on another day."""
