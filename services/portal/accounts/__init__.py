"""Accounts, memberships and sessions: who can sign in, and as whom."""
