"""Good news from staff."""
