"""Staff pages: today, a class, a child, an update from home, one's own evening."""
