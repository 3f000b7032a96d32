"""Contacts: whom we may tell, where, and about whom; copied from profiles."""
