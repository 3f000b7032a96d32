"""Whose family has not heard from school, for staff alone, and contact made class by class for a meeting of staff."""
