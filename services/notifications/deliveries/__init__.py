"""Deliveries: one notice on one channel, on its way or arrived."""
