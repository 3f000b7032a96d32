"""Our promises, for the head: what school has said it would do, and the day for it has gone by."""
