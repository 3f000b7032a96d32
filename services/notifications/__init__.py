"""The notifications service: who is told what, how and when."""
