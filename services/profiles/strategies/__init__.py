"""Strategies: what home and school agree to do the same way, who does it, and whether it has helped."""
